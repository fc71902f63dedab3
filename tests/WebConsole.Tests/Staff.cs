using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Identity.Tests;
using Billing.Platform;
using Billing.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Playwright;

namespace Billing.WebConsole.Tests;

/// <summary>
/// The people of the city and one browser for all of them. Each signs in once, on the real pages; later pages begin
/// with the cookies of that time.
/// </summary>
public sealed class Staff : Chromium
{
    /// <summary>Sees everything and changes nothing.</summary>
    public const string Auditor = "he";

    /// <summary>Manages users, roles and clients, and sees no money.</summary>
    public const string Administrator = "zhao";

    /// <summary>Sees neither figures nor users.</summary>
    public const string Clerk = "chen";

    private const string Password = "a password of my own";

    private readonly string _folder = Directory.CreateTempSubdirectory("billing-console-").FullName;
    private readonly string _identity = $"http://127.0.0.1:{FreePort.Next()}/";
    private readonly ConcurrentDictionary<string, string> _states = new();
    private readonly WebApplication _elsewhere = WebApplication.CreateSlimBuilder().Build();
    private HttpClient _asAdministrator = null!;
    private IBrowserContext? _open;

    /// <summary>The address under which browsers know Identity: another site than the console.</summary>
    public const string Issuer = "http://identity.test/";

    public string ConsoleAddress { get; } = $"http://127.0.0.1:{FreePort.Next()}";

    /// <summary>Another origin, of the same site: cookies of the console go with what its pages send.</summary>
    public Uri SameSite => new(_elsewhere.Urls.First());

    /// <summary>Another site.</summary>
    public static Uri OtherSite => new("http://other.test/");

    /// <summary>What a page of the other origins shows.</summary>
    public string Page { get; set; } = "";

    /// <summary>The folder in which the console keeps keys and sessions.</summary>
    public string Keys => Path.Combine(_folder, "keys");

    private string Secret => Path.Combine(_folder, "secret");

    public static string[] SettingsOfServices =>
        [$"--Billing:Tokens:Issuer={Issuer}", $"--Billing:Tokens:Key={SealingKey.PublicFile}"];

    public string[] SettingsOfIdentity =>
    [
        $"--urls={_identity}", $"--Billing:Identity:Key={SealingKey.File}",
        $"--Billing:Identity:Console={ConsoleAddress}", $"--Billing:Identity:ConsoleSecret={Secret}",
        // Without anybody who manages users nobody else can be added.
        $"--Billing:Identity:FirstPassword={Path.Combine(_folder, "first")}",
    ];

    public string[] SettingsOfConsole =>
    [
        $"--Billing:Tokens:Issuer={Issuer}", $"--Billing:Console:Backchannel={_identity}",
        $"--Billing:Console:ClientSecret={Secret}", $"--Billing:Console:Keys={Keys}",
    ];

    protected override IEnumerable<string> Arguments =>
    [
        $"--host-resolver-rules=MAP {OtherSite.Host} {SameSite.Authority}, "
            + $"MAP {new Uri(Issuer).Host} {new Uri(_identity).Authority}",
    ];

    public Staff() => File.WriteAllText(Secret, "the-secret-of-the-console");

    /// <summary>Starts the browser, and has everybody sign in.</summary>
    public async Task Hire(HttpClient identity)
    {
        _asAdministrator = identity;
        _elsewhere.Urls.Add("http://127.0.0.1:0");
        _elsewhere.MapGet("/", () => Results.Content(Page, "text/html"));
        await _elsewhere.StartAsync();
        await InitializeAsync();
        await Task.WhenAll(
            Hire(Auditor, "何审计", "auditor"), Hire(Administrator, "赵管理", "administrator"),
            Hire(Clerk, "陈业务", "clerk"));
    }

    /// <summary>Adds somebody with these roles, who signs in on the pages.</summary>
    public async Task Hire(string user, string name, params string[] roles)
    {
        var answer = await _asAdministrator.PutAsJsonAsync($"/users/{user}", new { displayName = name, roles });
        answer.StatusCode.Should().Be(HttpStatusCode.Created);
        var saved = (await answer.Content.ReadFromJsonAsync<SavedUser>(Wire.Strict))!;
        await using var context = await Browser.NewContextAsync(new() { Locale = "zh-CN" });
        // Everybody signs in at once, while six services start.
        context.SetDefaultTimeout(120_000);
        var page = await context.NewPageAsync();
        await page.GotoAsync(ConsoleAddress);
        await Fill(page, ("name", user), ("password", saved.OneTimePassword!));
        await Fill(page, ("present", saved.OneTimePassword!), ("chosen", Password), ("again", Password));
        await page.Arrives(url => !url.Contains("/password", StringComparison.Ordinal));
        if (page.Url.Contains("/second-factor", StringComparison.Ordinal))
        {
            var secret = Totp.Secret(await page.Locator("code").InnerTextAsync());
            await Fill(page, ("password", Password), ("code", Totp.Code(secret, Totp.Now)));
        }
        await page.Arrives($"{ConsoleAddress}/");
        _states[user] = await context.StorageStateAsync();
    }

    /// <summary>Signs in again on the page that is open, without a second factor.</summary>
    public static Task SignInAgain(IPage page, string user) => Fill(page, ("name", user), ("password", Password));

    /// <summary>A browser window of somebody who has signed in.</summary>
    public Task<IBrowserContext> Window(string user, BrowserNewContextOptions? options = null) =>
        Browser.NewContextAsync(new(options ?? new()) { StorageState = _states[user] });

    /// <summary>
    /// The window that a test looks at, in place of the one of the test before: a page that refreshes itself would go
    /// on asking the services behind all tests that follow.
    /// </summary>
    public async Task<IBrowserContext> NextWindow(string user, BrowserNewContextOptions options)
    {
        if (_open is not null)
            await _open.CloseAsync();
        return _open = await Window(user, options);
    }

    /// <summary>The cookies of somebody who has signed in, as a header.</summary>
    public string Cookies(string user) => string.Join("; ", System.Text.Json.JsonDocument.Parse(_states[user])
        .RootElement.GetProperty("cookies").EnumerateArray()
        .Where(cookie => cookie.GetProperty("name").GetString()!.StartsWith("billing-console", default))
        .Select(cookie => $"{cookie.GetProperty("name")}={cookie.GetProperty("value")}"));

    /// <summary>A client with the cookies of somebody; redirects are not followed.</summary>
    public HttpClient Client(string? user, WebApplication? console = null)
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
        {
            BaseAddress = new(console?.Urls.First() ?? ConsoleAddress),
        };
        if (user is not null)
            client.DefaultRequestHeaders.Add("Cookie", Cookies(user));
        return client;
    }

    /// <summary>A token of somebody with every right.</summary>
    public static AuthenticationHeaderValue Token(string user) => new("Bearer", TestTokens.Make(
        new() { ["sub"] = user, ["preferred_username"] = user, ["rights"] = string.Join(' ', Enum.GetValues<Right>()) },
        token => token.Issuer = Issuer));

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await _elsewhere.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task Fill(IPage page, params (string Field, string Value)[] fields)
    {
        foreach (var (field, value) in fields)
            await page.FillAsync($"#{field}", value);
        await page.PressAsync($"#{fields[^1].Field}", "Enter");
    }
}

/// <summary>Waiting for an address.</summary>
internal static class Arrival
{
    // Not for the load event: of a chain of redirects, it may have come before anybody waited for it.
    private static readonly PageWaitForURLOptions Committed = new() { WaitUntil = WaitUntilState.Commit };

    /// <summary>Waits until a page of this address is there.</summary>
    public static Task Arrives(this IPage page, string address) => page.WaitForURLAsync(address, Committed);

    /// <summary>The same of any address that is meant.</summary>
    public static Task Arrives(this IPage page, Func<string, bool> isMeant) =>
        page.WaitForURLAsync(isMeant, Committed);
}
