using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Billing.Contracts;
using Billing.Platform;
using Billing.Testing;

namespace Billing.Fuzz.Tests;

/// <summary>All services on one broker, with a customer, a plan, a partner and a posted bill.</summary>
public sealed class Company : IAsyncLifetime
{
    public const string Account = "1000000001";
    public const string ReadingsHead = "account,meter,read_on,kind,total,peak,valley";
    public const string AccountsHead = "account,customer,name,phone,region,project,address,class,opened_on,"
        + "electricity_plan,voltage,meters,heat_plan,area_m2,height_m,use_class,heat_metered";
    public const string AccountsLine = Account + ",C10000001,李秀英,13800000000,海淀区,知春里,北京市海淀区知春里1室,"
        + "Residential,2020-10-01,beijing-residential-electricity,<1kV,M1:1:6:0,beijing-residential-heat,60.5,,住宅,0";

    private readonly Dictionary<string, Running> _services = [];

    public static readonly string[] Services =
        ["Customer", "Tariff", "Invoicing", "Payments", "Collections", "Identity"];

    /// <summary>What is described: each service for staff, and Payments for partners.</summary>
    public static readonly string[] Documents = [.. Services, Partners];

    public const string Partners = "Partners";

    public static DateOnly Today => TimeProvider.System.Today();

    public Uri Broker { get; private set; } = null!;

    public Running this[string service] => _services[service];

    /// <summary>What a service says of its API.</summary>
    public Task<string> Describe(string document) => document == Partners
        ? this["Payments"].Http.GetStringAsync(new Uri(this["Payments"].Partners!, "/partner/v1/openapi.json"))
        : this[document].Http.GetStringAsync("/openapi/v1.json");

    public async Task InitializeAsync()
    {
        Broker = await Backend.NewVirtualHost();
        _services["Customer"] = await Running.Start(Customers.Program.Build, Broker);
        _services["Tariff"] = await Running.Start(Tariffs.Program.Build, Broker);
        _services["Invoicing"] = await Running.Start(Invoicing.Program.Build, Broker);
        _services["Payments"] = await Running.Start(Payments.Program.Build, Broker);
        _services["Collections"] = await Running.Start(Collections.Program.Build, Broker);
        _services["Identity"] = await Running.Start(
            Identity.Program.Build, Broker, null, $"--Billing:Identity:Key={SealingKey.File}");
        await Publish("beijing-residential-electricity");
        await Publish("beijing-residential-heat");
        await Import("Customer", "/imports/accounts", AccountsHead, AccountsLine);
        await Count("Invoicing", "select count(*) from account_supply", 1);
        await Succeeds(_services["Payments"].Http.Agree(
            HttpMethod.Put, "/partners/icbc",
            new { name = "工商银行", channel = "Bank", amountRule = "ANY", dayCut = "00:00:00" }));
        await Bill();
    }

    public async Task DisposeAsync()
    {
        foreach (var service in _services.Values)
            await service.DisposeAsync();
    }

    private async Task Publish(string plan)
    {
        using var document = new StringContent(
            await File.ReadAllTextAsync(Path.Combine(Backend.Root, "tools/plans", plan + ".json")), Encoding.UTF8,
            "application/json");
        using var draft = new HttpRequestMessage(HttpMethod.Put, $"/plans/{plan}/versions/1") { Content = document };
        await Succeeds(_services["Tariff"].Http.SendAsync(draft.As("wang")));
        await Succeeds(_services["Tariff"].Http.Agree(HttpMethod.Post, $"/plans/{plan}/versions/1/publish"));
        await Count("Invoicing", $"select count(*) from plan_version where plan = '{plan}'", 1);
    }

    private async Task Bill()
    {
        var month = BillingPeriod.Of(Today).Previous;
        await Import(
            "Invoicing", "/imports/readings", ReadingsHead,
            $"{Account},M1,{month.Month.First.AddDays(-1):yyyy-MM-dd},initial,100,,",
            $"{Account},M1,{month.Month.Last:yyyy-MM-dd},regular,250,,");
        var http = _services["Invoicing"].Http;
        await Succeeds(http.PutAsJsonAsync("/runs/first", new
        {
            utility = "Electricity", period = month.Value, issuedOn = $"{Today:yyyy-MM-dd}",
            dueOn = $"{Today.AddDays(15):yyyy-MM-dd}",
        }));
        await Reaches("drafted");
        await Succeeds(http.Agree(HttpMethod.Post, "/runs/first/post"));
        await Reaches("posted");
        await Count("Payments", "select count(*) from open_charge", 1);
    }

    private Task Reaches(string state) => Eventually.Is(
        state,
        async () => (await _services["Invoicing"].Http.GetFromJsonAsync<JsonElement>("/runs/first"))
            .GetProperty("state").GetString(),
        "the state of the run");

    private async Task Import(string service, string path, params string[] lines)
    {
        using var content = new StringContent(string.Join('\n', lines) + "\n", Encoding.UTF8);
        content.Headers.ContentType = new MediaTypeHeaderValue("text/csv");
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        request.Headers.Add("Idempotency-Key", path);
        var answer = await Succeeds(_services[service].Http.SendAsync(request));
        JsonDocument.Parse(answer).RootElement.GetProperty("refused").GetArrayLength().Should().Be(0, answer);
    }

    private async Task Count(string service, string sql, long expected) => await Eventually.Is(
        expected,
        async () =>
        {
            await using var command = _services[service].Source.CreateCommand(sql);
            return (long)(await command.ExecuteScalarAsync())!;
        },
        $"{service}'s answer to {sql}");

    private static async Task<string> Succeeds(Task<HttpResponseMessage> asked)
    {
        using var answer = await asked;
        var text = await answer.Content.ReadAsStringAsync();
        answer.IsSuccessStatusCode.Should().BeTrue($"{answer.RequestMessage!.RequestUri} answered {text}");
        return text;
    }
}
