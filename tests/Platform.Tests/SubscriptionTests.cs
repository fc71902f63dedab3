using Billing.Testing;
using FluentAssertions;
using JasperFx.Events.Projections;
using Marten;
using Marten.Services;

namespace Billing.Platform.Tests;

public sealed class SubscriptionTests
{
    [Fact]
    public async Task Two_instances_share_the_work_without_doing_any_of_it_twice()
    {
        await using var process = await Process.Start();
        await process.Run("create table seen (sequence bigint)");
        SubscriptionHost[] instances = [await process.Follow(new Collector()), await process.Follow(new Collector())];

        await Task.WhenAll(Enumerable.Range(0, 500).Select(i => process.PutIn($"p{i}", $"s{i}")));

        await Eventually.Is(
            500L, () => process.Ask<long>("select count(distinct sequence) from seen"), "what was seen");
        await Task.WhenAll(instances.Select(instance => instance.StopAsync(default)));
        (await process.Ask<long>("select count(*) from seen")).Should().Be(500);
        (await process.Ask<long>("select last_seq_id from mt_event_progression where name = 'Collector:All'")).Should()
            .Be(500);
    }

    [Fact]
    public async Task A_page_that_fails_is_tried_again_and_leaves_nothing_behind()
    {
        await using var process = await Process.Start();
        await process.Run("create table seen (sequence bigint)");
        await process.PutIn("a", "s1");
        var collector = new Collector { FailuresLeft = 1 };
        using var instance = await process.Follow(collector);

        await Eventually.Is(1L, () => process.Ask<long>("select count(*) from seen"), "what was seen");
        await instance.StopAsync(default);
        collector.FailuresLeft.Should().BeNegative();
    }

    [Fact]
    public async Task A_page_that_runs_out_of_time_by_itself_is_tried_again()
    {
        await using var process = await Process.Start();
        await process.Run("create table seen (sequence bigint)");
        await process.PutIn("a", "s1");
        using var instance = await process.Follow(
            new Collector { FailuresLeft = 1, Fault = new OperationCanceledException("by its own clock") });

        await Eventually.Is(1L, () => process.Ask<long>("select count(*) from seen"), "what was seen");
        instance.Obstacles.Latest("Collector:All", TimeSpan.FromMinutes(1)).Should().StartWith(
            "Collector gave a page up", "Marten must not take it for its own end");
        await instance.StopAsync(default);
    }

    [Fact]
    public async Task An_agent_that_lost_track_is_noticed_and_begins_again()
    {
        await using var process = await Process.Start();
        await process.Run("create table seen (sequence bigint)");
        await process.PutIn("a", "s1");
        using var instance = await process.Follow(new Collector { LosesTrack = true });

        await Eventually.Is(
            1L, () => process.Ask<long>("select count(*) from seen"), "what was seen", TimeSpan.FromSeconds(90));
        await instance.StopAsync(default);
    }

    [Fact]
    public async Task A_subscription_that_is_set_back_handles_everything_once_more()
    {
        await using var process = await Process.Start();
        await process.Run("create table seen (sequence bigint)");
        using var instance = await process.Follow(new Collector());
        await process.PutIn("a", "s1");
        await process.PutIn("a", "s2");
        await Eventually.Is(2L, () => process.Ask<long>("select count(*) from seen"), "what was seen");

        await process.Run("update mt_event_progression set last_seq_id = 0 where name = 'Collector:All'");
        await Eventually.Is(4L, () => process.Ask<long>("select count(*) from seen"), "what was seen again");
        await process.Run("update mt_event_progression set last_seq_id = 1 where name = 'Collector:All'");
        await Eventually.Is(5L, () => process.Ask<long>("select count(*) from seen"), "what was seen a third time");
        await instance.StopAsync(default);
    }

    /// <summary>As a version would leave them that this one does not know, and as no version would.</summary>
    [Theory]
    [InlineData("unheard-of.v1", "Nope.Event, Nope", """{"slip":"x","fen":1}""")]
    [InlineData("money-put-in.v1", "Billing.Platform.Tests.MoneyPutIn, Platform.Tests", """{"slip":"x","fen":"one"}""")]
    public async Task An_event_that_nobody_can_read_is_waited_for_and_never_skipped(
        string name, string type, string data)
    {
        await using var process = await Process.Start();
        await process.Run("create table seen (sequence bigint)");
        using var instance = await process.Follow(new Collector());
        await process.PutIn("a", "s1");
        await Eventually.Is(1L, () => process.Ask<long>("select count(*) from seen"), "what was seen");

        await process.Run($"""
            with moved as (update mt_streams set version = 2 returning id)
            insert into mt_events (seq_id, id, stream_id, version, data, type, mt_dotnet_type)
            select nextval('mt_events_sequence'), gen_random_uuid(), id, 2, '{data}', '{name}', '{type}' from moved
            """);
        await process.PutIn("b", "s3");
        await Task.Delay(3_000);
        (await process.Ask<long>("select count(*) from seen")).Should().Be(1, "the event holds the others");
        await process.Run("""
            update mt_events set type = 'money-put-in.v1', data = '{"slip":"x","fen":1}',
              mt_dotnet_type = 'Billing.Platform.Tests.MoneyPutIn, Platform.Tests' where version = 2
            """);
        await Eventually.Is(3L, () => process.Ask<long>("select count(*) from seen"), "what was seen in the end");
        await instance.StopAsync(default);
    }

    /// <summary>Marten joins the streams to each page: a plan that hashes them reads all of them every time.</summary>
    [Fact]
    public async Task A_page_reads_the_streams_of_its_events_and_no_others()
    {
        await using var process = await Process.Start();
        await process.Run("""
            create table seen (sequence bigint);
            insert into mt_streams (id, type, version)
            select 'purse-' || n, 'purse', 1 from generate_series(1, 40000) n;
            insert into mt_events (seq_id, id, stream_id, version, data, type, mt_dotnet_type)
            select nextval('mt_events_sequence'), gen_random_uuid(), 'purse-' || n, 1,
              jsonb_build_object('slip', n::text, 'fen', 1), 'money-put-in.v1',
              'Billing.Platform.Tests.MoneyPutIn, Platform.Tests'
            from generate_series(1, 40000) n;
            insert into mt_event_progression (name, last_seq_id) values ('Collector:All', 34000);
            analyze mt_streams, mt_events;
            """);
        var (scanned, lookedUp) = (await OfStreams("seq_tup_read"), await OfStreams("idx_scan"));
        using var instance = await process.Follow(new Collector());
        await Eventually.Is(6_000L, () => process.Ask<long>("select count(*) from seen"), "what was seen");
        await instance.StopAsync(default);
        Database.Forget(process.Readers);

        await Eventually.Is(
            true, async () => await OfStreams("idx_scan") >= lookedUp + 6_000, "whether each was looked up by its key");
        (await OfStreams("seq_tup_read")).Should().Be(scanned);

        Task<long> OfStreams(string what) =>
            process.Ask<long>($"select {what} from pg_stat_user_tables where relname = 'mt_streams'");
    }

    [Fact]
    public async Task A_commit_of_another_process_wakes_the_reader()
    {
        await using var process = await Process.Start();
        await using var other = await Process.Start(AppendTests.TestConnection(process));
        await process.Run("create table seen (sequence bigint)");
        using var instance = await process.Follow(new Collector());
        await other.PutIn("warm", "up");
        await Eventually.Is(1L, () => process.Ask<long>("select count(*) from seen"), "what was seen");

        var next = process.Signal.Next;
        await other.PutIn("a", "s1");

        await next.WaitAsync(TimeSpan.FromSeconds(10));
        await instance.StopAsync(default);
    }

    private sealed class Collector() : Subscription("Collector")
    {
        public int FailuresLeft { get; set; }

        public Exception Fault { get; init; } = new InvalidOperationException("as ordered");

        public bool LosesTrack { get; set; }

        // Marten takes it for its own end, says nothing, and the agent runs on without ever reading again.
        internal override Task<IChangeListener> Process(
            EventRange page, IDocumentOperations operations, CancellationToken cancellationToken)
        {
            if (!LosesTrack)
                return base.Process(page, operations, cancellationToken);
            LosesTrack = false;
            throw new OperationCanceledException();
        }

        protected override Task Handle(
            IReadOnlyList<StoredEvent> events, IDocumentOperations page, CancellationToken stopping)
        {
            page.QueueSqlCommand(
                "insert into seen select unnest(?::bigint[])", events.Select(e => e.Sequence).ToArray());
            return FailuresLeft-- > 0 ? throw Fault : Task.CompletedTask;
        }
    }
}
