using System.Diagnostics;
using Billing.Testing;
using FluentAssertions;
using Npgsql;

namespace Billing.Platform.Tests;

/// <summary>Only one leads, and who hangs or is cut off has lost it within five seconds.</summary>
public sealed class LeaseTests
{
    [Fact]
    public async Task Only_one_leads_and_a_given_up_leadership_is_taken_at_once()
    {
        await using var process = await Process.Start();
        var first = await Lease.Take(process.Source, "it", default);
        var waiting = Lease.Take(process.Source, "it", default);
        for (var i = 0; i < 5; i++)
        {
            (await first.Renew()).Should().BeTrue();
            await Task.Delay(300);
        }
        waiting.IsCompleted.Should().BeFalse();

        await first.DisposeAsync();
        await using var second = await waiting.WaitAsync(TimeSpan.FromSeconds(30));

        second.Epoch.Should().BeGreaterThan(first.Epoch);
    }

    [Fact]
    public async Task A_leader_that_hangs_has_lost_it_by_its_own_clock_before_another_leads()
    {
        await using var process = await Process.Start();
        var hangs = await Lease.Take(process.Source, "it", default);
        var since = Stopwatch.GetTimestamp();
        var lost = new TaskCompletionSource<TimeSpan>();
        hangs.Lost.Register(() => lost.TrySetResult(Stopwatch.GetElapsedTime(since)));

        await using var next = await Lease.Take(process.Source, "it", default);
        var taken = Stopwatch.GetElapsedTime(since);

        (await lost.Task.WaitAsync(TimeSpan.FromSeconds(1))).Should().BeLessThan(taken);
        Lease.Length.Should().BeLessThan(TimeSpan.FromSeconds(5));
        (await hangs.Renew()).Should().BeFalse("somebody else leads");
        (await next.Renew()).Should().BeTrue();
    }

    [Fact]
    public async Task A_leader_that_cannot_reach_the_database_stops_and_is_replaced()
    {
        await using var direct = await Process.Start();
        var cutter = new ConnectionCutter(AppendTests.TestConnection(direct));
        await using var cut = NpgsqlDataSource.Create(cutter.ConnectionString);
        var alone = await Lease.Take(cut, "it", default);
        await cutter.DisposeAsync();

        await using var next = await Lease.Take(direct.Source, "it", default).WaitAsync(TimeSpan.FromSeconds(30));

        (await alone.Renew()).Should().BeFalse();
        alone.Lost.IsCancellationRequested.Should().BeTrue();
    }

    [Fact]
    public async Task A_page_of_a_leader_that_was_replaced_is_not_written()
    {
        await using var process = await Process.Start();
        await process.Run("create table seen (sequence bigint)");
        await process.PutIn("a", "s1");
        using var slow = new SlowReader();
        using var host = await process.Follow(slow);
        await slow.Reading.Task.WaitAsync(TimeSpan.FromSeconds(10));
        // As if this process had been stopped in the middle of a page: somebody else leads, and has moved on.
        await process.Run("""
            update lease set epoch = epoch + 1, holder = 'another', until = clock_timestamp() + interval '1 hour';
            insert into seen values (1);
            insert into mt_event_progression (name, last_seq_id) values ('Slow:All', 1)
            """);

        slow.GoOn.Release();
        await Task.Delay(1_500);

        (await process.Ask<long>("select count(*) from seen")).Should().Be(1);
        await host.StopAsync(default);
    }

    [Fact]
    public async Task A_progress_that_somebody_else_moved_is_not_taken_for_ones_own()
    {
        await using var process = await Process.Start();
        await process.Run("create table seen (sequence bigint)");
        await process.Run("insert into mt_event_progression (name, last_seq_id) values ('Slow:All', 1)");
        await process.PutIn("a", "s1");
        await process.PutIn("a", "s2");
        using var slow = new SlowReader();
        using var host = await process.Follow(slow);
        await slow.Reading.Task.WaitAsync(TimeSpan.FromSeconds(10));
        // The lease is still ours; the very page was written by other means.
        await process.Run("insert into seen values (2); update mt_event_progression set last_seq_id = 2");

        slow.GoOn.Release(10);
        await Task.Delay(1_500);

        (await process.Ask<long>("select count(*) from seen")).Should().Be(1);
        await host.StopAsync(default);
    }

    [Theory]
    [InlineData(0, true, null)]
    [InlineData(1, true, "leads no longer")]
    [InlineData(0, false, "moved by somebody else")]
    public async Task The_fence_lets_through_who_leads_now_and_has_moved_the_progress_itself(
        int epochsLater, bool moves, string? refusal)
    {
        await using var process = await Process.Start();
        await process.Run("""
            insert into lease (name, holder, epoch, until) values ('it', 'me', 7, now() + interval '1 hour');
            insert into mt_event_progression (name, last_seq_id) values ('Slow:All', 5)
            """);
        var page = () => process.Run($"""
            begin;
            {(moves ? "update mt_event_progression set last_seq_id = 5 where name = 'Slow:All';" : "")}
            select refuse_stale_reader('Slow:All', 5, 'it', {7 - epochsLater});
            commit
            """);

        if (refusal is null)
            await page.Should().NotThrowAsync();
        else
            (await page.Should().ThrowAsync<PostgresException>()).Which.MessageText.Should().EndWith(refusal);
    }

    private sealed class SlowReader() : Subscription("Slow"), IDisposable
    {
        public TaskCompletionSource Reading { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public SemaphoreSlim GoOn { get; } = new(0);

        public void Dispose() => GoOn.Dispose();

        protected override async Task Handle(
            IReadOnlyList<StoredEvent> events, Marten.IDocumentOperations page, CancellationToken stopping)
        {
            Reading.TrySetResult();
            await GoOn.WaitAsync(CancellationToken.None);
            page.QueueSqlCommand(
                "insert into seen select unnest(?::bigint[])", events.Select(e => e.Sequence).ToArray());
        }
    }
}
