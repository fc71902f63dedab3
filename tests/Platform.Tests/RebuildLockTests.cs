using Billing.Rebuilding;
using Billing.Testing;
using FluentAssertions;
using Npgsql;

namespace Billing.Platform.Tests;

/// <summary>
/// How a rebuild holds the streams while it swaps: against whoever appends, and nobody else, and not while a reader of
/// one of its tables keeps it waiting.
/// </summary>
public sealed class RebuildLockTests
{
    [Fact]
    public async Task A_reader_keeps_a_rebuild_waiting_and_nobody_else()
    {
        await using var process = await Process.Start();
        await process.PutIn("a", "s1", 5);
        await using var reader = await Reader.Of(process);
        var rebuild = Rebuild.Run(process.Source, TestAccount.Type);
        await HoldsTheStreams(process);

        var seen = await process.Store.Load(TestAccount.Stream("a")).WaitAsync(TimeSpan.FromSeconds(10));
        seen.State.Fen.Should().Be(5);
        for (var slip = 2; slip <= 6; slip++)
            await process.PutIn("a", $"s{slip}").WaitAsync(TimeSpan.FromSeconds(30));
        rebuild.IsCompleted.Should().BeFalse("somebody reads a table that it would swap");
        await reader.Leave();

        (await rebuild).Should().Be(1 + 6, "the stream moved while it waited");
        (await process.Ask<long>("select fen from purse")).Should().Be(10);
        (await process.Ask<long>("select count(*) from slip")).Should().Be(6);
    }

    [Fact]
    public async Task A_table_that_is_being_cleaned_is_swapped_when_that_is_done()
    {
        await using var process = await Process.Start();
        await process.PutIn("a", "s1", 5);
        await process.Run("grant select on purse to public");
        await using var reader = await Reader.Of(process);
        var rebuild = Rebuild.Run(process.Source, TestAccount.Type);
        await HoldsTheStreams(process);
        // What autovacuum does, in its order: it holds the table that is built, and writes what it found of it.
        await using var cleaner = new NpgsqlConnection(AppendTests.TestConnection(process));
        await cleaner.OpenAsync();
        await using (var hold = new NpgsqlCommand(
            "begin; lock table rebuilding.purse in share update exclusive mode", cleaner))
            await hold.ExecuteNonQueryAsync();
        await reader.Leave();
        await process.PutIn("a", "s2", 7).WaitAsync(TimeSpan.FromSeconds(30));

        await using (var write = new NpgsqlCommand("analyze rebuilding.purse; commit", cleaner))
            await write.ExecuteNonQueryAsync();

        await rebuild;
        (await process.Ask<long>("select fen from purse")).Should().Be(12);
    }

    [Fact]
    public async Task A_run_that_has_locked_its_streams_and_a_rebuild_do_not_wait_for_each_other()
    {
        await using var process = await Process.Start();
        await process.PutIn("a", "s1", 5);
        var (begun, goOn, attempts) = (new TaskCompletionSource(), new TaskCompletionSource(), 0);
        var run = process.Store.Bulk([TestAccount.Stream("a").Id, TestAccount.Stream("b").Id], async session =>
        {
            attempts++;
            begun.TrySetResult();
            await goOn.Task;
            session.Append(
                TestAccount.Stream("a"), TestAccount.Type.Fold([new MoneyPutIn("s1", 5)]), [new MoneyPutIn("s2", 7)]);
            session.Append(TestAccount.Stream("b"), TestAccount.Type.Fold([]), [new MoneyPutIn("s3", 9)]);
            return session.Appended;
        });
        await begun.Task;
        await using var reader = await Reader.Of(process);
        var rebuild = Rebuild.Run(process.Source, TestAccount.Type);
        await HoldsTheStreams(process);

        goOn.SetResult();
        ((await run.WaitAsync(TimeSpan.FromSeconds(30))), attempts).Should().Be(
            (2, 1), "nobody was given up for the other");
        rebuild.IsCompleted.Should().BeFalse("the reader is still there");
        await reader.Leave();

        await rebuild;
        (await process.Ask<string>("select string_agg(fen::text, ',' order by purse) from purse")).Should().Be("12,9");
        (await process.Ask<long>("select count(*) from slip")).Should().Be(3);
    }

    private static Task HoldsTheStreams(Process process) => Eventually.Holds(
        () => process.Ask<bool>("""
            select exists (select from pg_locks where relation = 'mt_streams'::regclass and granted
              and mode = 'ShareRowExclusiveLock')
            """), "the rebuild holds the streams");

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
