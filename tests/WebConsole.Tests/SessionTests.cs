using System.Net;
using Billing.Identity;
using Billing.Testing;
using Dapper;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Playwright;

namespace Billing.WebConsole.Tests;

/// <summary>Who gets in, how long, and what the browser keeps of it.</summary>
[Collection(nameof(City))]
public sealed class SessionTests(City city)
{
    private static readonly string[] Open =
        ["/console.css", "/console.js", "/health/live", "/health/ready", "/signed-out"];

    [Fact]
    public async Task Nothing_opens_without_a_session_and_no_header_is_one()
    {
        using var nobody = city.Staff.Client(null);
        nobody.DefaultRequestHeaders.Add("X-Actor", "user:zhao");
        nobody.DefaultRequestHeaders.Add("Cookie", "billing-console=CfDJ8forged");
        nobody.DefaultRequestHeaders.Authorization = Staff.Token(Staff.Administrator);
        var endpoints = city.Console.Services.GetRequiredService<EndpointDataSource>().Endpoints
            .OfType<RouteEndpoint>().ToList();

        endpoints.Where(endpoint => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null)
            .Select(endpoint => endpoint.RoutePattern.RawText).Should().BeEquivalentTo(Open);
        foreach (var endpoint in endpoints)
        {
            var path = endpoint.RoutePattern.RawText!.Replace("{", "", default).Replace("}", "", default);
            var method = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods[0] ?? "GET";
            using var request = new HttpRequestMessage(HttpMethod.Parse(method), new Uri(path, UriKind.Relative));
            using var answer = await nobody.SendAsync(request);
            if (Open.Contains(path))
                answer.StatusCode.Should().Be(HttpStatusCode.OK, path);
            else if (path.StartsWith("/fragments", StringComparison.Ordinal))
                answer.StatusCode.Should().Be(HttpStatusCode.Unauthorized, "a part of a page cannot go and sign in");
            else
                $"{answer.Headers.Location}".Should().StartWith($"{Staff.Issuer}connect/authorize",
                    $"{method} {path}").And.Contain("code_challenge=").And.Contain("max_age=3600");
        }
    }

    [Fact]
    public async Task The_browser_has_a_name_of_a_session_that_no_script_reads_and_no_token()
    {
        await using var window = await city.Staff.Window(Staff.Auditor);
        var page = await window.NewPageAsync();
        await page.GotoAsync($"{city.Address}");

        (await page.EvaluateAsync<string>("document.cookie")).Should().BeEmpty();
        var cookies = (await window.CookiesAsync()).Where(cookie => cookie.Name.StartsWith("billing-console")).ToList();
        cookies.Should().HaveCount(2).And.OnlyContain(cookie => cookie.HttpOnly && cookie.Expires == -1);
        cookies.Single(cookie => cookie.Name == "billing-console").SameSite.Should().Be(SameSiteAttribute.Lax);
        cookies.Single(cookie => cookie.Name == "billing-console-form").SameSite.Should().Be(SameSiteAttribute.Strict);
        cookies.Sum(cookie => cookie.Value.Length).Should().BeLessThan(1_000, "tokens are longer");
        (await page.ContentAsync()).Should().NotContain("eyJ");
    }

    [Fact]
    public async Task What_lies_in_the_folder_opens_nothing_by_itself()
    {
        var files = Directory.GetFiles(city.Staff.Keys, "*", SearchOption.AllDirectories);
        files.Should().HaveCountGreaterThan(2);
        foreach (var file in files)
        {
            var text = await File.ReadAllTextAsync(file);
            text.Should().NotContain("eyJ").And.NotContain("<value>").And.NotContain(Staff.Auditor + "审");
        }
    }

    [Fact]
    public async Task Behind_https_cookies_are_of_this_host_alone_and_go_over_https_only()
    {
        await using var console = await city.StartConsole("--Billing:Console:Address=https://console.test");
        using var http = city.Staff.Client(null, console);

        using var answer = await http.GetAsync(new Uri("/", UriKind.Relative));

        var cookies = answer.Headers.GetValues("Set-Cookie").ToList();
        cookies.Should().HaveCount(2).And.OnlyContain(cookie => cookie.StartsWith("__Host-billing-console-")
            && cookie.Contains("; secure") && cookie.Contains("; path=/;") && cookie.Contains("; httponly"));
        console.Services.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>()
            .Get(CookieAuthenticationDefaults.AuthenticationScheme).Cookie.Name.Should().Be("__Host-billing-console");
        $"{answer.Headers.Location}".Should().Contain("redirect_uri=https%3A%2F%2Fconsole.test%2Fsignin-oidc");
        answer.Headers.GetValues("Strict-Transport-Security").Should().ContainSingle();
    }

    [Fact]
    public async Task Tokens_are_renewed_before_they_end_and_once_for_all_requests_of_a_session()
    {
        await city.Staff.Hire("renewing", "续期", "auditor");
        var clock = new AheadClock();
        await using var console = await city.StartConsole(clock);
        using var http = city.Staff.Client("renewing", console);

        clock.By = TimeSpan.FromSeconds(40);
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => http.GetAsync("/fragments/runs")));

        answers.Should().OnlyContain(answer => answer.StatusCode == HttpStatusCode.OK);
        (await Tokens("renewing", "redeemed")).Should().Be(1);
        (await Tokens("renewing", "valid")).Should().Be(1);
    }

    [Fact]
    public async Task Whoever_was_locked_is_out_with_the_next_renewal_and_comes_back_to_the_page_afterwards()
    {
        await city.Staff.Hire("leaving", "离开", "auditor");
        await city.Identity.Http.PostAsync("/users/leaving/lock", Json("""{"reason":"离职"}"""));
        var clock = new AheadClock { By = TimeSpan.FromSeconds(40) };
        await using var console = await city.StartConsole(clock);
        using var http = city.Staff.Client("leaving", console);

        using var refused = await http.GetAsync("/users?q=x");

        refused.StatusCode.Should().Be(HttpStatusCode.Redirect);
        using var first = city.Staff.Client("leaving");
        (await first.GetAsync("/")).StatusCode.Should().Be(HttpStatusCode.Redirect, "the session is gone everywhere");
        await city.Identity.Http.PostAsync("/users/leaving/unlock", null);
        await using var window = await city.Staff.Window("leaving");
        var page = await window.NewPageAsync();
        await page.GotoAsync($"{city.Address}users?q=leav&lang=en");
        (await page.InnerTextAsync("h1")).Should().Be("Sign in", "in the language of the page that was asked for");
        await Staff.SignInAgain(page, "leaving");
        await page.Arrives($"{city.Address}users?q=leav&lang=en");
        await Assertions.Expect(page.Locator("tbody tr")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task A_session_that_nobody_uses_ends_and_a_page_that_refreshes_itself_is_no_use_of_it()
    {
        await city.Staff.Hire("idle", "离席", "auditor");
        var clock = new AheadClock();
        await using var console = await city.StartConsole(clock);
        using var http = city.Staff.Client("idle", console);

        foreach (var (minutes, path, expected) in new[]
        {
            (50, "/fragments/runs", HttpStatusCode.OK), (59, "/roles", HttpStatusCode.OK),
            (110, "/fragments/runs", HttpStatusCode.OK), (121, "/fragments/runs", HttpStatusCode.Unauthorized),
            (122, "/roles", HttpStatusCode.Redirect),
        })
        {
            clock.By = TimeSpan.FromMinutes(minutes);
            (await http.GetAsync(path)).StatusCode.Should().Be(expected, $"after {minutes} minutes");
        }
    }

    [Fact]
    public async Task A_session_ends_after_twelve_hours_however_much_it_is_used()
    {
        await city.Staff.Hire("busy", "加班", "auditor");
        var clock = new AheadClock();
        await using var console = await city.StartConsole(clock, "--Billing:Console:IdleMinutes=480");
        using var http = city.Staff.Client("busy", console);

        foreach (var (minutes, expected) in new[]
        {
            (400, HttpStatusCode.OK), (719, HttpStatusCode.OK), (721, HttpStatusCode.Redirect),
        })
        {
            clock.By = TimeSpan.FromMinutes(minutes);
            (await http.GetAsync("/roles")).StatusCode.Should().Be(expected, $"after {minutes} minutes");
        }
    }

    [Fact]
    public async Task While_the_provider_is_away_the_session_stays()
    {
        await city.Staff.Hire("patient", "耐心", "auditor");
        var clock = new AheadClock { By = TimeSpan.FromSeconds(40) };
        await using (var console = await city.StartConsole(clock, "--Billing:Console:Backchannel=http://127.0.0.1:9/"))
        {
            using var http = city.Staff.Client("patient", console);
            (await http.GetAsync("/roles")).StatusCode.Should().Be(HttpStatusCode.OK);
        }
        using var later = city.Staff.Client("patient");
        (await later.GetAsync("/roles")).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Signing_out_ends_the_session_its_refresh_token_and_that_of_the_provider()
    {
        await city.Staff.Hire("going", "下班", "auditor");
        await using var window = await city.Staff.Window("going");
        var page = await window.NewPageAsync();
        await page.GotoAsync($"{city.Address}?lang=en");
        (await Tokens("going", "valid")).Should().Be(1);

        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");

        await page.Arrives($"{city.Address}signed-out?lang=en");
        (await page.InnerTextAsync("h1")).Should().Be("Signed out");
        using var kept = city.Staff.Client("going");
        (await kept.GetAsync("/")).StatusCode.Should().Be(HttpStatusCode.Redirect, "the cookie is worth nothing");
        (await Tokens("going", "valid")).Should().Be(0);
        await page.GetByRole(AriaRole.Link).ClickAsync();
        // The provider has forgotten the person, too.
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Sign in");
    }

    [Theory]
    [InlineData("//other.test/")]
    [InlineData("/\\other.test/")]
    public async Task Nobody_is_led_to_another_host_after_signing_in(string path)
    {
        await city.Staff.Hire($"led{path[1]:x}".Replace('/', 'a').Replace('\\', 'b'), "引路", "auditor");
        await using var window = await city.Staff.Browser.NewContextAsync();
        var page = await window.NewPageAsync();
        await page.GotoAsync($"{city.Address.GetLeftPart(UriPartial.Authority)}{path}");
        await Staff.SignInAgain(page, $"led{path[1]:x}".Replace('/', 'a').Replace('\\', 'b'));
        await page.Arrives(url => url.StartsWith($"{city.Address}", StringComparison.Ordinal));
    }

    [Fact]
    public void The_file_of_settings_has_them_at_their_defaults() =>
        SettingsFile.HasTheDefaultsOf<ConsoleOptions>(ConsoleOptions.Section);

    /// <summary>How many refresh tokens of somebody the provider holds in this state.</summary>
    private async Task<long> Tokens(string user, string status)
    {
        await using var connection = await city.Identity.Source.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<long>(
            """
            select count(*) from oauth_tokens token join users on users.id::text = token.subject
            where user_name = @user and type = 'urn:ietf:params:oauth:token-type:refresh_token' and status = @status
            """,
            new { user, status });
    }

    private static StringContent Json(string text) => new(text, System.Text.Encoding.UTF8, "application/json");
}
