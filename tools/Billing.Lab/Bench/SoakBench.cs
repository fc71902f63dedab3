using System.Globalization;
using Npgsql;

namespace Billing.Tools;

/// <summary>
/// <c>soak</c>: payments at half of the system's highest rate, for a number of minutes. Checks that memory and answer
/// times do not grow, that every answered payment is recorded once, and that all books agree at the end.
/// </summary>
internal static class SoakBench
{
    private const int ToLearnTheRate = 10_000;
    private const int SecondsPerLook = 60;

    public static async Task<IReadOnlyList<Figure>> Run(
        int minutes, ConsoleOutput console, CancellationToken cancellation)
    {
        var before = await Kept(cancellation);
        var full = await PartnerBench.Load(ToLearnTheRate, cancellation);
        var answered = (Payments: (long)full.Taken, full.Fen);
        var half = full.PerSecond / 2;
        var (p50, p99, memory) = (new List<double>(), new List<double>(), new List<double>());
        for (var minute = 1; minute <= minutes; minute++)
        {
            var load = await PartnerBench.Load((int)(half * SecondsPerLook), cancellation, half);
            answered = (answered.Payments + load.Taken, answered.Fen + load.Fen);
            p50.Add(load.P50Ms);
            p99.Add(load.P99Ms);
            memory.Add(ServiceMemory.Megabytes("VmRSS", name => name is not ("rabbitmq" or "lab")).Sum());
            console.Line(string.Create(CultureInfo.InvariantCulture,
                $"{minute,3} min  {load.PerSecond:N0}/s  p50 {load.P50Ms:0.0}  p99 {load.P99Ms:0.0} ms  "
                + $"services {memory[^1]:N0} MB"));
        }
        var after = await Kept(cancellation);
        if (after != (before.Payments + answered.Payments, before.Fen + answered.Fen))
            throw new Failure(
                $"{answered.Payments:N0} payments of {answered.Fen:N0} fen were answered, and there are " +
                $"{after.Payments - before.Payments:N0} of {after.Fen - before.Fen:N0} fen.");
        console.Line($"{answered.Payments:N0} payments were answered, and each of them is there once");
        var audit = await AuditCommand.Run(console, 20, cancellation);
        if (!audit.Balanced)
            throw new Failure($"The books do not agree after the soak: {audit.Verdict}");
        return
        [
            Flat("soak p50", "ms", p50), Flat("soak p99", "ms", p99), Flat("soak memory", "MB", memory),
        ];
    }

    /// <summary>The number and sum of the partner's payments in Payments.</summary>
    private static async Task<(long Payments, long Fen)> Kept(CancellationToken cancellation)
    {
        await using var source = NpgsqlDataSource.Create(Instance.OwnerPostgres("payments"));
        await using var command = source.CreateCommand(
            "select count(*), coalesce(sum(amount_fen), 0)::bigint from payment where partner = $1");
        command.Parameters.Add(new() { Value = PartnerLoad.Partner });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return (reader.GetInt64(0), reader.GetInt64(1));
    }

    /// <summary>Compares the last third of the minutes with the second; the first third is warm-up.</summary>
    private static Figure Flat(string name, string unit, List<double> minutes)
    {
        var third = Math.Max(1, minutes.Count / 3);
        List<double> last = minutes[^third..], before = minutes[Math.Max(0, minutes.Count - 2 * third)..^third];
        return Figure.Of(
            name, unit, [Figure.Median(last)], [Figure.Median(before.Count > 0 ? before : last)],
            "the same in the third of the time before");
    }
}
