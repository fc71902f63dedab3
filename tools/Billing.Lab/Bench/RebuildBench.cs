using System.Diagnostics;
using Billing.Platform;
using Billing.Rebuilding;
using Npgsql;

namespace Billing.Tools;

/// <summary>
/// <c>rebuild</c>: Payments' read models rebuilt from its events, beside the live tables; the limit is only reading the
/// same rows.
/// </summary>
internal static class RebuildBench
{
    public static async Task<Figure> Run(int rounds, CancellationToken cancellation)
    {
        await using var source = Database.Source(Instance.OwnerPostgres("payments"), "bench");
        var (values, limits) = (new List<double>(), new List<double>());
        var cpu = new List<Dictionary<string, double>>();
        for (var round = 0; round < rounds; round++)
        {
            limits.Add(await Read(source, cancellation));
            var meter = new CpuMeter();
            var watch = Stopwatch.StartNew();
            var events = await Rebuild.Run(source, Payments.Account.Streams, null, cancellation);
            values.Add(events / watch.Elapsed.TotalSeconds);
            cpu.Add(meter.PerUnit(events));
        }
        return Figure.Of(
            "rebuild", "events/s", values, limits, "reading the same rows through Npgsql, rows/s",
            CpuMeter.Medians(cpu));
    }

    private static async Task<double> Read(NpgsqlDataSource source, CancellationToken cancellation)
    {
        var (rows, watch) = (0L, Stopwatch.StartNew());
        await using var command = source.CreateCommand($"""
            select stream_id, version, type, data, id, timestamp from {EventTables.Events}
            where stream_id like 'account-%' order by stream_id, version
            """);
        command.CommandTimeout = 0;
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            _ = (reader.GetString(0), reader.GetInt64(1), reader.GetString(2), reader.GetFieldValue<byte[]>(3),
                reader.GetGuid(4), reader.GetFieldValue<DateTimeOffset>(5));
            rows++;
        }
        return rows / watch.Elapsed.TotalSeconds;
    }
}
