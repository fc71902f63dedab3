using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Billing.WebConsole.Tests;

/// <summary>Whoever may see the console sees sums by it, and never a customer, an account or a bill.</summary>
[Collection(nameof(City))]
public sealed partial class DrillDownTests(City city)
{
    private static readonly string[] Routes =
    [
        "/", "/fragments/runs", "/fragments/figures", "/console.css", "/console.js", "/health/live", "/health/ready",
        "/signed-out", "/users", "/roles", "/clients", "/api/Identity/lag",
        "/api/Customer/lag", "/api/Tariff/lag", "/api/Invoicing/lag", "/api/Payments/lag", "/api/Collections/lag",
        "/api/Invoicing/runs", "/api/Invoicing/runs/{run}", "/api/Invoicing/totals", "/api/Payments/totals",
        "/api/Payments/cash", "/api/Collections/totals", "/api/Collections/rates-by-project",
        "/api/Collections/ageing-by-utility",
    ];

    /// <summary>
    /// Pages of one thing each, whose form goes to the address of its page; and the audit trail, which names accounts
    /// to those who may read it.
    /// </summary>
    private static readonly string[] Things =
    [
        "/users/{user}", "/roles/{role}", "/clients/{client}/{secret}", "/sign-out", "/audit", "/audit/export",
    ];

    private static readonly string[] Forms =
        ["/users", "/users/{user}", "/roles", "/roles/{role}", "/clients", "/clients/{client}/{secret}", "/sign-out"];

    private static readonly string[] Questions =
    [
        "/lag", "/runs", "/runs/2025-2026-heat-1", "/totals", "/rates/collection?by=project", "/ageing?by=utility",
    ];

    /// <summary>Ways from an address of the console to another path, as they go over the wire.</summary>
    private static readonly string[] Ways =
    [
        "/", "//", "/../", "/../../", "/./", "/%2e%2e/", "/%2E%2E/", "/.%2e/", "/%2e./", "/%252e%252e/",
        "/%25252e%25252e/", "/..%2f", "/%2e%2e%2f", "/..%252f", "/..%5c", "/..\\", "\\..\\", "/%5c..%5c", "/..;/",
        "/;/../", "/..%3b/", "/%c0%ae%c0%ae/", "/%c0%af", "/%ef%bc%8e%ef%bc%8e/", "/%e2%80%a5/", "/%u002e%u002e/",
        "/..%00/", "/%00/../", "/%0d%0a/../", "/%20../", "/..%09/", "%2f", "%252f", "?/../", "?path=/", "%3f/../",
        "#/../", "%23/../", "@127.0.0.1/", "/http://127.0.0.1/", "/..//",
    ];

    /// <summary>What the services would tell anybody who asked them.</summary>
    private static readonly string[] Goals =
    [
        "customers/C10000000", "accounts/1000000001", "accounts?project=x", "accounts/1000000001/timeline",
        "runs/2025-2026-heat-1/manifest/lines", "runs/2025-2026-heat-1/exceptions", "receivables/1000000001",
        "overdue?project=x", "partners/icbc/bills/1000000001", "openapi/v1.json",
    ];

    private static readonly string[] Addresses =
        [.. Routes.Select(route => route.Replace("{run}", "2025-2026-heat-1", StringComparison.Ordinal))];

    public static TheoryData<string> Starts => [.. Addresses];

    [Fact] public void The_routes_are_these_and_none_takes_a_path()
    {
        var routes = city.Console.Services.GetRequiredService<EndpointDataSource>().Endpoints
            .OfType<RouteEndpoint>().Select(endpoint => endpoint.RoutePattern).ToList();

        routes.Select(route => route.RawText).Should().BeEquivalentTo(
            Routes.Concat(Things).Concat(Forms),
            "a new route is looked at by a person before it is entered here: nothing of a single customer");
        routes.SelectMany(route => route.Parameters).Should().OnlyContain(parameter => !parameter.IsCatchAll)
            .And.ContainSingle(parameter => parameter.Name == "run");
    }

    [Fact] public void No_question_takes_an_address() =>
        typeof(Peers).GetMethods().Where(method => method.DeclaringType == typeof(Peers))
            .SelectMany(method => method.GetParameters()).Select(parameter => parameter.ParameterType).Distinct()
            .Should().BeEquivalentTo([typeof(Peer), typeof(RunName), typeof(DateOnly), typeof(CancellationToken)]);

    [Theory, MemberData(nameof(Starts))]
    public async Task No_way_leads_from_here_to_anything_else(string start)
    {
        foreach (var way in Ways)
        {
            foreach (var goal in Goals)
                await LeadsNowhere(start + way + goal);
        }
    }

    [Fact] public async Task No_address_of_a_service_is_taken_for_one_of_the_console()
    {
        foreach (var peer in Enum.GetValues<Peer>())
        {
            var service = city[peer].BaseAddress!;
            foreach (var goal in Goals)
            {
                await LeadsNowhere($"{service}{goal}");
                await LeadsNowhere($"//{service.Authority}/{goal}");
                await LeadsNowhere($"/api/{(int)peer}/{goal}");
                await LeadsNowhere($"/api/{peer}/{goal}");
                await LeadsNowhere($"/api/{service.Authority}/{goal}");
            }
        }
    }

    [Fact] public async Task Nothing_that_is_shown_names_a_customer_an_account_or_a_bill()
    {
        foreach (var path in Addresses.Append("/?lang=en"))
        {
            var (status, body) = await Raw(path);
            status.Should().Be(200, path);
            HasNobody(path, body);
        }
    }

    [Fact] public void A_chunk_that_failed_is_told_without_its_accounts()
    {
        var phase = new RunPhase(1, 0, 0, 0, Money.Zero, 0, 0);
        var run = new RunStatus(
            RunName.Parse("run"), Utility.Heat, BillingPeriod.Parse("2026-2027"), new(2026, 11, 1), new(2026, 12, 1),
            RunState.Failed, 1, 500, phase, phase, [], new(BillingPeriod.Parse("2025-2026"), 0, Money.Zero),
            [new(0, "1000000001", "1000000500", 5, "a fault")], Abandoned: null);

        run.WithoutAccounts().Failures.Should().Equal(new RunChunkFailure(0, "", "", 5, "a fault"));
    }

    [Fact] public void No_question_is_answered_with_a_customer_an_account_or_a_bill()
    {
        var answers = typeof(Peers).GetMethods().Where(method => method.DeclaringType == typeof(Peers))
            .SelectMany(method => Parts(method.ReturnType)).ToHashSet();

        answers.Should().Contain([typeof(RunStatus), typeof(CashOfDay), typeof(AgeingBucket), typeof(Money)])
            .And.NotContain([typeof(AccountNo), typeof(CustomerNo), typeof(InvoiceNo), typeof(PaymentId)]);
    }

    [Fact] public async Task An_answer_says_what_was_asked()
    {
        var (_, body) = await Raw("/api/Collections/rates-by-project?by=class");

        var answer = JsonDocument.Parse(body).RootElement;
        answer.GetProperty("query").GetString().Should().Be("/rates/collection?by=project");
        answer.GetProperty("value").GetProperty("figure").GetProperty("groups").GetArrayLength().Should().Be(4);
    }

    [Theory]
    [InlineData("2025-2026-heat-2", 404)]
    [InlineData("..", 404)]
    [InlineData("%252e%252e", 400)]
    [InlineData("a%2fmanifest", 400)]
    [InlineData("a.b", 400)]
    [InlineData("%E7%83%AD", 400)]
    [InlineData("12345678901234567890123456789012345678901", 400)]
    public async Task A_run_is_asked_for_by_a_name_of_its_form_and_no_other(string run, int expected)
    {
        var (status, body) = await Raw($"/api/Invoicing/runs/{run}");

        status.Should().Be(expected);
        if (expected == 400)
            body.Should().Contain("run-invalid").And.Contain("1 to 40 letters, digits or dashes");
    }

    [Theory]
    [InlineData("GET", "/nowhere", 404, "not-found")]
    [InlineData("GET", "/api/Invoicing/runs/2025-2026-heat-2", 404, "not-found")]
    [InlineData("GET", "/api/Customer/customers", 404, "not-found")]
    [InlineData("POST", "/api/Invoicing/runs", 405, "method-not-allowed")]
    [InlineData("DELETE", "/", 405, "method-not-allowed")]
    [InlineData("GET", "/api/Invoicing/runs/a.b", 400, "run-invalid")]
    public async Task A_refusal_is_a_problem_with_a_code(string method, string path, int status, string code)
    {
        using var http = city.Staff.Client(Staff.Auditor);
        using var request = new HttpRequestMessage(HttpMethod.Parse(method), new Uri(city.Address, path));
        using var answer = await http.SendAsync(request);
        ((int)answer.StatusCode).Should().Be(status);
        answer.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
        JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("code").GetString()
            .Should().Be(code);
    }

    [Fact] public async Task A_service_that_sends_the_console_elsewhere_is_not_followed()
    {
        var builder = WebApplication.CreateBuilder(["--urls=http://127.0.0.1:0"]);
        await using var service = builder.Build();
        var elsewhere = new Uri(city[Peer.Payments].BaseAddress!, "/totals").ToString();
        service.MapGet("/totals", () => Results.Redirect(elsewhere));
        await service.StartAsync();
        await using var console = await city.StartConsole($"--Billing:Services:Payments={service.Urls.First()}");

        var (status, body) = await Raw("/api/Payments/totals", new(console.Urls.First()));

        status.Should().Be(502);
        body.Should().Contain("HTTP 302").And.Contain("service-not-answering").And.NotContain(elsewhere);
    }

    [Theory]
    [InlineData("")]
    [InlineData("payments:5104")]
    [InlineData("file:///etc")]
    public async Task An_address_that_is_none_is_said_at_the_start(string address)
    {
        string[] others = ["Customer", "Tariff", "Invoicing", "Collections", "Identity"];
        await using var app = Program.Build(
            ["--urls=http://127.0.0.1:0", .. others.Select(peer => $"--Billing:Services:{peer}=http://127.0.0.1:9"),
            $"--Billing:Services:Payments={address}", .. city.Staff.SettingsOfConsole]);
        (await app.Awaiting(it => it.StartAsync()).Should().ThrowAsync<OptionsValidationException>())
            .WithMessage("*Billing:Services:Payments*");
    }

    /// <summary>A type of ours with everything that it is made of.</summary>
    private static IEnumerable<Type> Parts(Type type, int depth = 0) => depth > 8
        ? []
        : type.GetGenericArguments().Concat(IsOurs(type) ? type.GetProperties().Select(one => one.PropertyType) : [])
            .SelectMany(part => Parts(part, depth + 1)).Prepend(type);

    private static bool IsOurs(Type type) => type.Namespace?.StartsWith("Billing", StringComparison.Ordinal) is true;

    /// <summary>Refused, or one of the known questions, which the attack changed nothing of.</summary>
    private async Task LeadsNowhere(string target)
    {
        var (status, body) = await Raw(target);
        HasNobody(target, LinksToItself().Replace(body, ""));
        if (status is 400 or 404 or 405)
            return;
        status.Should().Be(200, target);
        if (body.StartsWith("{\"peer\"", StringComparison.Ordinal))
            JsonDocument.Parse(body).RootElement.GetProperty("query").GetString().Should().Match(
                query => Questions.Contains(query) || query!.StartsWith("/cash?from=20", StringComparison.Ordinal));
        else
            body.Should().Match(text => text == "Healthy" || text.Contains("<h2") || text.Contains("--good")
                || text.Contains("data-refresh") || text.Contains("<main"), target);
    }

    /// <summary>The links to the same page in the languages repeat what was asked.</summary>
    [GeneratedRegex("""<a href="[^"]*" lang="[^"]*"[^>]*>""")]
    private static partial Regex LinksToItself();

    private static void HasNobody(string target, string body)
    {
        body.Should().NotContainAny(["李", "13800000000", "C1000000", "E202609-", "\"openapi\""], target)
            .And.NotMatchRegex(@"1000000\d{3}", target);
    }

    /// <summary>
    /// A request as it is written here: no client puts its path in order. By HTTP/1.0, whose answer is the body itself.
    /// </summary>
    private async Task<(int Status, string Body)> Raw(string target, Uri? console = null)
    {
        var address = console ?? city.Address;
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(
            $"GET {target} HTTP/1.0\r\nHost: {address.Authority}\r\n"
            + $"Cookie: {city.Staff.Cookies(Staff.Auditor)}\r\n\r\n"));
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var text = await reader.ReadToEndAsync();
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        return (int.Parse(text.AsSpan(9, 3), provider: null), text[(end + 4)..]);
    }
}
