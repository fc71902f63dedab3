using System.Net;
using System.Text.Json;

namespace Billing.Identity.Tests;

/// <summary>An operator's command line signs in by a code on a page.</summary>
[Collection(nameof(IdentityService))]
public sealed class DeviceTests(IdentityService identity)
{
    [Fact]
    public async Task A_command_line_acts_for_the_person_who_allows_it()
    {
        using var person = await identity.Somebody("operator", "run-operator");
        var asked = await Ask(person);
        (await Poll(asked)).GetProperty("error").GetString().Should().Be("authorization_pending");

        var code = asked.GetProperty("user_code").GetString()!;
        var page = WebUtility.HtmlDecode(await (await Answer(person, code, null)).Content.ReadAsStringAsync());
        page.Should().Contain("./billing").And.Contain("operator 用户").And.Contain(code)
            .And.Contain("冻结批次", "what is granted is shown").And.NotContain("批次过账");
        var allowed = await Answer(person, code, "allow");

        var done = await (await person.Get($"{allowed.Headers.Location}")).Content.ReadAsStringAsync();
        WebUtility.HtmlDecode(done).Should().Contain("已允许");
        var tokens = await Poll(asked);
        tokens.GetProperty("access_token").GetString().Should().NotBeEmpty();
        tokens.GetProperty("refresh_token").GetString().Should().NotBeEmpty("the next call needs no page");
        (await Poll(asked)).GetProperty("error").GetString().Should().Be("invalid_grant", "a code is good once");
    }

    [Fact]
    public async Task What_is_denied_gets_nothing()
    {
        using var person = await identity.Somebody("denier", "clerk");
        var asked = await Ask(person);

        await Answer(person, asked.GetProperty("user_code").GetString()!, "deny");

        (await Poll(asked)).GetProperty("error").GetString().Should().Be("access_denied");
    }

    [Fact]
    public async Task Who_is_not_signed_in_signs_in_first_and_a_wrong_code_is_said()
    {
        using var person = await identity.Somebody("guesser", "clerk");
        using var stranger = new Person(identity.Address, "guesser", person.Password);

        (await stranger.Get("/connect/verify?user_code=1234-5678-9012")).Headers.Location!.ToString()
            .Should().StartWith("/sign-in");
        var page = await Answer(person, "1234-5678-9012", null);
        page.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
        WebUtility.HtmlDecode(await page.Content.ReadAsStringAsync()).Should().Contain("代码不正确");
    }

    [Fact]
    public async Task A_link_with_a_code_fills_nothing_in_and_grants_nothing()
    {
        using var person = await identity.Somebody("phished", "run-operator");
        var asked = await Ask(person);
        var link = asked.GetProperty("verification_uri_complete").GetString()!;
        var code = asked.GetProperty("user_code").GetString()!;
        link.Should().Contain(code);

        var page = await (await person.Get(new Uri(link).PathAndQuery)).Content.ReadAsStringAsync();

        page.Should().NotContain(code).And.NotContain("value=\"allow\"");
        (await Poll(asked)).GetProperty("error").GetString().Should().Be("authorization_pending");
    }

    private static Task<JsonElement> Ask(Person person) => person.Post(
        "/connect/device", ("client_id", "billing-cli"), ("scope", "offline_access"));

    /// <summary>Types the code, or answers what is asked about it.</summary>
    private static Task<HttpResponseMessage> Answer(Person person, string code, string? answer) => person.Submit(
        "/connect/verify", [("user_code", code), .. answer is null ? [] : new[] { ("answer", answer) }]);

    private Task<JsonElement> Poll(JsonElement asked) => identity.Exchange(
        ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"), ("client_id", "billing-cli"),
        ("device_code", asked.GetProperty("device_code").GetString()!));
}
