using System.Diagnostics;
using Billing.Platform;
using Marten;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Billing.Tools;

/// <summary>
/// <c>store</c>: commands through the store's public API (load, decide, append with a read-model row and a unique key).
/// </summary>
internal static class StoreBench
{
    public const int Callers = 64;
    public const int Accounts = 20_000;
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(5);

    public static async Task<IReadOnlyList<Figure>> Run(int rounds, CancellationToken cancellation)
    {
        var database = new NpgsqlConnectionStringBuilder(Instance.Admin) { Database = "bench_store" }.ConnectionString;
        await using (var admin = NpgsqlDataSource.Create(Instance.Admin))
        {
            foreach (
                var sql in new[] { "drop database if exists bench_store with (force)", "create database bench_store" })
            {
                await using var command = admin.CreateCommand(sql);
                await command.ExecuteNonQueryAsync(cancellation);
            }
        }
        await using var source = Database.Source(database, "bench");
        await new Schema(source, typeof(StoreBench).Assembly).Migrate(cancellation: cancellation);
        await using (var tables = source.CreateCommand(Till.Schema))
            await tables.ExecuteNonQueryAsync(cancellation);
        using var marten = new DocumentStore(
            MartenStore.Options(source, StreamType.In(typeof(StoreBench).Assembly)));
        using var store = new EventStore(
            marten, source, new EventSignal(source, NullLogger<EventSignal>.Instance), NullLogger<EventStore>.Instance);
        await store.StartAsync(cancellation);
        await Measure(store, "warm", Length);
        await new BareStore(source).Measure("warm", Length);
        var (values, limits, bare, p50, p99) = (
            new List<double>(), new List<double>(), new List<double>(), new List<double>(), new List<double>());
        var cpu = new List<Dictionary<string, double>>();
        for (var round = 0; round < rounds; round++)
        {
            limits.Add(await Pgbench.Run());
            await Empty(source, cancellation);
            bare.Add(await new BareStore(source).Measure($"b{round}", Length));
            await Empty(source, cancellation);
            await Measure(store, $"w{round}", TimeSpan.FromSeconds(2));
            var meter = new CpuMeter();
            var (rate, times) = await Measure(store, $"r{round}", Length);
            cpu.Add(meter.PerUnit(times.Count));
            values.Add(rate);
            p50.Add(Figure.Percentile(times, 0.50));
            p99.Add(Figure.Percentile(times, 0.99));
        }
        await store.StopAsync(cancellation);
        var more = CpuMeter.Medians(cpu);
        (more["p50Ms"], more["p99Ms"], more["callers"]) = (Figure.Median(p50), Figure.Median(p99), Callers);
        return
        [
            Figure.Of("store", "commands/s", values, limits, Pgbench.Name, more),
            Figure.Of("store ÷ bare", "commands/s", values, bare, BareStore.Name),
        ];
    }

    /// <summary>The account of a caller's n-th command.</summary>
    public static int AccountOf(int caller, int n) => (int)((caller * 7919L + n * 104_729L) % Accounts);

    private static async Task Empty(NpgsqlDataSource source, CancellationToken cancellation)
    {
        await using var empty = source.CreateCommand(
            $"truncate {EventTables.Streams}, stream_snapshot, till, slip cascade");
        await empty.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task<(double Rate, List<double> Times)> Measure(EventStore store, string mark, TimeSpan length)
    {
        var watch = Stopwatch.StartNew();
        var times = await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            var mine = new List<double>();
            for (var i = 0; watch.Elapsed < length; i++)
            {
                var begun = Stopwatch.GetTimestamp();
                var account = AccountOf(caller, i);
                var done = await store.Execute(Till.Stream($"{account}"), new TakeMoney($"{mark}-{caller}-{i}", 100));
                if (!done.Changed)
                    throw new Failure($"A command changed nothing: {done.Rejection}");
                mine.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            }
            return mine;
        })));
        var all = times.SelectMany(list => list).ToList();
        return (all.Count / watch.Elapsed.TotalSeconds, all);
    }
}

/// <summary>The stream used for the measurement: money with a natural key, and a balance.</summary>
internal sealed record Till(long Fen)
{
    public const string Schema = """
        create table till (till text primary key, fen bigint not null, version bigint not null);
        create table slip (slip text primary key, till text not null, fen bigint not null);
        """;

    private static readonly Table<(string Till, long Fen, long Version)> Balances =
        new Table<(string Till, long Fen, long Version)>("till")
            .Key("till", row => row.Till).Column("fen", row => row.Fen).Column("version", row => row.Version);

    private static readonly Table<(string Slip, string Till, long Fen)> Slips =
        new Table<(string Slip, string Till, long Fen)>("slip")
            .Key("slip", row => row.Slip).Column("till", row => row.Till).Column("fen", row => row.Fen);

    private static readonly StreamType<Till, MoneyTaken> Type = new(
        "till", new Till(0), (till, taken) => new(till.Fen + taken.Fen),
        (rows, taken, _, after) =>
        {
            rows.Upsert(Balances, (taken.Stream, after.Fen, taken.Version));
            rows.Insert(Slips, (taken.Event.Slip, taken.Stream, taken.Event.Fen));
        },
        Balances, Slips);

    public static StreamName<Till, MoneyTaken> Stream(string till) => Type.Named(till);
}

[StoredAs("money-taken.v1")]
internal sealed record MoneyTaken(string Slip, long Fen, string Channel, DateOnly On);

internal sealed record TakeMoney(string Slip, long Fen) : ICommand<Till, MoneyTaken>
{
    private static readonly DateOnly Day = new(2026, 11, 21);

    public Decision<MoneyTaken> Decide(Till state) => [new MoneyTaken(Slip, Fen, "Bank", Day)];
}
