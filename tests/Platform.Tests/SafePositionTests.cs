using Billing.Testing;
using FluentAssertions;
using Npgsql;

namespace Billing.Platform.Tests;

public sealed class SafePositionTests
{
    [Fact]
    public async Task A_reader_waits_for_a_lower_number_that_is_not_committed_and_then_sees_both()
    {
        await using var process = await Process.Start();
        var positions = new SafePosition(process.Source);
        await process.PutIn("before", "s0");
        await using var open = await OpenWriter(process, "low");
        await process.PutIn("high", "s-high");

        for (var i = 0; i < 5; i++)
            (await positions.Look()).Should().BeLessThan(open.Sequence);

        await open.Transaction.CommitAsync();
        var safe = await positions.Look();
        safe.Should().BeGreaterThan(open.Sequence);
        (await ReadAll(process, safe)).Should().Equal("purse-before", "purse-low", "purse-high");
    }

    [Fact]
    public async Task A_lower_number_that_is_rolled_back_releases_the_reader_at_once()
    {
        await using var process = await Process.Start();
        var positions = new SafePosition(process.Source);
        await using var open = await OpenWriter(process, "low");
        await process.PutIn("high", "s-high");
        (await positions.Look()).Should().BeLessThan(open.Sequence);

        await open.Transaction.RollbackAsync();

        var safe = await positions.Look();
        (await ReadAll(process, safe)).Should().Equal("purse-high");
    }

    [Fact]
    public async Task A_number_that_was_burnt_outside_of_any_event_stalls_nobody()
    {
        await using var process = await Process.Start();
        await process.Run("select nextval('mt_events_sequence') from generate_series(1, 50)");
        await process.PutIn("a", "s1");

        (await new SafePosition(process.Source).Look()).Should().Be(51);
    }

    [Fact]
    public async Task A_long_transaction_that_appends_nothing_stalls_nobody()
    {
        await using var process = await Process.Start();
        await using var other = await process.Source.OpenConnectionAsync();
        await using var transaction = await other.BeginTransactionAsync();
        await using (var busy = new NpgsqlCommand("insert into purse values ('elsewhere', 1, 1)", other))
            await busy.ExecuteNonQueryAsync();
        await process.PutIn("a", "s1");

        (await new SafePosition(process.Source).Look()).Should().Be(1);
    }

    [Fact]
    public async Task A_writer_that_has_its_id_but_no_number_yet_stalls_nobody_and_is_not_overlooked_later()
    {
        await using var process = await Process.Start();
        var positions = new SafePosition(process.Source);
        await using var other = await process.Source.OpenConnectionAsync();
        await using var transaction = await other.BeginTransactionAsync();
        await using (var begin = new NpgsqlCommand("select pg_current_xact_id()", other))
            await begin.ExecuteScalarAsync();
        await process.PutIn("a", "s1");
        (await positions.Look()).Should().Be(1);

        await using (var number = new NpgsqlCommand("select nextval('mt_events_sequence')", other))
            await number.ExecuteScalarAsync();
        await process.PutIn("b", "s2");

        (await positions.Look()).Should().Be(1);
        await transaction.CommitAsync();
        (await positions.Look()).Should().Be(3);
    }

    [Fact]
    public async Task Racing_bulk_and_single_writers_with_rollbacks_are_read_completely_and_in_order()
    {
        await using var process = await Process.Start();
        var seen = new List<long>();
        using var stop = new CancellationTokenSource();
        var reading = Follow(process, seen, stop.Token);

        await Task.WhenAll(
            BulkWriter(process, "x", 40), BulkWriter(process, "y", 40), RollingBack(process, 40),
            Task.WhenAll(Enumerable.Range(0, 300).Select(i => process.PutIn($"single{i}", $"single{i}"))));

        var expected = await process.Ask<long>("select count(*) from mt_events");
        expected.Should().Be(40 * 25 * 2 + 300);
        await Eventually.Is(
            expected, async Task<long> () =>
            {
                if (reading.IsCompleted)
                    await reading;
                return seen.Count;
            },
            "the number of events read");
        await stop.CancelAsync();
        await reading;
        seen.Should().BeInAscendingOrder().And.OnlyHaveUniqueItems();
    }

    private static async Task Follow(Process process, List<long> seen, CancellationToken stop)
    {
        var positions = new SafePosition(process.Source);
        var last = 0L;
        while (!stop.IsCancellationRequested)
        {
            var safe = await positions.Look(CancellationToken.None);
            await foreach (var (sequence, _) in EventReader.Read(process.Marten, last, safe, CancellationToken.None))
                seen.Add(sequence);
            last = safe;
        }
    }

    private static async Task BulkWriter(Process process, string mark, int rounds)
    {
        for (var round = 0; round < rounds; round++)
        {
            string[] purses = [.. Enumerable.Range(0, 25).Select(i => $"{mark}{i}")];
            await process.Store.Bulk(purses.Select(p => TestAccount.Stream(p).Id), async session =>
            {
                var states = await session.Load(TestAccount.Type);
                foreach (var purse in purses)
                {
                    var stream = TestAccount.Stream(purse);
                    session.Append(stream, states.GetValueOrDefault(stream.Id, TestAccount.Type.Fold([])),
                        [new MoneyPutIn($"{purse}-{round}", 1)]);
                }
                return 0;
            });
        }
    }

    private static async Task RollingBack(Process process, int rounds)
    {
        for (var round = 0; round < rounds; round++)
        {
            await using var open = await OpenWriter(process, $"never{round}");
            await open.Transaction.RollbackAsync();
        }
    }

    private static async Task<OpenAppend> OpenWriter(Process process, string purse)
    {
        var connection = await process.Source.OpenConnectionAsync();
        var transaction = await connection.BeginTransactionAsync();
        await using var append = new NpgsqlCommand("""
            with stream as (insert into mt_streams (id, type, version) values ($1, 'purse', 1) returning id)
            insert into mt_events (seq_id, id, stream_id, version, data, type)
            select nextval('mt_events_sequence'), gen_random_uuid(), id, 1, '{"slip":"x","fen":1}', 'money-put-in.v1'
            from stream
            returning seq_id
            """, connection) { Parameters = { new() { Value = $"purse-{purse}" } } };
        return new(connection, transaction, (long)(await append.ExecuteScalarAsync())!);
    }

    private static async Task<List<string>> ReadAll(Process process, long safe)
    {
        var streams = new List<string>();
        await foreach (var (_, stream) in EventReader.Read(process.Marten, 0, safe))
            streams.Add(stream);
        return streams;
    }

    private sealed record OpenAppend(NpgsqlConnection Connection, NpgsqlTransaction Transaction, long Sequence)
        : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Transaction.DisposeAsync();
            await Connection.DisposeAsync();
        }
    }
}
