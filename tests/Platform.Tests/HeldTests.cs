using System.Reflection;
using Billing.Testing;
using FluentAssertions;
using Marten;
using MassTransit;
using Npgsql;

namespace Billing.Platform.Tests;

/// <summary>Whoever holds something for long holds up himself; others only as long as the server lets it.</summary>
public sealed class HeldTests
{
    [Fact]
    public async Task Streams_that_somebody_holds_do_not_hold_the_commands_on_others()
    {
        await using var process = await Process.Start();
        for (var i = 0; i < 8; i++)
            await process.PutIn($"p{i}", $"first{i}");
        await using var holder = await process.Source.OpenConnectionAsync();
        await using var transaction = await holder.BeginTransactionAsync();
        await using (var hold = new NpgsqlCommand(
            "select id from mt_streams where id in ('purse-p0', 'purse-p1') for update", holder))
            await hold.ExecuteNonQueryAsync();

        var held = new[] { process.PutIn("p0", "held0"), process.PutIn("p1", "held1") };
        var others = await Task.WhenAll(Enumerable.Range(2, 6).Select(i => process.PutIn($"p{i}", $"other{i}")));

        others.Should().OnlyContain(other => other.Changed);
        held.Should().OnlyContain(one => !one.IsCompleted);
        await transaction.RollbackAsync();
        (await Task.WhenAll(held)).Should().OnlyContain(one => one.Changed);
    }

    [Fact]
    public async Task A_writer_that_hangs_in_its_transaction_soon_holds_no_reader_any_more_and_does_its_work_again()
    {
        await using var process = await Process.Start();
        await process.Run("create table seen (sequence bigint)");
        using var host = await process.Follow(new Recorder());
        var attempts = 0;
        var hanging = process.Store.Bulk([TestAccount.Stream("hung").Id], async session =>
        {
            session.Append(TestAccount.Stream("hung"), TestAccount.Type.Fold([]), [new MoneyPutIn("hung", 1)]);
            await using var number = new NpgsqlCommand("select nextval('mt_events_sequence')", session.Connection);
            await number.ExecuteScalarAsync();
            if (++attempts == 1)
                await Task.Delay(TimeSpan.FromSeconds(14));
            return attempts;
        });
        await Eventually.Holds(() => Task.FromResult(attempts == 1), "the writer hangs");
        await process.PutIn("other", "s1");

        await Eventually.Is(
            1L, () => process.Ask<long>("select count(*) from seen"), "what was seen", TimeSpan.FromSeconds(13));
        hanging.IsCompleted.Should().BeFalse();
        (await hanging).Should().Be(2);
        await Eventually.Is(2L, () => process.Ask<long>("select count(*) from seen"), "what was seen in the end");
        await host.StopAsync(default);
    }

    [Fact]
    public async Task Nobody_comes_between_what_a_bulk_session_reads_of_its_streams_and_what_it_writes()
    {
        await using var process = await Process.Start();
        await process.PutIn("a", "s1", 5);
        var (begun, goOn, attempts) = (new TaskCompletionSource(), new TaskCompletionSource(), 0);
        var bulk = process.Store.Bulk([TestAccount.Stream("a").Id], async session =>
        {
            attempts++;
            var states = await session.Load(TestAccount.Type);
            begun.TrySetResult();
            await goOn.Task;
            return session.Append(TestAccount.Stream("a"), states["purse-a"], [new MoneyPutIn("s2", 7)]).Fen;
        });
        await begun.Task;
        var single = process.PutIn("a", "s3", 9);
        await Eventually.Is(
            1L, () => process.Ask<long>("""
                select count(*) from pg_stat_activity
                where datname = current_database() and wait_event_type = 'Lock'
                """), "who waits for the bulk session");

        goOn.SetResult();

        ((await bulk), attempts).Should().Be((12, 1));
        (await single).State.Fen.Should().Be(21);
    }

    [Fact]
    public async Task A_publish_that_hangs_is_given_up_and_tried_again()
    {
        await using var process = await Process.Start();
        var bus = DispatchProxy.Create<IBus, HungBus>();
        using var host = await process.Follow(new Relay(
            new OutboundMap().Single<MoneyPutIn, PutInFacts>((_, _) => new([])), bus,
            process.Source));

        await process.PutIn("a", "s1");

        await Eventually.Holds(
            () => Task.FromResult(((HungBus)bus).Publishes > 1), "the relay asks once more", TimeSpan.FromSeconds(90));
        await host.StopAsync(default);
    }

    [Fact]
    public async Task A_reader_that_hangs_in_its_transaction_soon_holds_nobody_who_leads_after_it()
    {
        await using var process = await Process.Start();
        await process.Run("""
            create table seen (sequence bigint);
            insert into mt_event_progression (name, last_seq_id) values ('Recorder:All', 1)
            """);
        await process.PutIn("a", "s1");
        await process.PutIn("a", "s2");
        await using var hanging = await process.Readers.OpenConnectionAsync();
        await using var page = new NpgsqlCommand(
            "begin; update mt_event_progression set last_seq_id = 1", hanging);
        await page.ExecuteNonQueryAsync();

        using var host = await process.Follow(new Recorder());

        await Eventually.Is(
            1L, () => process.Ask<long>("select count(*) from seen"), "what was seen", TimeSpan.FromSeconds(20));
        await host.StopAsync(default);
        var goOn = () => hanging.CloseAsync();
        (await goOn.Should().ThrowAsync<PostgresException>()).Which.SqlState.Should().Be(Faults.IdleInTransaction);
    }

    [Fact]
    public async Task A_look_for_the_position_that_gets_no_answer_ends_and_is_told_of()
    {
        await using var process = await Process.Start();
        await process.Run("create table seen (sequence bigint)");
        await process.PutIn("a", "s1");
        using var host = await process.Follow(new Recorder());
        await Eventually.Is(1L, () => process.Ask<long>("select count(*) from seen"), "what was seen");
        await using var holder = new NpgsqlConnection(AppendTests.TestConnection(process));
        await holder.OpenAsync();
        await using (var hold = new NpgsqlCommand("begin; alter sequence mt_events_sequence rename to held", holder))
            await hold.ExecuteNonQueryAsync();

        await Eventually.Holds(
            () => Task.FromResult(host.Obstacles.Latest("Recorder:All", TimeSpan.FromMinutes(1)) is not null),
            "it gives up before Marten takes it for dead", TimeSpan.FromSeconds(25));
        await holder.CloseAsync();
        await process.PutIn("a", "s2");

        await Eventually.Is(2L, () => process.Ask<long>("select count(*) from seen"), "what was seen in the end");
        await host.StopAsync(default);
    }

    [Fact]
    public async Task Numbers_that_went_back_are_noticed()
    {
        await using var process = await Process.Start();
        await process.PutIn("a", "s1");
        var positions = new SafePosition(process.Source);
        (await positions.Look()).Should().Be(1);
        await process.Run("select setval('mt_events_sequence', 1, false)");

        var look = () => positions.Look();

        (await look.Should().ThrowAsync<InvalidOperationException>()).WithMessage("*went back*");
    }

    [Fact]
    public async Task A_progress_beyond_all_numbers_publishes_nothing_silently_and_goes_on_when_it_is_put_right()
    {
        await using var process = await Process.Start();
        await process.Run("create table seen (sequence bigint)");
        await process.PutIn("a", "s1");
        using var host = await process.Follow(new Recorder());
        await Eventually.Is(1L, () => process.Ask<long>("select count(*) from seen"), "what was seen");
        await process.Run("update mt_event_progression set last_seq_id = 100");
        await Eventually.Holds(
            async () => await process.Ask<bool>("select until < clock_timestamp() from lease"),
            "the leader gives up, and says why");

        await process.PutIn("a", "s2");
        await process.Run("update mt_event_progression set last_seq_id = 1");

        await Eventually.Is(2L, () => process.Ask<long>("select count(*) from seen"), "what was seen in the end");
        await host.StopAsync(default);
    }

    [Fact]
    public async Task What_is_looked_through_includes_all_that_was_given_out_before()
    {
        await using var process = await Process.Start();
        await process.PutIn("a", "s1");
        await using var writer = await process.Source.OpenConnectionAsync();
        await using var transaction = await writer.BeginTransactionAsync();
        await using (var number = new NpgsqlCommand("select nextval('mt_events_sequence')", writer))
            await number.ExecuteScalarAsync();
        await process.PutIn("b", "s2");

        var looking = new SafePosition(process.Source).LookThrough();
        await transaction.RollbackAsync();

        (await looking).Should().Be(3);
    }

    /// <summary>Does what RabbitMQ.Client 7.1 did: never answers, and does not look at the token.</summary>
    public class HungBus : DispatchProxy
    {
        public int Publishes { get; private set; }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            Publishes++;
            return new TaskCompletionSource().Task;
        }
    }

    private sealed class Recorder() : Subscription("Recorder")
    {
        protected override Task Handle(
            IReadOnlyList<StoredEvent> events, IDocumentOperations page, CancellationToken stopping)
        {
            page.QueueSqlCommand(
                "insert into seen select unnest(?::bigint[])", events.Select(e => e.Sequence).ToArray());
            return Task.CompletedTask;
        }
    }
}
