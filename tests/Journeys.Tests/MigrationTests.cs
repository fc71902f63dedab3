using System.Diagnostics;
using System.IO.Compression;
using System.Net.Http.Json;
using Billing.Testing;
using FluentAssertions;
using Npgsql;

namespace Billing.Journeys.Tests;

/// <summary>
/// The databases of the last version that kept its streams itself, as it left them: 80 accounts, a posted run, a run
/// that is only drafted, payments and arrears. The services of today take them over and go on.
/// </summary>
public sealed class OldCity : City
{
    protected override async Task<string> Found(string service)
    {
        var connection = new NpgsqlConnectionStringBuilder(await Backend.EmptyDatabase());
        var psql = new ProcessStartInfo(
            Path.Combine(Environment.GetEnvironmentVariable("BILLING_POSTGRES_BIN") ?? "", "psql"),
            ["-q", "-v", "ON_ERROR_STOP=1", "-h", connection.Host!, "-p", $"{connection.Port}", "-U",
                connection.Username!, connection.Database!])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            Environment = { ["PGPASSWORD"] = connection.Password },
        };
        using var process = Process.Start(psql)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        var file = Path.Combine(
            Backend.Root, "tests/Journeys.Tests/BeforeMarten", $"{service.ToLowerInvariant()}.sql.gz");
        await using (var dump = new GZipStream(System.IO.File.OpenRead(file), CompressionMode.Decompress))
            await dump.CopyToAsync(process.StandardInput.BaseStream);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        await output;
        process.ExitCode.Should().Be(0, await errors);
        return connection.ConnectionString;
    }

    protected override Task Settle() => Task.CompletedTask;
}

public sealed class MigrationTests(OldCity city) : IClassFixture<OldCity>
{
    [Fact]
    public async Task A_city_of_before_marten_is_taken_over_in_place_and_goes_on()
    {
        await city.IsInBalance();
        (await city.Ask("Invoicing", """
            select count(*) from pg_tables where schemaname = 'work' and tablename = 'draft_left-open'
            """)).Should().Be(1, "the draft moved to where the service makes new ones");
        var relayed = await city.Ask(
            "Payments", "select last_seq_id from mt_event_progression where name = 'Relay:All'");
        relayed.Should().BePositive("the relay goes on where it was");

        using (var given = await city.Services["Invoicing"].Http.PostAsJsonAsync(
            new Uri("/runs/left-open/abandonment", UriKind.Relative), new { reason = "迁移" }))
            given.EnsureSuccessStatusCode();
        const string run = "2025-heat";
        (await city.Put("Invoicing", $"/runs/{run}", City.Order(2025))).EnsureSuccessStatusCode();
        await city.Reaches(run, "drafted");
        await city.Post(run);
        await city.Reaches(run, "posted");
        await city.Call("partner-load", "--payments", "300", "--connections", "8", "--query");

        await city.IsInBalance(run);
        (await city.Ask("Payments", "select count(*) from mt_events where seq_id > " + relayed)).Should()
            .BeGreaterThan(300);
        foreach (var service in new[] { "customer", "tariff", "invoicing", "payments", "collections" })
            (await city.Call("rebuild", service)).Code.Should().Be(0);
        await city.IsInBalance(run);
    }
}
