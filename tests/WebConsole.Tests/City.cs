global using FluentAssertions;
global using Xunit;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Billing.Platform;
using Billing.Testing;
using Microsoft.AspNetCore.Builder;

namespace Billing.WebConsole.Tests;

/// <summary>
/// A small city on real services: accounts with heat and electricity, one run of each utility posted, and payments of
/// which one is too large and one comes back. The console stands before it, and its people sign in at Identity.
/// </summary>
public sealed class City : IAsyncLifetime
{
    private static readonly string[] Projects = ["阳光花园", "望京新城", "知春里", "金隅嘉华小区"];
    private static readonly string[] Plans = ["beijing-residential-heat", "beijing-residential-electricity"];
    private static readonly (string, string)[] Partners =
        [("icbc", "Bank"), ("wechat", "WeChat"), ("wuye", "PropertyManager")];

    private const int Accounts = 48;

    private readonly Dictionary<Peer, Running> _services = [];

    public WebApplication Console { get; private set; } = null!;

    public Uri Address => new(Console.Urls.First());

    /// <summary>Who signs in.</summary>
    public Staff Staff { get; } = new();

    public Running Identity => _services[Peer.Identity];

    public static DateOnly Today => TimeProvider.System.Today();

    public HttpClient this[Peer peer] => _services[peer].Http;

    public async Task InitializeAsync()
    {
        var broker = await Backend.NewVirtualHost();
        await Start(Peer.Identity, broker, Billing.Identity.Program.Build, Staff.SettingsOfIdentity);
        await Start(Peer.Customer, broker, Customers.Program.Build);
        await Start(Peer.Tariff, broker, Tariffs.Program.Build);
        await Start(Peer.Invoicing, broker, Invoicing.Program.Build);
        await Start(Peer.Payments, broker, Payments.Program.Build);
        await Start(Peer.Collections, broker, Collections.Program.Build);
        Console = await StartConsole($"--urls={Staff.ConsoleAddress}");
        var hired = Staff.Hire(Identity.Http);
        await PublishPlans();
        await OpenAccounts();
        await ReadMeters();
        await Bill("2026-09-electricity-1", "Electricity", "2026-09", "2026-10-08", "2026-10-25");
        await Bill("2025-2026-heat-1", "Heat", "2025-2026", "2025-11-01", "2025-12-31");
        await TakePayments();
        await hired;
    }

    private async Task Start(
        Peer peer, Uri broker, Func<string[], WebApplication> build, params string[] settings)
    {
        var service = await Running.Start(build, broker, settings: [.. Staff.SettingsOfServices, .. settings]);
        service.Http.DefaultRequestHeaders.Authorization = Staff.Token("wang");
        _services[peer] = service;
    }

    public async Task DisposeAsync()
    {
        await Staff.DisposeAsync();
        await Console.DisposeAsync();
        foreach (var service in _services.Values)
            await service.DisposeAsync();
    }

    /// <summary>A console before the same city, with other addresses for some services.</summary>
    public Task<WebApplication> StartConsole(params string[] settings) =>
        StartConsole(TimeProvider.System, settings);

    /// <summary>The same with a clock of its own. Sessions are those of the first console.</summary>
    public async Task<WebApplication> StartConsole(TimeProvider clock, params string[] settings)
    {
        string[] addresses = [.. _services.Select(s => $"--Billing:Services:{s.Key}={s.Value.Http.BaseAddress}")];
        var console = Program.Build(
            ["--urls=http://127.0.0.1:0", .. addresses, .. Staff.SettingsOfConsole, .. settings], clock);
        await console.StartAsync();
        return console;
    }

    public async Task<JsonElement> Get(Peer peer, string query) =>
        await this[peer].GetFromJsonAsync<JsonElement>(query);

    /// <summary>Freezes a run without waiting for it.</summary>
    public async Task Freeze(string run, string utility, string period, string issuedOn, string dueOn) =>
        await Succeeds(this[Peer.Invoicing].PutAsJsonAsync($"/runs/{run}", new { utility, period, issuedOn, dueOn }));

    private async Task PublishPlans()
    {
        foreach (var plan in Plans)
        {
            using var document = new StringContent(
                await File.ReadAllTextAsync(Path.Combine(Backend.Root, "tools/plans", plan + ".json")),
                Encoding.UTF8, "application/json");
            await Succeeds(this[Peer.Tariff].PutAsync($"/plans/{plan}/versions/1", document));
            await Succeeds(Agree(Peer.Tariff, HttpMethod.Post, $"/plans/{plan}/versions/1/publish"));
        }
        foreach (var peer in (Peer[])[Peer.Invoicing, Peer.Customer])
            await Count(peer, "select count(*) from plan_version", Plans.Length);
    }

    private async Task OpenAccounts()
    {
        var lines = Enumerable.Range(0, Accounts).Select(i => string.Create(
            CultureInfo.InvariantCulture,
            $"{Account(i)},C{10_000_000 + i},李秀英,13800000000,海淀区,{Projects[i % 4]},北京市海淀区{Projects[i % 4]}{i}室," +
            $"Residential,2020-10-01,beijing-residential-electricity,<1kV,M{i:00000000}:1:6:0," +
            $"beijing-residential-heat,{60 + i}.5,,住宅,0"));
        await Import(Peer.Customer, "/imports/accounts", [
            "account,customer,name,phone,region,project,address,class,opened_on,electricity_plan,voltage,meters," +
            "heat_plan,area_m2,height_m,use_class,heat_metered", .. lines]);
        await Count(Peer.Invoicing, "select count(*) from account_supply", Accounts);
    }

    private Task ReadMeters() => Import(Peer.Invoicing, "/imports/readings", [
        "account,meter,read_on,kind,total,peak,valley",
        .. Enumerable.Range(0, Accounts).SelectMany(i => (string[])[
            $"{Account(i)},M{i:00000000},2026-08-31,initial,100,,",
            $"{Account(i)},M{i:00000000},2026-09-30,regular,{250 + i * 7},,"])]);

    private async Task Bill(string run, string utility, string period, string issuedOn, string dueOn)
    {
        await Freeze(run, utility, period, issuedOn, dueOn);
        await Reaches(run, "drafted");
        await Succeeds(Agree(Peer.Invoicing, HttpMethod.Post, $"/runs/{run}/post"));
        await Reaches(run, "posted");
    }

    private Task Reaches(string run, string state) => Eventually.Is(
        state, async () => (await Get(Peer.Invoicing, $"/runs/{run}")).GetProperty("state").GetString(),
        $"the state of {run}");

    /// <summary>
    /// Of every project fewer people pay; the first pays too much, and the second's bank takes it back.
    /// </summary>
    private async Task TakePayments()
    {
        var billed = (await Get(Peer.Invoicing, "/totals")).GetProperty("invoices").GetInt64();
        billed.Should().BeGreaterThan(Accounts, "both runs must have billed");
        await Eventually.Is(billed, () => Total(Peer.Payments, "invoices"), "the invoices known to Payments");
        await Eventually.Is(billed, () => Total(Peer.Collections, "invoices"), "the invoices known to Collections");
        foreach (var (partner, channel) in Partners)
        {
            await Succeeds(Agree(Peer.Payments, HttpMethod.Put, $"/partners/{partner}", new
            {
                name = partner, channel, amountRule = "ANY", dayCut = "00:00:00",
            }));
            await Succeeds(Agree(
                Peer.Payments, HttpMethod.Put, $"/partners/{partner}/keys/tests",
                new { goodUntil = Today.AddDays(400) }));
        }
        for (var i = 0; i < Accounts; i++)
        {
            if (i % 4 + i / 4 % 6 < 5)
                await Pay(i);
        }
        await Succeeds(this[Peer.Payments].PutAsJsonAsync(
            $"/partners/{PartnerOf(1)}/payments/{Today:yyyyMMdd}/S0001/reversal",
            new { account = Account(1), reason = "冲正" }));
        var allocated = (await Get(Peer.Payments, "/totals")).GetProperty("allocated").GetProperty("fen").GetInt64();
        await Eventually.Is(allocated, () => Total(Peer.Collections, "allocated"), "what is allocated in Collections");
    }

    private async Task Pay(int i)
    {
        var body = new { account = Account(i), amount = new { fen = i == 0 ? 300_000_00 : 1_900_00 } };
        await Succeeds(this[Peer.Payments].PutAsJsonAsync(
            $"/partners/{PartnerOf(i)}/payments/{Today:yyyyMMdd}/S{i:0000}", body));
    }

    private async Task<HttpResponseMessage> As(
        AuthenticationHeaderValue token, Peer peer, HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        request.Headers.Authorization = token;
        request.Content = body is null ? null : JsonContent.Create(body);
        return await this[peer].SendAsync(request);
    }

    /// <summary>One asks, another one approves.</summary>
    private async Task<HttpResponseMessage> Agree(Peer peer, HttpMethod method, string path, object? body = null)
    {
        using var asked = await As(Staff.Token("wang"), peer, method, path, body);
        var proposal = await asked.Proposal();
        return await As(
            Staff.Token("zhang"), peer, HttpMethod.Post, $"/approvals/{proposal.Kind}/{proposal.Key}/approve",
            new { seen = proposal.Seen });
    }

    private async Task<long> Total(Peer peer, string name)
    {
        var totals = await Get(peer, "/totals");
        var value = (peer == Peer.Collections ? totals.GetProperty("figure") : totals).GetProperty(name);
        return value.ValueKind == JsonValueKind.Object ? value.GetProperty("fen").GetInt64() : value.GetInt64();
    }

    private async Task Import(Peer peer, string path, string[] lines)
    {
        using var content = new StringContent(string.Join('\n', lines) + "\n", Encoding.UTF8);
        content.Headers.ContentType = new MediaTypeHeaderValue("text/csv");
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        request.Headers.Add("Idempotency-Key", path);
        var text = await Succeeds(this[peer].SendAsync(request));
        JsonDocument.Parse(text).RootElement.GetProperty("refused").GetArrayLength().Should().Be(0, text);
    }

    private static async Task<string> Succeeds(Task<HttpResponseMessage> asked)
    {
        using var answer = await asked;
        var text = await answer.Content.ReadAsStringAsync();
        answer.IsSuccessStatusCode.Should().BeTrue($"{answer.RequestMessage!.RequestUri} answered {text}");
        return text;
    }

    private async Task Count(Peer peer, string sql, long expected) => await Eventually.Is(expected, async () =>
    {
        await using var command = _services[peer].Source.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }, $"in {peer}, {sql}");

    private static string PartnerOf(int i) => (i % 7) switch { < 4 => "icbc", < 6 => "wechat", _ => "wuye" };

    private static string Account(int i) => (1_000_000_001 + i).ToString(CultureInfo.InvariantCulture);
}

[CollectionDefinition(nameof(City))]
public sealed class CityCollection : ICollectionFixture<City>;
