using System.Diagnostics;
using System.Globalization;
using Billing.Testing;
using FluentAssertions;
using Npgsql;

namespace Billing.Platform.Tests;

/// <summary>
/// Everything that can write, at once, against two readers of which the leading one is robbed of its lease, cut off or
/// stopped again and again: every event is read once, in order. One minute; <c>BILLING_SOAK_MINUTES=30</c> for longer.
/// </summary>
public sealed class SoakTests
{
    private static readonly TimeSpan Length = TimeSpan.FromMinutes(double.Parse(
        Environment.GetEnvironmentVariable("BILLING_SOAK_MINUTES") ?? "1", CultureInfo.InvariantCulture));

    [Fact]
    public async Task Whatever_writes_and_whoever_dies_every_event_is_read_once_and_in_order()
    {
        await using var process = await Process.Start();
        await process.Run("create table seen (n bigserial primary key, sequence bigint not null, by text not null)");
        var connection = AppendTests.TestConnection(process);
        await using var marten = await Process.Start(connection, Way.Marten);
        var watch = Stopwatch.StartNew();
        var chaos = Chaos(process, connection, watch);

        var written = await Task.WhenAll(
            Writer(watch, i => Task.WhenAll(
                Enumerable.Range(0, 16).Select(n => process.PutIn($"o{n}", $"o{i}-{n}")))),
            Writer(watch, i => marten.PutIn($"m{i % 7}", $"m{i}")),
            Writer(watch, i => Bulk(process, "x", i)),
            Writer(watch, i => Bulk(process, "y", i)),
            Writer(watch, i => Slow(connection, $"slow{i}", TimeSpan.FromMilliseconds(300 * (i % 6)), End.Commit)),
            Writer(watch, i => Slow(connection, $"back{i}", TimeSpan.FromMilliseconds(100 * (i % 9)), End.RollBack)),
            Writer(watch, i => Slow(connection, $"kill{i}", TimeSpan.FromMilliseconds(70 * (i % 9)), End.Kill)),
            Writer(watch, async _ =>
            {
                await process.Run("select nextval('mt_events_sequence')");
                await Task.Delay(20);
            }));
        var kills = await chaos;

        written.Should().OnlyContain(rounds => rounds > 0);
        kills.Should().BePositive();
        await using var last = await Node.Start(connection, "last");
        var events = await process.Ask<long>("select count(*) from mt_events");
        await Eventually.Is(
            events, () => process.Ask<long>("select count(distinct sequence) from seen"), "the events that were read",
            TimeSpan.FromMinutes(1));
        (await process.Ask<long>("select count(*) from seen")).Should().Be(events, "none is read twice");
        (await process.Ask<long>("""
            select count(*) from (select sequence, lag(sequence) over (order by n) as before from seen) s
            where sequence <= before
            """)).Should().Be(0, "they are read in order");
        (await process.Ask<long>("select count(*) from seen s full join mt_events e on e.seq_id = s.sequence " +
            "where s.sequence is null or e.seq_id is null")).Should().Be(0);
    }

    /// <summary>Two nodes; whoever leads loses it in one of three ways every few seconds.</summary>
    private static async Task<int> Chaos(Process process, string connection, Stopwatch watch)
    {
        var nodes = new[] { await Node.Start(connection, "node0"), await Node.Start(connection, "node1") };
        var kills = 0;
        while (watch.Elapsed < Length)
        {
            await Task.Delay(TimeSpan.FromSeconds(3));
            switch (kills++ % 3)
            {
                case 0:
                    // As for a process that was stopped and wakes up: it still believes that it leads.
                    await process.Run("update lease set until = clock_timestamp() - interval '1 second'");
                    break;
                case 1:
                    await process.Run("""
                        select pg_terminate_backend(pid) from pg_stat_activity
                        where datname = current_database() and application_name like 'node%'
                        """);
                    break;
                default:
                    var gone = kills / 3 % 2;
                    await nodes[gone].DisposeAsync();
                    nodes[gone] = await Node.Start(connection, $"node{gone}");
                    break;
            }
        }
        foreach (var node in nodes)
            await node.DisposeAsync();
        return kills;
    }

    private static async Task<int> Writer(Stopwatch watch, Func<int, Task> write)
    {
        var rounds = 0;
        for (; watch.Elapsed < Length; rounds++)
            await write(rounds);
        return rounds;
    }

    private static Task Bulk(Process process, string mark, int round)
    {
        string[] purses = [.. Enumerable.Range(0, 25).Select(i => $"{mark}{i}")];
        return process.Store.Bulk(purses.Select(purse => TestAccount.Stream(purse).Id), async session =>
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

    /// <summary>A transaction that has its number early and ends late, one way or another.</summary>
    private static async Task Slow(string connectionString, string purse, TimeSpan open, End end)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var append = new NpgsqlCommand("""
            with number as materialized (select nextval('mt_events_sequence') as n),
              stream as (insert into mt_streams (id, type, version) values ($1, 'purse', 1) returning id)
            insert into mt_events (seq_id, id, stream_id, version, data, type, mt_dotnet_type, timestamp)
            select n, gen_random_uuid(), id, 1, jsonb_build_object('slip', $1, 'fen', 1), 'money-put-in.v1', 'x', now()
            from number, stream
            """, connection) { Parameters = { new() { Value = $"purse-{purse}" } } };
        await append.ExecuteNonQueryAsync();
        await Task.Delay(open);
        if (end == End.Commit)
            await transaction.CommitAsync();
        else if (end == End.RollBack)
            await transaction.RollbackAsync();
        else
        {
            await using var kill = new NpgsqlCommand("select pg_terminate_backend(pg_backend_pid())", connection);
            await Assert.ThrowsAnyAsync<NpgsqlException>(() => kill.ExecuteNonQueryAsync());
        }
    }

    private enum End
    {
        Commit,
        RollBack,
        Kill,
    }

    /// <summary>A process of the service as far as its subscriptions are concerned.</summary>
    private sealed class Node : IAsyncDisposable
    {
        private readonly NpgsqlDataSource _source;
        private readonly EventSignal _signal;
        private readonly CancellationTokenSource _stop = new();
        private readonly SubscriptionHost _host;

        private Node(string connection, string name)
        {
            _source = Database.ReaderSource(connection, name);
            _signal = new EventSignal(
                _source, Microsoft.Extensions.Logging.Abstractions.NullLogger<EventSignal>.Instance);
            _host = new SubscriptionHost(
                _source, Process.Streams, _signal, [new Recorder(name)],
                Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance);
        }

        public static async Task<Node> Start(string connection, string name)
        {
            var node = new Node(connection, name);
            await node._host.StartAsync(node._stop.Token);
            return node;
        }

        public async ValueTask DisposeAsync()
        {
            await _host.StopAsync(default);
            await _stop.CancelAsync();
            _host.Dispose();
            _stop.Dispose();
            await _source.DisposeAsync();
        }
    }

    private sealed class Recorder(string by) : Subscription("Recorder")
    {
        protected override Task Handle(
            IReadOnlyList<StoredEvent> events, Marten.IDocumentOperations page, CancellationToken stopping)
        {
            page.QueueSqlCommand(
                "insert into seen (sequence, by) select unnest(?::bigint[]), ?",
                events.Select(e => e.Sequence).ToArray(), by);
            return Task.CompletedTask;
        }
    }
}
