using System.Globalization;
using System.Text.Json;
using Billing.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Playwright;

namespace Billing.WebConsole.Tests;

/// <summary>The page as people see it: in a real Chromium, before five real services.</summary>
[Collection(nameof(City))]
public sealed class OperationsPageTests(City city)
{
    [Theory]
    [InlineData("/", "zh-CN", "zh-CN", "计费运行台", "平衡")]
    [InlineData("/", "en-GB", "en", "Billing operations", "balanced")]
    [InlineData("/", "fr-FR", "zh-CN", "计费运行台", "平衡")]
    [InlineData("/?lang=en", "zh-CN", "en", "Billing operations", "balanced")]
    [InlineData("/?lang=zh", "en-GB", "zh-CN", "计费运行台", "平衡")]
    public async Task It_speaks_both_languages(string path, string browser, string tag, string title, string verdict)
    {
        var page = await Open(path, locale: browser);

        (await page.Locator("html").GetAttributeAsync("lang")).Should().Be(tag);
        (await page.Locator("h1").InnerTextAsync()).Should().Be(title);
        (await page.Locator("#balance .chip").InnerTextAsync()).Should().Be(verdict);
    }

    [Fact] public async Task The_figures_are_those_of_the_services()
    {
        var page = await Open("/?lang=en");

        var rates = (await city.Get(Peer.Collections, "/rates/collection?by=project")).GetProperty("figure");
        var total = rates.GetProperty("total");
        (await Cells(page, "#rates tfoot tr")).Should().Equal(
            "Total", Yuan(total, "receivable"), Yuan(total, "collected"), Percent(total, "percent"),
            Percent(total, "currentPercent"), Percent(total, "oldPercent"));
        (await page.Locator("#rates tbody tr").CountAsync()).Should().Be(rates.GetProperty("groups").GetArrayLength());

        var ageing = (await city.Get(Peer.Collections, "/ageing?by=utility")).GetProperty("figure")
            .EnumerateArray().ToList();
        (await Cells(page, "#ageing tfoot tr")).Should().Equal(
            ["Total", .. ageing.Select(group => Yuan(group, "open")), Yuan(ageing.Sum(group => Fen(group, "open"))),
                Number(ageing.Sum(group => group.GetProperty("count").GetInt64()))]);

        var days = $"from={City.Today.AddDays(-29):yyyy-MM-dd}&to={City.Today:yyyy-MM-dd}";
        var cash = (await city.Get(Peer.Payments, $"/cash?{days}")).EnumerateArray().ToList();
        (await Cells(page, "#cash tfoot tr")).Should().Equal(
            "Total", Yuan(cash.Sum(c => Fen(c, "received"))), Yuan(cash.Sum(c => Fen(c, "reversed"))),
            Yuan(cash.Sum(c => Fen(c, "net"))), Number(cash.Sum(c => c.GetProperty("count").GetInt64())));
        cash.Sum(c => Fen(c, "reversed")).Should().BeGreaterThan(0);

        var invoicing = await city.Get(Peer.Invoicing, "/totals");
        var payments = await city.Get(Peer.Payments, "/totals");
        var books = (await city.Get(Peer.Collections, "/totals")).GetProperty("figure");
        (await Cells(page, "#balance tbody tr >> nth=0")).Should().Equal(
            "Charges", Yuan(invoicing, "amount"), Yuan(payments, "charges"), Yuan(books, "charges"), "0.00");
        (await Cells(page, "#balance tbody tr >> nth=3")).Should().Equal(
            "Charges − credits − allocated = open", Yuan(books, "open"), Yuan(payments, "open"), Yuan(books, "open"),
            "0.00");
    }

    [Fact] public async Task Every_figure_leads_to_the_answer_behind_it()
    {
        var page = await Open("/");
        var links = await page.Locator("main a[href]").EvaluateAllAsync<string[]>("all => all.map(a => a.href)");

        links.Should().HaveCountGreaterThan(12).And.OnlyContain(link => link.Contains("/api/"));
        foreach (var link in links.Distinct())
        {
            var answer = await page.APIRequest.GetAsync(link);
            answer.Status.Should().Be(200, link);
            answer.Headers["content-type"].Should().StartWith("application/json", link);
        }
    }

    [Fact] public async Task A_run_shows_its_progress_without_a_reload()
    {
        var page = await Open("/?lang=en");
        (await page.GetByText("2026-10-electricity-live").CountAsync()).Should().Be(0);

        await city.Freeze("2026-10-electricity-live", "Electricity", "2026-10", "2026-11-08", "2026-11-25");

        var run = page.Locator("#runs article", new() { HasText = "2026-10-electricity-live" });
        await run.WaitForAsync(new() { Timeout = 20_000 });
        await run.Locator(".chip", new() { HasText = "drafted" }).WaitForAsync(new() { Timeout = 20_000 });
        var bar = run.Locator("progress").First;
        (await bar.GetAttributeAsync("value")).Should().Be(await bar.GetAttributeAsync("max"));
        (await bar.GetAttributeAsync("aria-label")).Should().Be("Draft");
    }

    [Fact] public async Task A_service_that_is_down_shows_as_such_and_the_rest_stays()
    {
        await using var console = await city.StartConsole("--Billing:Services:Payments=http://127.0.0.1:9");
        var page = await Open("/?lang=en", console: console);

        (await page.Locator("#cash .missing").InnerTextAsync()).Should()
            .Be("Payments does not answer (ConnectionError)", "an address inside is nobody's business");
        (await page.Locator("#balance .chip").InnerTextAsync()).Should().Be("cannot be told");
        (await page.Locator("#lag .service", new() { HasText = "Payments" }).InnerTextAsync())
            .Should().Contain("does not answer");
        (await page.Locator("#rates tbody tr").CountAsync()).Should().BeGreaterThan(0);
        (await Cells(page, "#balance tbody tr >> nth=0"))[2].Should().BeEmpty();
        await Picture(page, "down");
    }

    [Theory]
    [InlineData("zh", 1280, ColorScheme.Light)]
    [InlineData("en", 1280, ColorScheme.Dark)]
    [InlineData("zh", 390, ColorScheme.Light)]
    [InlineData("en", 390, ColorScheme.Dark)]
    public async Task It_fits_the_screen_and_loads_nothing_from_elsewhere(
        string language, int width, ColorScheme scheme)
    {
        var (errors, requests) = (new List<string>(), new List<string>());
        var page = await Open($"/?lang={language}", width, scheme, prepare: page =>
        {
            page.Console += (_, message) => errors.AddRange(message.Type == "error" ? [message.Text] : []);
            page.PageError += (_, error) => errors.Add(error);
            page.Request += (_, request) => requests.Add(request.Url);
        });

        await Picture(page, $"{language}-{width}-{scheme}");
        (await page.EvaluateAsync<int>("document.documentElement.scrollWidth")).Should().BeLessThanOrEqualTo(width);
        (await page.Locator("table").CountAsync()).Should().Be(await page.Locator("table > caption").CountAsync());
        errors.Should().BeEmpty();
        requests.Should().OnlyContain(url => url.StartsWith(city.Address.ToString()) || url.StartsWith("data:"));
    }

    private async Task<IPage> Open(
        string path, int width = 1280, ColorScheme scheme = ColorScheme.Light, string locale = "zh-CN",
        WebApplication? console = null, Action<IPage>? prepare = null)
    {
        var context = await city.Staff.NextWindow(Staff.Auditor, new()
        {
            ViewportSize = new() { Width = width, Height = 900 }, ColorScheme = scheme, Locale = locale,
        });
        var page = await context.NewPageAsync();
        prepare?.Invoke(page);
        var address = console is null ? city.Address : new Uri(console.Urls.First());
        (await page.GotoAsync(new Uri(address, path).ToString()))!.Status.Should().Be(200);
        return page;
    }

    /// <summary>For people to look at; <c>docs/console.png</c> is one of them.</summary>
    private static Task Picture(IPage page, string name) => page.ScreenshotAsync(new()
    {
        FullPage = true, Path = Path.Combine(Backend.Root, "artifacts/console", $"{name}.png"),
    });

    /// <summary>The texts of a row; cells that hold only a bar or nothing are left out.</summary>
    private static async Task<string[]> Cells(IPage page, string row) =>
        [.. await page.Locator(row).Locator("th, td:not(.barcell):not(.none)").AllInnerTextsAsync()];

    private static long Fen(JsonElement of, string name) => of.GetProperty(name).GetProperty("fen").GetInt64();

    private static string Yuan(JsonElement of, string name) => Yuan(Fen(of, name));

    private static string Yuan(long fen) => (fen / 100m).ToString("#,##0.00", CultureInfo.InvariantCulture);

    private static string Number(long number) => number.ToString("#,##0", CultureInfo.InvariantCulture);

    private static string Percent(JsonElement of, string name) =>
        of.GetProperty(name).GetDecimal().ToString("0.0", CultureInfo.InvariantCulture) + "%";
}
