using System.Diagnostics;
using System.IO.Compression;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Billing.Payments;
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
    private static string FileOf(string service) => Path.Combine(
        Backend.Root, "tests/Journeys.Tests/BeforeMarten", $"{service.ToLowerInvariant()}.sql.gz");

    /// <summary>All names, telephone numbers and addresses in the database of Customer as it was.</summary>
    public static async Task<IReadOnlyList<string>> PersonalData()
    {
        await using var dump = new GZipStream(System.IO.File.OpenRead(FileOf("Customer")), CompressionMode.Decompress);
        using var reader = new StreamReader(dump);
        return [.. Regex.Matches(await reader.ReadToEndAsync(), """
            "(?:name|phone|address)": "([^"]+)"
            """).Select(found => found.Groups[1].Value).Distinct()];
    }

    /// <summary>What a service shows in clear to whoever gives a reason.</summary>
    public async Task<string> ReadPersonalData(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{path}/personal-data");
        request.Headers.Add("Reason", "rehearsal");
        using var answer = await Services["Customer"].Http.SendAsync(request);
        return await answer.Content.ReadAsStringAsync();
    }

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
        await using (var dump = new GZipStream(System.IO.File.OpenRead(FileOf(service)), CompressionMode.Decompress))
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
        var clear = await OldCity.PersonalData();
        clear.Should().HaveCountGreaterThan(200, "names, numbers and addresses lay there in clear");
        foreach (var (service, database) in city.Databases)
        {
            var dump = await Dump.Of(database);
            clear.Where(text => dump.Contains(text, StringComparison.Ordinal)).Should().BeEmpty(service);
        }
        (await city.ReadPersonalData("/customers/C10000001")).Should().Contain(clear[0]).And.Contain(clear[1]);
        (await city.ReadPersonalData("/accounts/1000000001")).Should().Contain(clear[2]);
        (await city.Ask("Invoicing", """
            select count(*) from pg_tables where schemaname = 'work' and tablename = 'draft_left-open'
            """)).Should().Be(1, "the draft moved to where the service makes new ones");
        var relayed = await city.Stored("Payments", events => events.Relayed());
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
        (await city.Stored("Payments", events => events.Since<AccountEvent>(relayed).CountAsync().AsTask()))
            .Should().BeGreaterThan(300);
        foreach (var service in new[] { "customer", "tariff", "invoicing", "payments", "collections" })
            (await city.Call("rebuild", service)).Code.Should().Be(0);
        await city.IsInBalance(run);
    }

    /// <summary>As <c>./billing up</c> does with an instance of before: roles first, then the schema.</summary>
    [Fact]
    public async Task An_instance_whose_services_owned_everything_gets_owners_and_its_services_still_come_in()
    {
        await using var admin = NpgsqlDataSource.Create(Backend.Admin);
        await Run(admin, """
            create role billing_payments login password 'old';
            """);
        await Run(admin, "create database billing_payments owner billing_payments template template0 lc_collate 'C'");
        await Run(admin, "revoke connect on database billing_payments from public");
        await using (var before = NpgsqlDataSource.Create(As("billing_payments", "old")))
            await Run(before, "create table kept (n int); insert into kept values (1)");

        await InitRoles();
        await InitRoles();

        await using var owner = NpgsqlDataSource.Create(As("billing_payments_owner", "owner"));
        await new Platform.Schema(owner, typeof(MigrationTests).Assembly).Migrate("billing_payments");
        await using var service = NpgsqlDataSource.Create(As("billing_payments", "service"));
        await Run(service, "insert into kept values (2); insert into readiness (instance) values ('x')");
        await using var kept = service.CreateCommand(
            "select tableowner || (select count(*) from kept) from pg_tables where tablename = 'kept'");
        (await kept.ExecuteScalarAsync()).Should().Be("billing_payments_owner2");
    }

    private static string As(string role, string password) => new NpgsqlConnectionStringBuilder(Backend.Admin)
    {
        Database = "billing_payments", Username = role, Password = password, Pooling = false,
    }.ConnectionString;

    private static async Task Run(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task InitRoles()
    {
        var admin = new NpgsqlConnectionStringBuilder(Backend.Admin);
        var start = new ProcessStartInfo(Path.Combine(Backend.Root, "deploy/postgres/init.sh"))
        {
            RedirectStandardError = true,
            Environment =
            {
                ["PGHOST"] = admin.Host, ["PGPORT"] = $"{admin.Port}", ["PGUSER"] = admin.Username,
                ["PGPASSWORD"] = admin.Password,
            },
        };
        foreach (var name in new[] { "CUSTOMER", "TARIFF", "INVOICING", "PAYMENTS", "COLLECTIONS", "IDENTITY" })
        {
            start.Environment[$"BILLING_{name}_PASSWORD"] = "service";
            start.Environment[$"BILLING_{name}_OWNER_PASSWORD"] = "owner";
        }
        using var process = Process.Start(start)!;
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.Should().Be(0, errors);
    }
}
