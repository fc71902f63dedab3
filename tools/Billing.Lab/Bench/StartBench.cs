using System.Diagnostics;

namespace Billing.Tools;

/// <summary>
/// <c>start</c>: <c>./billing up</c> of a fresh instance, from the command to the last service ready. The limit is the
/// start of the two servers alone.
/// </summary>
internal static class StartBench
{
    private const string Name = "benchstart";

    public static async Task<Figure> Run(int rounds, CancellationToken cancellation)
    {
        var (seconds, servers) = (new List<double>(), new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            await Run("deploy/local/servers", ["wipe", Name], cancellation);
            servers.Add(await Run("deploy/local/servers", ["start", Name], cancellation));
            await Run("deploy/local/servers", ["wipe", Name], cancellation);
            seconds.Add(await Run("billing", ["up"], cancellation));
            await Run("billing", ["down"], cancellation);
        }
        return Figure.Of("start", "s", seconds, servers, "PostgreSQL and RabbitMQ alone, from nothing");
    }

    /// <summary>Runs a command; returns the seconds that it took.</summary>
    private static async Task<double> Run(string program, string[] arguments, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(Path.Combine(Root, program), arguments)
        {
            RedirectStandardOutput = true, RedirectStandardError = true, Environment = { ["BILLING_INSTANCE"] = Name },
        };
        foreach (var inherited in start.Environment.Keys
            .Where(key => key.StartsWith("BILLING_", StringComparison.Ordinal)).ToList())
        {
            if (inherited != "BILLING_INSTANCE")
                start.Environment.Remove(inherited);
        }
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(cancellation);
        var errors = process.StandardError.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        return process.ExitCode == 0
            ? watch.Elapsed.TotalSeconds
            : throw new Failure($"{program} {string.Join(' ', arguments)}: {await errors}{await output}");
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
