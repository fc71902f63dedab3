using Billing.Testing;
using FluentAssertions;
using Npgsql;

namespace Billing.Platform.Tests;

/// <summary>
/// How a rebuild holds the streams while it swaps: against whoever appends, and nobody else. It is kept there by a
/// reader of one of its tables.
/// </summary>
public sealed class RebuildLockTests
{
    [Fact]
    public async Task Who_reads_a_stream_does_not_wait_for_a_rebuild_and_who_appends_does()
    {
        await using var process = await Process.Start();
        await process.PutIn("a", "s1", 5);
        await using var reader = await Reader.Of(process);
        var rebuild = Rebuild.Run(process.Source, Purse.Type);
        await HoldsTheStreams(process);

        var seen = await process.Store.Load(Purse.Stream("a")).WaitAsync(TimeSpan.FromSeconds(10));
        var appending = process.PutIn("a", "s2", 7);

        seen.State.Fen.Should().Be(5);
        await Eventually.Is(2L, () => Waiting(process), "who waits: the rebuild for its reader, the command for it");
        await reader.Leave();
        (await rebuild).Should().Be(1);
        (await appending).State.Fen.Should().Be(12);
        (await process.Ask<long>("select fen from purse")).Should().Be(12);
    }

    [Fact]
    public async Task A_run_that_has_locked_its_streams_and_a_rebuild_do_not_wait_for_each_other()
    {
        await using var process = await Process.Start();
        await process.PutIn("a", "s1", 5);
        var (begun, goOn, attempts) = (new TaskCompletionSource(), new TaskCompletionSource(), 0);
        var run = process.Store.Bulk([Purse.Stream("a").Id, Purse.Stream("b").Id], async session =>
        {
            attempts++;
            begun.TrySetResult();
            await goOn.Task;
            session.Append(Purse.Stream("a"), Purse.Type.Fold([new MoneyPutIn("s1", 5)]), [new MoneyPutIn("s2", 7)]);
            session.Append(Purse.Stream("b"), Purse.Type.Fold([]), [new MoneyPutIn("s3", 9)]);
            return session.Appended;
        });
        await begun.Task;
        await using var reader = await Reader.Of(process);
        var rebuild = Rebuild.Run(process.Source, Purse.Type);
        await HoldsTheStreams(process);

        goOn.SetResult();
        await Eventually.Is(
            2L, () => Waiting(process), "who waits: the rebuild for its reader, the run for the rebuild");
        await reader.Leave();

        (await rebuild).Should().Be(1);
        ((await run), attempts).Should().Be((2, 1), "nobody was given up for the other");
        (await process.Ask<string>("select string_agg(fen::text, ',' order by purse) from purse")).Should().Be("12,9");
        (await process.Ask<long>("select count(*) from slip")).Should().Be(3);
    }

    private static Task HoldsTheStreams(Process process) => Eventually.Holds(
        () => process.Ask<bool>("""
            select exists (select from pg_locks where relation = 'mt_streams'::regclass and granted
              and mode = 'ShareRowExclusiveLock')
            """), "the rebuild holds the streams");

    private static Task<long> Waiting(Process process) => process.Ask<long>("""
        select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
        """);

    /// <summary>Somebody who looks at one of the tables, in a transaction that lasts.</summary>
    private sealed class Reader : IAsyncDisposable
    {
        private readonly NpgsqlConnection _connection;

        private Reader(NpgsqlConnection connection) => _connection = connection;

        public static async Task<Reader> Of(Process process)
        {
            var connection = new NpgsqlConnection(AppendTests.TestConnection(process));
            await connection.OpenAsync();
            await using var look = new NpgsqlCommand("begin; select fen from purse", connection);
            await look.ExecuteNonQueryAsync();
            return new(connection);
        }

        public Task Leave() => _connection.CloseAsync();

        public ValueTask DisposeAsync() => _connection.DisposeAsync();
    }
}
