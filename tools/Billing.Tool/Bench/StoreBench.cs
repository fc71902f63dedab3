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
    private const int Callers = 64;
    private const int Accounts = 20_000;
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(5);

    public static async Task<Figure> Run(int rounds, CancellationToken cancellation)
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
        var (values, limits, p50, p99) = (
            new List<double>(), new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            limits.Add(await Pgbench.Run());
            var (rate, times) = await Measure(store, $"r{round}", Length);
            values.Add(rate);
            p50.Add(Figure.Percentile(times, 0.50));
            p99.Add(Figure.Percentile(times, 0.99));
        }
        await store.StopAsync(cancellation);
        return Figure.Of("store", "commands/s", values, limits, Pgbench.Name, new()
        {
            ["p50Ms"] = Figure.Median(p50), ["p99Ms"] = Figure.Median(p99), ["callers"] = Callers,
        });
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
                var account = (caller * 7919 + i * 104_729) % Accounts;
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

/// <summary>The stream that is measured: money with a natural key, and a balance.</summary>
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
        new EventNames<MoneyTaken>().Add<MoneyTaken>("money-taken.v1"),
        (rows, taken, _, after) =>
        {
            rows.Upsert(Balances, (taken.Stream, after.Fen, taken.Version));
            rows.Insert(Slips, (taken.Event.Slip, taken.Stream, taken.Event.Fen));
        },
        Balances, Slips);

    public static StreamName<Till, MoneyTaken> Stream(string till) => Type.Named(till);
}

internal sealed record MoneyTaken(string Slip, long Fen, string Channel, DateOnly On);

internal sealed record TakeMoney(string Slip, long Fen) : ICommand<Till, MoneyTaken>
{
    private static readonly DateOnly Day = new(2026, 11, 21);

    public Decision<MoneyTaken> Decide(Till state) => [new MoneyTaken(Slip, Fen, "Bank", Day)];
}
