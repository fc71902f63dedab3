using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Billing.Contracts.Api;
using Billing.Platform;
using Billing.Testing;
using FluentAssertions;
using Npgsql;

namespace Billing.Journeys.Tests;

/// <summary>
/// A whole instance of its own, started by <c>./billing up</c> as people do, with a server that may be lost.
/// </summary>
public sealed class Rehearsal : IAsyncLifetime, IDisposable
{
    private readonly string _name = "rehearsal";
    private readonly string _folder = Directory.CreateTempSubdirectory("billing-rehearsal-").FullName;
    private HttpClient _http = new();

    /// <summary>The bank day that the payments are of; it is over, so its file can be taken.</summary>
    public static string Day { get; } =
        TimeProvider.System.Today().AddDays(-1).ToString("yyyyMMdd", CultureInfo.InvariantCulture);

    private string Backups => Path.Combine(Backend.Root, ".run", $"{_name}.backups");

    private Dictionary<string, string> Environment => File.ReadLines(Path.Combine(Backend.Root, ".run", _name, "env"))
        .Select(line => line.Split('=', 2)).ToDictionary(parts => parts[0], parts => parts[1].Trim('\''));

    public async Task InitializeAsync()
    {
        await Wipe();
        await Done("up");
        var keys = Path.Combine(Backend.Root, ".run", _name, "keys");
        _http.Dispose();
        _http = new(new AsPartner(
            new SignedIn(new SocketsHttpHandler(), actor => TestTokens.HeaderOf(
                actor, Environment["BILLING_IDENTITY_URL"] + "/", Path.Combine(keys, "identity.pem"))),
            At("Payments", "/"), At("Partners", "/"), TimeProvider.System, Path.Combine(keys, "partners-1.key")))
        {
            Timeout = TimeSpan.FromSeconds(100),
        };
        await Done("generate", "--accounts", "150", "--out", _folder);
        await Done("import", "plans", Path.Combine(_folder, "plans"));
        // Lines are refused on purpose.
        await Billing("import", "accounts", Path.Combine(_folder, "accounts.csv"));
    }

    public void Dispose() => _http.Dispose();

    public async Task DisposeAsync()
    {
        await Billing("down");
        await Wipe();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Runs a command; answers its code and what it said.</summary>
    public async Task<(int Code, string Output)> Billing(params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(Backend.Root, "billing"), arguments)
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var other in start.Environment.Keys.Where(key => key.StartsWith("BILLING_", StringComparison.Ordinal)))
            start.Environment.Remove(other);
        start.Environment["BILLING_INSTANCE"] = _name;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, $"{output}{await errors}");
    }

    /// <summary>The same, of a command that must succeed; answers what it said.</summary>
    public async Task<string> Done(params string[] arguments)
    {
        var (code, output) = await Billing(arguments);
        code.Should().Be(0, $"./billing {string.Join(' ', arguments)} said: {output}");
        return output;
    }

    /// <summary>Makes a backup and answers its folder.</summary>
    public async Task<string> Backup() => (await Done("backup")).Split('\n').Select(line => line.Trim())
        .Last(line => line.StartsWith(Backups, StringComparison.Ordinal) && Directory.Exists(line));

    /// <summary>Drafts the bills of a heating season of everybody; answers whether that was ordered now.</summary>
    public async Task<bool> Draft(int season)
    {
        var answer = await Put("Invoicing", $"/runs/{season}-heat", City.Order(season));
        await Reaches(season, "drafted");
        return answer is HttpStatusCode.Created or HttpStatusCode.Accepted;
    }

    /// <summary>Registers a customer; answers whether it is new.</summary>
    public async Task<bool> Register(string customer) => await Put("Customer", $"/customers/{customer}", new
    {
        name = "演练", phone = "13800000000", kind = "Person",
    }) == HttpStatusCode.Created;

    /// <summary>Drafts a plan of prices like one of the town's; answers whether it is new.</summary>
    public async Task<bool> DraftPlan(string code)
    {
        var plan = Directory.GetFiles(Path.Combine(_folder, "plans"), "*.json").Order(StringComparer.Ordinal).First();
        var document = JsonNode.Parse(await File.ReadAllTextAsync(plan))!;
        (document["code"], document["version"]) = (code, 1);
        return await Put("Tariff", $"/plans/{code}/versions/1", document) == HttpStatusCode.Created;
    }

    /// <summary>Assesses everybody's arrears as of a day.</summary>
    public Task Assess(DateOnly day) => Put("Collections", $"/sweeps/{day:yyyy-MM-dd}", new { });

    /// <summary>Bills a heating season of everybody, and waits until it is posted.</summary>
    public async Task Bill(int season)
    {
        var run = $"{season}-heat";
        await Draft(season);
        using (var post = await _http.Agree(HttpMethod.Post, $"{At("Invoicing", $"/runs/{run}/post")}"))
            post.EnsureSuccessStatusCode();
        await Reaches(season, "posted");
        await IsInBalance();
    }

    /// <summary>A partner that may pay. Its file ends its day, so each journey has a partner of its own.</summary>
    public Task Admit(string partner) => Put("Payments", $"/partners/{partner}", new
    {
        name = "银行", channel = "Bank", amountRule = "ANY", dayCut = "00:00:00",
        limits = new PartnerLimits(1_000, 1_000, 1_000, 1_000, 1_000, 1_000),
    });

    /// <summary>A partner pays into an account that has bills; answers whether that was new.</summary>
    public async Task<bool> Pay(string partner, string serial, long fen)
    {
        var answer = await Put("Payments", $"/partners/{partner}/payments/{Day}/{serial}", new
        {
            account = Account(serial), amount = new { fen },
        });
        return answer == HttpStatusCode.Created;
    }

    /// <summary>The partner's file of the day, with these payments; answers how it compares.</summary>
    public async Task<string> TakeFile(string partner, params (string Serial, long Fen)[] payments)
    {
        string Yuan(long fen) => (fen / 100m).ToString("0.00", CultureInfo.InvariantCulture);
        var lines = payments.Select(payment =>
            $"{Day}|{payment.Serial}|{Account(payment.Serial)}|{Yuan(payment.Fen)}|MOBILE|PAY\n");
        using var file = new StringContent(
            $"{payments.Length}|{Yuan(payments.Sum(payment => payment.Fen))}\n{string.Concat(lines)}", Encoding.UTF8,
            "text/plain");
        using var taken = await _http.PostAsync(
            At("Payments", $"/partners/{partner}/days/{Day}/reconciliation"), file);
        var compared = await taken.Content.ReadAsStringAsync();
        taken.IsSuccessStatusCode.Should().BeTrue(compared);
        return compared;
    }

    /// <summary>How much of what a partner paid counts, fen.</summary>
    public Task<long> Received(string partner) => Ask(
        "Payments", $"select coalesce(sum(amount_fen), 0)::bigint from payment where partner = '{partner}'");

    public async Task<long> Ask(string service, string sql)
    {
        await using var connection = new NpgsqlConnection(
            Environment[$"BILLING_{service.ToUpperInvariant()}_OWNER_POSTGRES"] + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>The server is killed, and its disk is gone.</summary>
    public async Task LosePostgres()
    {
        await Backend.Servers("kill", _name, "postgres");
        var home = Environment.GetValueOrDefault(
            "BILLING_POSTGRES_HOME", Path.Combine(Backend.Root, ".run", _name, "postgres"));
        Directory.Delete(Path.Combine(home, "data"), recursive: true);
    }

    /// <summary>Another server takes the place of the lost one, with what it had heard: a copy of a backup.</summary>
    public async Task FailOverTo(string backup)
    {
        await LosePostgres();
        var home = Environment.GetValueOrDefault(
            "BILLING_POSTGRES_HOME", Path.Combine(Backend.Root, ".run", _name, "postgres"));
        await Shell($"cp -a '{backup}/data' '{home}/data' && chown -R --reference='{home}' '{home}/data' "
            + $"&& chmod 0700 '{home}/data'");
    }

    public async Task IsInBalance() =>
        (await Done("audit")).Should().MatchRegex(@"trial balance: balanced \(\d+ accounts, 0 fen off\)");

    /// <summary>Each serial pays for an account of its own, which are the first ones of the town.</summary>
    private static string Account(string serial) =>
        $"10000000{int.Parse(serial[^2..], CultureInfo.InvariantCulture):00}";

    private static async Task Shell(string command)
    {
        using var shell = Process.Start("bash", ["-c", command])!;
        await shell.WaitForExitAsync();
        shell.ExitCode.Should().Be(0, command);
    }

    private Task Reaches(int season, string state) => Eventually.Holds(
        async () => (await _http.GetStringAsync(At("Invoicing", $"/runs/{season}-heat")))
            .Contains($"\"state\":\"{state}\"", StringComparison.OrdinalIgnoreCase),
        $"{season}-heat is {state}", TimeSpan.FromMinutes(2));

    private async Task<HttpStatusCode> Put(string service, string path, object body)
    {
        using var answer = await _http.Agree(HttpMethod.Put, $"{At(service, path)}", body);
        answer.IsSuccessStatusCode.Should().BeTrue($"{path}: {await answer.Content.ReadAsStringAsync()}");
        return answer.StatusCode;
    }

    private Uri At(string service, string path) =>
        new(new Uri(Environment[$"BILLING_{service.ToUpperInvariant()}_URL"]), path);

    private async Task Wipe()
    {
        await Backend.Servers("wipe", _name);
        if (Directory.Exists(Backups))
            Directory.Delete(Backups, recursive: true);
    }
}
