using System.Text.Json;
using System.Text.Json.Serialization;

namespace Billing.Tools;

/// <summary>One measured figure with the limit that was measured in the same run on the same servers.</summary>
/// <param name="Name">The figure's name in docs/performance.md.</param>
/// <param name="Value">The median.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Limit">The median of the limit, or null where there is none.</param>
/// <param name="LimitName">The name of the limit.</param>
/// <param name="Ratio">Value ÷ limit, medians of rounds paired in time.</param>
/// <param name="Runs">The values of the single rounds.</param>
/// <param name="More">Further readings, such as percentiles.</param>
internal sealed record Figure(
    string Name, double Value, string Unit, double? Limit, string? LimitName, double? Ratio, double[] Runs,
    Dictionary<string, double>? More = null)
{
    public static Figure Of(
        string name, string unit, IReadOnlyList<double> values, IReadOnlyList<double>? limits = null,
        string? limitName = null,
        Dictionary<string, double>? more = null)
    {
        double? ratio = limits is null ? null : Median([.. values.Zip(limits, (value, limit) => value / limit)]);
        return new(
            name, Round(Median(values)), unit, limits is null ? null : Round(Median(limits)), limitName,
            ratio is { } r ? Math.Round(r, 3, MidpointRounding.AwayFromZero) : null, [.. values.Select(Round)], more);
    }

    public static double Median(IReadOnlyList<double> values)
    {
        var sorted = values.Order().ToList();
        var middle = sorted.Count / 2;
        return sorted.Count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    public static double Percentile(List<double> values, double share)
    {
        values.Sort();
        return values.Count == 0 ? 0 : Round(values[(int)((values.Count - 1) * share)]);
    }

    private static double Round(double value) => Math.Round(value, value < 100 ? 2 : 0, MidpointRounding.AwayFromZero);
}

/// <summary>The report of a bench run, written with <c>--json</c>.</summary>
internal sealed record BenchReport(IReadOnlyList<Figure> Figures, Machine Machine)
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };
}

/// <summary>The machine and the load under which it was measured.</summary>
internal sealed record Machine(
    int Cores, long MemoryMb, string LoadBefore, string LoadAfter, string Postgres, string Runtime, int Accounts)
{
    public static string Load =>
        File.Exists("/proc/loadavg") ? string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ').Take(3)) : "?";
}
