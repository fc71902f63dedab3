using System.Globalization;

namespace Billing.Tools;

/// <summary>The memory of the instance's processes, from /proc.</summary>
internal static class ServiceMemory
{
    /// <summary>MB of each process whose name is wanted; a single 0 where /proc does not exist.</summary>
    /// <param name="what">Which figure: <c>VmRSS</c> now, <c>VmHWM</c> the peak.</param>
    /// <param name="wanted">Selects by the service's name, such as <c>payments</c>.</param>
    public static IReadOnlyList<double> Megabytes(string what, Func<string, bool> wanted)
    {
        var found = new List<double>();
        foreach (var folder in Directory.Exists("/proc") ? Directory.GetDirectories("/proc") : [])
        {
            try
            {
                if (!int.TryParse(Path.GetFileName(folder), out _)
                    || CpuMeter.NameOf(folder) is not { } name || !wanted(name))
                    continue;
                var line = File.ReadLines(Path.Combine(folder, "status"))
                    .First(text => text.StartsWith(what, StringComparison.Ordinal));
                var kilobytes = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
                found.Add(Math.Round(
                    double.Parse(kilobytes, CultureInfo.InvariantCulture) / 1024, 0, MidpointRounding.AwayFromZero));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException)
            {
                // The process is gone.
            }
        }
        return found.Count > 0 ? found : [0];
    }
}
