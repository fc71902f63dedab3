using System.Collections.Concurrent;
using Billing.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Playwright;

namespace Billing.Identity.Tests;

/// <summary>Signing in as people see it, in a real Chromium and by keyboard.</summary>
[Collection(nameof(IdentityService))]
public sealed class PageTests(IdentityService identity, ConsoleBrowser chromium) : IClassFixture<ConsoleBrowser>
{
    [Theory]
    [InlineData("zh-CN", "登录", "设置新密码", "启用二次验证", "授权命令行", "已允许")]
    [InlineData(
        "en-GB", "Sign in", "Choose a password", "Set up your second factor", "Let a command line in", "Allowed")]
    public async Task A_new_approver_gets_in_by_keyboard_and_lets_a_command_line_in(
        string locale, string signIn, string password, string secondFactor, string device, string allowed)
    {
        var name = $"keyboard.{locale[..2]}";
        var saved = await identity.Save(name, "run-approver");
        var (page, faults) = await Open(locale);

        await page.GotoAsync($"{new Uri(identity.Address, Person.AuthorizeAddress(out _))}");
        await Shows(page, signIn, $"1-{locale}");
        await Type(page, name, saved.OneTimePassword!, "");
        await Shows(page, password, $"2-{locale}");
        await Type(page, saved.OneTimePassword!, "a password of my own", "a password of my own");
        await Shows(page, secondFactor, $"3-{locale}");
        (await page.Locator(".qr svg").BoundingBoxAsync())!.Width.Should().BeGreaterThan(150, "an app can read it");
        var secret = Totp.Secret(await page.Locator("code").InnerTextAsync());
        await Type(page, "a password of my own", Totp.Code(secret, Totp.Now));
        await page.WaitForURLAsync($"{IdentityService.Console}/signin-oidc?code=*");

        using var http = new HttpClient { BaseAddress = identity.Address };
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("client_id", "billing-cli")]);
        var asked = System.Text.Json.JsonElement.Parse(await (await http.PostAsync(
            new Uri("/connect/device", UriKind.Relative), form)).Content.ReadAsStringAsync());
        await page.GotoAsync(asked.GetProperty("verification_uri").GetString()!);
        await Shows(page, device, $"4-{locale}");
        await Type(page, asked.GetProperty("user_code").GetString()!);
        await Shows(page, device, $"5-{locale}");
        (await page.InnerTextAsync("main")).Should().Contain("./billing").And.Contain(saved.User.DisplayName);
        await page.Locator("button[value=allow]").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Eventually.Holds(
            async () => (await page.InnerTextAsync("main")).Contains(allowed, StringComparison.Ordinal), allowed);

        faults.Should().BeEmpty("nothing is blocked or missing on any of the pages");
    }

    [Theory]
    [InlineData("zh-CN", "用户名或密码不正确;错误多次后须等待十五分钟。")]
    [InlineData("en-GB", "User name or password is wrong; after several attempts wait fifteen minutes.")]
    public async Task What_was_wrong_is_said_and_the_name_stays(string locale, string why)
    {
        var (page, _) = await Open(locale);
        await page.GotoAsync($"{new Uri(identity.Address, SignInPage.Path)}");

        await Type(page, "nobody.here", "not the password", "");

        await page.Locator("[role=alert]").WaitForAsync();
        (await page.InnerTextAsync("[role=alert]")).Should().Be(why);
        (await page.InputValueAsync("#name")).Should().Be("nobody.here");
        (await page.InputValueAsync("#password")).Should().BeEmpty();
        await Shot(page, $"6-{locale}");
    }

    private async Task<(IPage Page, ConcurrentQueue<string> Faults)> Open(string locale)
    {
        var context = await chromium.Browser.NewContextAsync(new()
        {
            Locale = locale, ViewportSize = new() { Width = 900, Height = 720 },
        });
        var page = await context.NewPageAsync();
        var faults = new ConcurrentQueue<string>();
        page.Console += (_, message) => faults.Enqueue(message.Text);
        page.PageError += (_, error) => faults.Enqueue(error);
        return (page, faults);
    }

    private static async Task Shows(IPage page, string title, string shot)
    {
        await Eventually.Holds(async () => await page.InnerTextAsync("h1") == title, $"the page is called {title}");
        await Shot(page, shot);
    }

    /// <summary>The first field has the focus; each next one is a tab away, and Enter sends.</summary>
    private static async Task Type(IPage page, params string[] fields)
    {
        await page.WaitForFunctionAsync("document.activeElement.tagName === 'INPUT'");
        for (var i = 0; i < fields.Length; i++)
        {
            await page.Keyboard.TypeAsync(fields[i]);
            await page.Keyboard.PressAsync(i < fields.Length - 1 ? "Tab" : "Enter");
        }
    }

    private static async Task Shot(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("BILLING_SHOTS") is { Length: > 0 } folder)
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png") });
    }
}

/// <summary>A browser in which the console's name leads to a page of ours.</summary>
public sealed class ConsoleBrowser : Chromium
{
    private readonly WebApplication _console = WebApplication.CreateSlimBuilder().Build();

    public override async Task InitializeAsync()
    {
        _console.Urls.Add("http://127.0.0.1:0");
        _console.MapGet("/{**any}", () => Results.Content("<link rel=icon href='data:,'>console", "text/html"));
        await _console.StartAsync();
        await base.InitializeAsync();
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await _console.DisposeAsync();
    }

    protected override IEnumerable<string> Arguments =>
    [
        $"--host-resolver-rules=MAP {new Uri(IdentityService.Console).Host} {new Uri(_console.Urls.First()).Authority}",
    ];
}
