using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Billing.Tools;

/// <summary><c>partner</c>: query and pay over HTTP; the load comes from a separate process.</summary>
internal static class PartnerBench
{
    private const int Payments = 20_000;

    public static async Task<Figure> Run(int rounds, CancellationToken cancellation)
    {
        var (values, limits, p50, p99) = (
            new List<double>(), new List<double>(), new List<double>(), new List<double>());
        var cpu = new List<Dictionary<string, double>>();
        await Load(Payments / 4, cancellation);
        for (var round = 0; round < rounds; round++)
        {
            limits.Add(await Pgbench.Run());
            var meter = new CpuMeter();
            var result = await Load(Payments, cancellation);
            cpu.Add(meter.PerUnit(Payments));
            values.Add(result.PerSecond);
            p50.Add(result.P50Ms);
            p99.Add(result.P99Ms);
        }
        return Figure.Of("partner", "payments/s", values, limits, Pgbench.Name, new(CpuMeter.Medians(cpu))
        {
            ["p50Ms"] = Figure.Median(p50), ["p99Ms"] = Figure.Median(p99), ["connections"] = 64,
        });
    }

    private static string[] Rate(double? perSecond) =>
        perSecond is { } rate ? ["--rate", rate.ToString("0.##", CultureInfo.InvariantCulture)] : [];

    /// <summary>Sends payments over HTTP from a separate process.</summary>
    /// <exception cref="Failure">A payment was not accepted.</exception>
    public static async Task<LoadResult> Load(int payments, CancellationToken cancellation, double? perSecond = null)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, [
            typeof(PartnerBench).Assembly.Location, "partner-load", "--query", "--payments", $"{payments}",
            "--connections", "64",
            .. Rate(perSecond)])
        {
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        if (output.Length == 0)
            throw new Failure($"The load generator ended with {process.ExitCode}; its reason is above.");
        var result = JsonSerializer.Deserialize<LoadResult>(output, JsonSerializerOptions.Web)
            ?? throw new Failure("The load generator said nothing.");
        return result.Errors == 0 ? result : throw new Failure($"{result.Errors} payments failed: {result.FirstError}");
    }
}
