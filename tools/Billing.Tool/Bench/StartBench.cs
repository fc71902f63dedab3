using System.Diagnostics;

namespace Billing.Tools;

/// <summary>
/// <c>start</c>: <c>./billing up</c> of a fresh instance, from the command to the last service ready.
/// </summary>
internal static class StartBench
{
    private const string Name = "benchstart";

    public static async Task<Figure> Run(int rounds, CancellationToken cancellation)
    {
        var seconds = new List<double>();
        for (var round = 0; round < rounds; round++)
        {
            var watch = Stopwatch.StartNew();
            await Billing("up", cancellation);
            seconds.Add(watch.Elapsed.TotalSeconds);
            await Billing("down", cancellation);
        }
        return Figure.Of("start", "s", seconds);
    }

    private static async Task Billing(string command, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(Path.Combine(Root, "billing"), [command])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, Environment = { ["BILLING_INSTANCE"] = Name },
        };
        foreach (var inherited in start.Environment.Keys
            .Where(key => key.StartsWith("BILLING_", StringComparison.Ordinal)).ToList())
        {
            if (inherited != "BILLING_INSTANCE")
                start.Environment.Remove(inherited);
        }
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(cancellation);
        var errors = process.StandardError.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        if (process.ExitCode != 0)
            throw new Failure($"./billing {command}: {await errors}{await output}");
    }

    private static string Root
    {
        get
        {
            var folder = AppContext.BaseDirectory;
            while (!File.Exists(Path.Combine(folder, "billing")))
                folder = Path.GetDirectoryName(folder) ?? throw new Failure("./billing was not found.");
            return folder;
        }
    }
}
