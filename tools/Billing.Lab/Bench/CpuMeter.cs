using System.Globalization;

namespace Billing.Tools;

/// <summary>
/// Processor time of every process of the instance, from /proc, so that a change can be judged on a shared machine,
/// where throughput says little.
/// </summary>
internal sealed class CpuMeter
{
    private const double MicrosPerTick = 10_000;
    private readonly Dictionary<string, double> _begun = Read();

    /// <summary>µs of processor time since the meter was made, per unit and process; empty without /proc.</summary>
    public Dictionary<string, double> PerUnit(double units) => Read()
        .Select(now => (now.Key, Micros: (now.Value - _begun.GetValueOrDefault(now.Key)) / units))
        .Where(used => used.Micros >= 0.5).OrderByDescending(used => used.Micros)
        .ToDictionary(used => $"{used.Key}Us", used => Math.Round(used.Micros, 1, MidpointRounding.AwayFromZero));

    /// <summary>The medians of several measurements, process by process.</summary>
    public static Dictionary<string, double> Medians(IReadOnlyList<Dictionary<string, double>> rounds) => rounds
        .SelectMany(round => round.Keys).Distinct()
        .ToDictionary(name => name, name => Figure.Median([.. rounds.Select(round => round.GetValueOrDefault(name))]));

    private static Dictionary<string, double> Read()
    {
        var micros = new Dictionary<string, double>(StringComparer.Ordinal);
        var postmaster = Postmaster();
        foreach (var folder in Directory.Exists("/proc") ? Directory.GetDirectories("/proc") : [])
        {
            try
            {
                if (!int.TryParse(Path.GetFileName(folder), out var pid))
                    continue;
                var stat = File.ReadAllText(Path.Combine(folder, "stat"));
                var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
                var served = fields[1] == $"{postmaster}" ? ServedBy(folder) : null;
                var name = pid == Environment.ProcessId ? "bench"
                    : pid == postmaster || served is not null ? "postgres"
                    : NameOf(folder);
                if (name is null)
                    continue;
                // Processor time of ended connections is added to the postmaster's time for its waited-for children.
                var ticks = Enumerable.Range(11, pid == postmaster ? 4 : 2)
                    .Sum(i => double.Parse(fields[i], CultureInfo.InvariantCulture));
                micros[name] = micros.GetValueOrDefault(name) + ticks * MicrosPerTick;
                if (served is not null)
                    micros[served] = micros.GetValueOrDefault(served) + ticks * MicrosPerTick;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // The process is gone.
            }
        }
        return micros;
    }

    /// <summary>A service of this instance or its broker; null for any other process.</summary>
    internal static string? NameOf(string folder)
    {
        var command = File.ReadAllText(Path.Combine(folder, "cmdline"));
        var service = command.Split('/', '\0').FirstOrDefault(part =>
            part.StartsWith("Billing.", StringComparison.Ordinal) && part.EndsWith(".dll", StringComparison.Ordinal));
        var name = service is not null ? service["Billing.".Length..^".dll".Length].ToLowerInvariant()
            : command.Contains("beam.smp", StringComparison.Ordinal) ? "rabbitmq" : null;
        return name is not null && File.ReadAllText(Path.Combine(folder, "environ"))
            .Contains($"BILLING_INSTANCE_DIR={Instance.Folder}\0", StringComparison.Ordinal) ? name : null;
    }

    /// <summary>
    /// What a process of the server works for, by its title: a service's database, or its own work such as autovacuum.
    /// </summary>
    private static string ServedBy(string folder)
    {
        var title = File.ReadAllText(Path.Combine(folder, "cmdline")).Trim('\0', ' ')
            .Replace("postgres: ", "", StringComparison.Ordinal);
        var served = title.StartsWith("billing_", StringComparison.Ordinal) ? title["billing_".Length..].Split(' ')[0]
            : title.StartsWith("autovacuum worker", StringComparison.Ordinal) ? "vacuum" : title.Split(' ')[0];
        return $"postgres-{served}";
    }

    private static int Postmaster()
    {
        var home = Environment.GetEnvironmentVariable("BILLING_POSTGRES_HOME") is { Length: > 0 } elsewhere
            ? elsewhere
            : Path.Combine(Instance.Folder, "postgres");
        var file = Path.Combine(home, "data", "postmaster.pid");
        return File.Exists(file) && int.TryParse(File.ReadLines(file).FirstOrDefault(), out var pid) ? pid : -1;
    }
}
