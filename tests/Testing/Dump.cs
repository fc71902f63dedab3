using System.Diagnostics;
using Billing.Platform;
using Npgsql;

namespace Billing.Testing;

/// <summary>Everything that a database holds, as text.</summary>
public static class Dump
{
    /// <summary>The whole dump of a database, made by <c>pg_dump</c>.</summary>
    public static async Task<string> Of(string connection)
    {
        var settings = new NpgsqlConnectionStringBuilder(connection);
        var start = new ProcessStartInfo(
            Path.Combine(Environment.GetEnvironmentVariable("BILLING_POSTGRES_BIN") ?? "", "pg_dump"),
            ["-h", settings.Host!, "-p", $"{settings.Port}", "-U", settings.Username!, settings.Database!])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
            Environment = { ["PGPASSWORD"] = settings.Password },
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var dump = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 && dump.Contains(EventTables.Events, StringComparison.Ordinal)
            ? dump
            : throw new InvalidOperationException($"pg_dump ended with {process.ExitCode}: {await errors}");
    }
}
