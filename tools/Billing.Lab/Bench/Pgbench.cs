using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Billing.Tools;

/// <summary>
/// The limit for single commands: PostgreSQL's own <c>pgbench -N</c> with 16 clients on the same server.
/// </summary>
internal static class Pgbench
{
    public const string Name = "pgbench -N, 16 clients, transactions/s";
    private const int Scale = 10;
    private const int Seconds = 5;

    /// <summary>Transactions per second.</summary>
    public static async Task<double> Run()
    {
        var admin = new NpgsqlConnectionStringBuilder(Instance.Admin);
        await using (var source = NpgsqlDataSource.Create(admin))
        await using (var create = source.CreateCommand("select 1 from pg_database where datname = 'pgbench_limit'"))
        {
            if (await create.ExecuteScalarAsync() is null)
            {
                await using var make = source.CreateCommand("create database pgbench_limit");
                await make.ExecuteNonQueryAsync();
                await Call(admin, "-i", "-q", "-s", $"{Scale}");
            }
        }
        var output = await Call(admin, "-N", "-c", "16", "-j", "2", "-T", $"{Seconds}");
        var line = output.Split('\n').First(text => text.StartsWith("tps = ", StringComparison.Ordinal));
        return double.Parse(line.Split(' ')[2], CultureInfo.InvariantCulture);
    }

    private static async Task<string> Call(NpgsqlConnectionStringBuilder admin, params string[] arguments)
    {
        var start = new ProcessStartInfo(
            Path.Combine(Instance.PostgresBin, "pgbench"),
            [.. arguments, "-h", admin.Host!, "-p", $"{admin.Port}", "-U", admin.Username!, "pgbench_limit"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
                Environment = { ["PGPASSWORD"] = admin.Password },
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new Failure($"pgbench failed: {await errors}");
    }
}
