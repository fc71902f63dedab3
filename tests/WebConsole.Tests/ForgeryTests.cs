using System.Net;
using Billing.Contracts.Api;
using Billing.Platform;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using System.Net.Http.Json;

namespace Billing.WebConsole.Tests;

/// <summary>What another site, or a page that was changed, can have a person's browser do: nothing.</summary>
[Collection(nameof(City))]
public sealed class ForgeryTests(City city)
{
    public static TheoryData<string> Elsewhere => ["same-site", "other-site"];

    [Fact]
    public async Task Every_form_needs_the_token_of_a_page_of_this_session()
    {
        using var http = city.Staff.Client(Staff.Administrator);
        var forms = city.Console.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint =>
                endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods is not ["GET"] and not null)
            .Select(endpoint => endpoint.RoutePattern.RawText!.Replace("{", "", default).Replace("}", "", default))
            .ToList();

        forms.Should().HaveCount(7);
        foreach (var path in forms)
        {
            using var form = new FormUrlEncodedContent([KeyValuePair.Create("action", "lock")]);
            using var answer = await http.PostAsync(path, form);
            answer.StatusCode.Should().Be(HttpStatusCode.BadRequest, path);
            WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync()).Should().Contain("没有任何更改", path);
        }
    }

    [Fact]
    public async Task A_body_that_cannot_be_read_as_a_form_is_refused_and_no_fault()
    {
        using var http = city.Staff.Client(Staff.Administrator);
        foreach (var type in new[] { "multipart/form-data", "multipart/form-data; boundary=x" })
        {
            using var body = new StringContent("--y\r\n");
            body.Headers.Remove("Content-Type");
            body.Headers.TryAddWithoutValidation("Content-Type", type);
            using var answer = await http.PostAsync("/users", body);
            answer.StatusCode.Should().Be(HttpStatusCode.BadRequest, type);
        }
    }

    [Theory, MemberData(nameof(Elsewhere))]
    public async Task A_form_that_another_origin_sends_changes_nothing(string from)
    {
        city.Staff.Page = $"""
            <form method="post" action="{city.Address}users/{Staff.Clerk}?lang=en">
              <input name="action" value="lock"><input name="reason" value="forged"><button>go</button>
            </form>
            """;
        await using var window = await city.Staff.Window(Staff.Administrator);
        var page = await window.NewPageAsync();
        // The session is good: the very same is done by a page of the console.
        await page.GotoAsync($"{city.Address}users/{Staff.Clerk}?lang=en");
        (await page.Locator("button[value=lock]").CountAsync()).Should().Be(1);
        string? sent = null;
        page.Request += (_, request) => sent = request.Method == "POST" ? request.Url : sent;
        await page.GotoAsync($"{(from == "same-site" ? city.Staff.SameSite : Staff.OtherSite)}");

        await page.ClickAsync("button");

        await page.Locator("h1").WaitForAsync();
        sent.Should().StartWith($"{city.Address}users/", "the browser did send it");
        // Of another site, the browser does not even send the cookie.
        (await page.InnerTextAsync("h1")).Should().Match(title => title == (
            from == "same-site" ? "Nothing was done" : "Sign in") || title == "User chen");
        (await User(Staff.Clerk)).Locked.Should().BeFalse();
    }

    [Fact]
    public async Task The_token_of_one_session_is_not_good_in_another()
    {
        using var other = city.Staff.Client(Staff.Auditor);
        using var http = city.Staff.Client(Staff.Administrator);
        var page = await other.GetStringAsync("/?lang=en");
        var token = page.Split("__RequestVerificationToken\" value=\"")[1].Split('"')[0];
        using var form = new FormUrlEncodedContent(
            [KeyValuePair.Create("action", "lock"), KeyValuePair.Create("reason", "x"),
                KeyValuePair.Create("__RequestVerificationToken", token)]);

        using var answer = await http.PostAsync($"/users/{Staff.Clerk}", form);

        answer.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await User(Staff.Clerk)).Locked.Should().BeFalse();
    }

    [Fact]
    public async Task Every_page_forbids_what_it_does_not_need()
    {
        using var http = city.Staff.Client(Staff.Administrator);
        string[] paths = ["/", "/users", "/roles/clerk", "/clients", "/nowhere", "/console.css", "/signed-out"];
        foreach (var path in paths)
        {
            using var answer = await http.GetAsync(path);
            var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
            policy.Should().Be(
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
                + "base-uri 'none'; frame-ancestors 'none'; form-action 'self' "
                + new Uri(Staff.Issuer).GetLeftPart(UriPartial.Authority), path);
            answer.Headers.GetValues("X-Content-Type-Options").Should().Equal("nosniff");
            answer.Headers.GetValues("Referrer-Policy").Should().Equal("no-referrer");
            answer.Headers.GetValues("Cross-Origin-Opener-Policy").Should().Equal("same-origin");
            var page = await answer.Content.ReadAsStringAsync();
            if (answer.Content.Headers.ContentType!.MediaType == "text/html")
                page.Should().NotContain(" style=").And.NotContain("<style").And.NotMatchRegex("<script(?! src=)")
                    .And.NotMatchRegex(" on[a-z]+=", path);
        }
    }

    private async Task<UserDetails> User(string name) =>
        (await city.Identity.Http.GetFromJsonAsync<UserDetails>($"/users/{name}", Wire.Strict))!;
}
