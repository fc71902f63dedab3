using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Billing.Contracts.Api;
using Billing.Platform;
using Billing.Testing;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Billing.Identity.Tests;

/// <summary>How long what was granted is good, and how it is given up.</summary>
[Collection(nameof(IdentityService))]
public sealed class SessionTests(IdentityService identity)
{
    [Fact]
    public async Task An_application_can_ask_for_the_password_anew_and_is_told_when_it_was_shown()
    {
        using var person = await identity.Somebody("fresh", "clerk");
        var began = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var tokens = await person.Tokens();
        var said = new JsonWebToken(tokens.GetProperty("id_token").GetString()).GetClaim("auth_time").Value;
        long.Parse(said, provider: null).Should().BeInRange(began - 60, began + 5);

        var asked = Person.AuthorizeAddress(out _);
        (await Leads(person, asked + "&max_age=3600")).Should().StartWith(IdentityService.Console);
        var anew = await Leads(person, asked + "&prompt=login");
        anew.Should().StartWith("/sign-in").And.NotContain("prompt", "it would be asked for ever");
        (await Leads(person, asked + "&max_age=0")).Should().StartWith("/sign-in").And.NotContain("max_age");
        await Eventually.Holds(
            async () => (await Leads(person, asked + "&max_age=1")).StartsWith("/sign-in", StringComparison.Ordinal),
            "what was shown more than a second ago is too old");
        (await person.Get(asked + "&prompt=none&max_age=1")).Headers.Location!.ToString()
            .Should().Contain("error=login_required");
    }

    [Fact]
    public async Task A_revoked_refresh_token_is_good_for_nothing()
    {
        using var person = await identity.Somebody("revoking", "clerk");
        var tokens = await person.Tokens();

        using var form = new FormUrlEncodedContent(
        [
            KeyValuePair.Create("token", tokens.GetProperty("refresh_token").GetString()!),
            KeyValuePair.Create("client_id", "billing-console"),
            KeyValuePair.Create("client_secret", "the-secret-of-the-console"),
        ]);
        (await identity.Running.Http.PostAsync("/connect/revoke", form)).StatusCode.Should().Be(HttpStatusCode.OK);

        (await Refresh(identity.Running, tokens)).Should().Be("invalid_grant");
    }

    [Fact]
    public async Task Signing_out_needs_a_token_of_the_person_or_a_yes()
    {
        using var person = await identity.Somebody("leaver", "clerk");
        var tokens = await person.Tokens();
        var back =
            $"post_logout_redirect_uri={IdentityService.Console}/signout-callback-oidc&client_id=billing-console";

        var asked = await person.Get($"/connect/logout?{back}&lang=en");
        asked.StatusCode.Should().Be(HttpStatusCode.OK);
        WebUtility.HtmlDecode(await asked.Content.ReadAsStringAsync()).Should().Contain("do you want to sign out");
        (await Leads(person, Person.AuthorizeAddress(out _))).Should().StartWith(
            IdentityService.Console, "another site that leads here ends nothing");
        (await person.Send("/connect/logout", ("answer", "leave"))).StatusCode
            .Should().Be(HttpStatusCode.BadRequest, "nor does a form of it");

        var gone = await person.Get(
            $"/connect/logout?{back}&id_token_hint={tokens.GetProperty("id_token").GetString()}");
        $"{gone.Headers.Location}".Should().StartWith($"{IdentityService.Console}/signout-callback-oidc");
        (await Leads(person, Person.AuthorizeAddress(out _))).Should().StartWith("/sign-in");
    }

    [Fact]
    public async Task A_yes_on_the_page_signs_out()
    {
        using var person = await identity.Somebody("sayer", "clerk");
        await person.Tokens();

        (await person.Submit("/connect/logout", ("answer", "leave"))).StatusCode.Should().Be(HttpStatusCode.Redirect);

        (await Leads(person, Person.AuthorizeAddress(out _))).Should().StartWith("/sign-in");
    }

    [Fact]
    public async Task Sessions_and_one_time_passwords_end()
    {
        var ahead = new AheadClock();
        var other = new IdentityService(ahead);
        await other.InitializeAsync();
        try
        {
            using var person = await other.Somebody("worker", "clerk");
            var tokens = await person.Tokens();
            var late = await other.Save("late", "clerk");
            using var newcomer = new Person(other.Address, "late", late.OneTimePassword!);

            ahead.By = TimeSpan.FromHours(11.9);
            tokens = await other.Exchange(Refreshing(tokens));
            tokens.TryGetProperty("access_token", out _).Should().BeTrue("it is used, and not over yet");
            ahead.By = TimeSpan.FromHours(12.1);
            (await Refresh(other.Running, tokens)).Should().Be("invalid_grant", "twelve hours after signing in");
            (await Leads(person, Person.AuthorizeAddress(out _))).Should().StartWith("/sign-in");
            (await person.SignIn()).StatusCode.Should().Be(HttpStatusCode.Redirect);

            ahead.By = TimeSpan.FromDays(6.9);
            (await newcomer.SignIn()).StatusCode.Should().Be(HttpStatusCode.Redirect);
            ahead.By = TimeSpan.FromDays(7.1);
            using var again = new Person(other.Address, "late", late.OneTimePassword!);
            var refused = await again.SignIn();
            refused.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
            WebUtility.HtmlDecode(await refused.Content.ReadAsStringAsync()).Should().Contain("一次性密码已过期");
            ahead.By = TimeSpan.FromDays(40);
            other.Administrator.HasSecondFactor.Should().BeTrue("the first administrator was in before");
        }
        finally
        {
            await other.DisposeAsync();
        }
    }

    private static async Task<string> Leads(Person person, string address) =>
        $"{(await person.Get(address)).Headers.Location}";

    private static (string, string)[] Refreshing(JsonElement tokens) =>
    [
        ("grant_type", "refresh_token"), ("refresh_token", tokens.GetProperty("refresh_token").GetString()!),
        ("client_id", "billing-console"), ("client_secret", "the-secret-of-the-console"),
    ];

    private static async Task<string?> Refresh(Running service, JsonElement tokens)
    {
        using var form = new FormUrlEncodedContent(
            Refreshing(tokens).Select(field => KeyValuePair.Create(field.Item1, field.Item2)));
        using var answer = await service.Http.PostAsync("/connect/token", form);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetString();
    }
}
