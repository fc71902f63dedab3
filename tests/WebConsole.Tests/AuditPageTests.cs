using System.Collections.Concurrent;
using System.Net;
using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Testing;
using Microsoft.Playwright;

namespace Billing.WebConsole.Tests;

/// <summary>Who did what, of six services in one list, in a real Chromium.</summary>
[Collection(nameof(City))]
public sealed class AuditPageTests(City city)
{
    [Theory]
    [InlineData("zh", "审计日志", "拒绝", "更早", "最新在前", "没有符合条件的记录", "起止日期须为有效日期")]
    [InlineData(
        "en", "Audit trail", "Refused", "Older", "Newest first", "Nothing on record", "Both days are days")]
    public async Task An_auditor_asks_who_did_what(
        string language, string title, string refused, string older, string newest, string nothing, string wrong)
    {
        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => TurnedAway($"crowd.{language}.{i}")));
        await TurnedAway($"nosy.{language}");
        var (page, faults) = await Open(Staff.Auditor, $"/audit?lang={language}");
        await Eventually.Holds(
            async () =>
            {
                await page.GotoAsync($"{city.Address}audit?actor=user%3Anosy.{language}&kind=Refusal&lang={language}");
                return await page.Locator("tbody tr").CountAsync() == 1;
            },
            "the refusal is on record");
        (await page.InnerTextAsync("tbody tr")).Should().Contain(refused).And.Contain("Collections #");
        await Picture(page, $"audit-refused-{language}");
        await page.SelectOptionAsync("#service", "Tariff");
        await page.FocusAsync("#target");
        await page.Keyboard.PressAsync("Enter");
        await page.Locator(".empty", new() { HasText = nothing }).WaitForAsync();
        (await page.InputValueAsync("#actor")).Should().Be($"user:nosy.{language}");

        await page.GotoAsync($"{city.Address}audit?lang={language}");
        (await page.InnerTextAsync("h1")).Should().Be(title);
        (await page.InnerTextAsync("caption")).Should().Contain(newest);
        (await page.Locator("tbody tr").CountAsync()).Should().BeGreaterThanOrEqualTo(AuditPeers.PageSize);
        await Picture(page, $"audit-{language}");
        var seen = await Numbers(page);
        await page.GetByRole(AriaRole.Link, new() { Name = older }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.Arrives("**after=*");
        (await Numbers(page)).Should().NotBeEmpty().And.NotIntersectWith(seen);

        (await page.GotoAsync($"{city.Address}audit?from=2026-11-02&to=2026-11-01&lang={language}"))!
            .Status.Should().Be(422);
        (await page.InnerTextAsync(".wrong")).Should().Contain(wrong);
        faults.Where(fault => !fault.Contains("422", default)).Should().BeEmpty();
    }

    [Fact]
    public async Task A_file_of_one_service_is_handed_on_and_its_export_is_on_record()
    {
        using var http = city.Staff.Client(Staff.Auditor);
        using var file = await http.GetAsync("/audit/export?service=Payments");

        file.StatusCode.Should().Be(HttpStatusCode.OK);
        file.Content.Headers.ContentType!.MediaType.Should().Be("text/csv");
        file.Content.Headers.ContentDisposition!.FileName.Should().StartWith("audit-payments-");
        var lines = (await file.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines[0].Should().StartWith("id,at,kind,actor,client,");
        lines.Should().HaveCountGreaterThan(10).And.Contain(line => line.Contains("partner:icbc", default));
        (await http.GetStringAsync("/audit?service=Payments&operation=ExportAuditTrail&lang=en"))
            .Should().Contain("user:" + Staff.Auditor);

        foreach (var question in new[] { "", "?service=Nobody", "?service=Payments&from=2026-11-02&to=2026-11-01" })
        {
            using var refused = await http.GetAsync("/audit/export" + question);
            refused.StatusCode.Should().Be(HttpStatusCode.BadRequest, question);
            (await refused.Content.ReadAsStringAsync()).Should().Contain("question-invalid");
        }
    }

    [Fact]
    public async Task A_service_that_is_away_is_said_and_the_others_are_shown()
    {
        await using var console = await city.StartConsole("--Billing:Services:Tariff=http://127.0.0.1:9");
        using var http = city.Staff.Client(Staff.Auditor, console);

        var page = await http.GetStringAsync("/audit?kind=Command&lang=en");
        page.Should().Contain("Tariff does not answer").And.Contain("Invoicing #");
        using var file = await http.GetAsync("/audit/export?service=Tariff");
        file.StatusCode.Should().Be(HttpStatusCode.BadGateway);
    }

    [Fact]
    public async Task Whoever_may_not_read_it_sees_neither_page_nor_file_nor_the_way_there()
    {
        using var http = city.Staff.Client(Staff.Clerk);
        (await http.GetStringAsync("/?lang=en")).Should().NotContain("href=\"/audit");
        foreach (var path in new[] { "/audit", "/audit/export?service=Payments" })
        {
            using var answer = await http.GetAsync(path);
            answer.StatusCode.Should().Be(HttpStatusCode.Forbidden);
        }
    }

    /// <summary>Somebody without any right asks a service for something, and is refused.</summary>
    private async Task TurnedAway(string user)
    {
        using var http = new HttpClient { BaseAddress = city[Peer.Collections].BaseAddress };
        using var request = new HttpRequestMessage(HttpMethod.Put, "/sweeps/2026-11-01");
        request.Headers.Authorization = TestTokens.Bearer(TestTokens.Make(
            new() { ["sub"] = user, ["preferred_username"] = user, ["rights"] = "" },
            token => token.Issuer = Staff.Issuer));
        using var answer = await http.SendAsync(request);
        answer.StatusCode.Should().Be(HttpStatusCode.Forbidden);
    }

    private async Task<(IPage Page, ConcurrentQueue<string> Faults)> Open(string user, string path)
    {
        var window = await city.Staff.NextWindow(user, new() { ViewportSize = new() { Width = 1280, Height = 900 } });
        var page = await window.NewPageAsync();
        var faults = new ConcurrentQueue<string>();
        page.Console += (_, message) => faults.Enqueue(message.Text);
        page.PageError += (_, error) => faults.Enqueue(error);
        await page.GotoAsync(new Uri(city.Address, path).ToString());
        return (page, faults);
    }

    private static async Task<IReadOnlyList<string>> Numbers(IPage page) =>
        await page.Locator("tbody td:last-child").AllInnerTextsAsync();

    private static Task Picture(IPage page, string name) => page.ScreenshotAsync(new()
    {
        Path = Path.Combine(Backend.Root, "artifacts/console", $"{name}.png"),
    });
}
