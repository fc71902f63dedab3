using System.Net;
using System.Text.RegularExpressions;
using Billing.Testing;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Billing.Identity.Tests;

/// <summary>How people sign in, and what they need for it.</summary>
[Collection(nameof(IdentityService))]
public sealed partial class SignInTests(IdentityService identity)
{
    [Fact]
    public async Task The_first_administrator_chooses_a_password_and_a_second_factor_and_has_the_rights_of_the_role()
    {
        var token = new JsonWebToken(await identity.Administrator.Token());

        identity.Administrator.HasSecondFactor.Should().BeTrue("the role asks for it");
        (token.Issuer, token.Audiences.Single(), token.Alg, token.Typ)
            .Should().Be(($"{identity.Address}", "billing", "ES256", "at+jwt"));
        token.GetClaim("preferred_username").Value.Should().Be("admin");
        token.GetClaim("rights").Value.Split(' ').Should().Contain(["ManageUsers", "ReadOperations"])
            .And.NotContain("PostRun");
        (token.ValidTo - token.IssuedAt).Should().BeLessThan(TimeSpan.FromSeconds(60));
        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(identity.FirstPassword)
                .Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite, "nobody else reads it");
    }

    [Fact]
    public async Task A_code_needs_its_proof_and_a_redirect_that_is_registered()
    {
        using var person = await identity.Somebody("proof", "clerk");
        await person.Tokens();

        var without = await person.Get(Person.AuthorizeAddress(out _, without: "code_challenge"));
        without.Headers.Location.Should().BeNull();
        (await without.Content.ReadAsStringAsync()).Should().Contain("code_challenge");
        var elsewhere = await person.Get(Person.AuthorizeAddress(out _)
            .Replace("console.test", "evil.test", StringComparison.Ordinal));
        elsewhere.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        elsewhere.Headers.Location.Should().BeNull();
    }

    [Fact]
    public async Task Wrong_names_and_wrong_passwords_are_answered_alike_and_five_lock_out()
    {
        using var person = await identity.Somebody("forgetful", "clerk");
        using var nobody = new Person(identity.Address, "nobody", "whatever it was");

        var unknown = await Refused(await nobody.SignIn());
        using var stranger = new Person(identity.Address, "forgetful", person.Password);
        for (var i = 0; i < 5; i++)
        {
            var wrong = await Refused(await stranger.SignIn("not the password"));
            wrong.Should().Be(unknown.Replace("nobody", "forgetful", StringComparison.Ordinal));
        }
        await Refused(await stranger.SignIn());

        await identity.Send(HttpMethod.Post, "/users/forgetful/unlock");
        (await stranger.SignIn()).StatusCode.Should().Be(HttpStatusCode.Redirect);
        await Eventually.Is(
            "Command ChangePassword done,Command SignIn done,Command UnlockUser 200,Refusal SignIn LockedOut,"
                + "Refusal SignIn Wrong",
            () => OnRecord("target in ('user:forgetful', 'forgetful') and operation not like 'Save%'"),
            "what is on record of the name");
        (await OnRecord("operation = 'SignIn' and target is null")).Should().Be(
            "Refusal SignIn Wrong", "a name that nobody has may be somebody's password");
    }

    [Fact]
    public async Task New_passwords_second_factors_and_refused_tokens_are_on_record()
    {
        using var person = await identity.Somebody("recorded", "run-approver");
        using var form = new FormUrlEncodedContent(
        [
            KeyValuePair.Create("grant_type", "client_credentials"),
            KeyValuePair.Create("client_id", "billing-console"), KeyValuePair.Create("client_secret", "a guess"),
        ]);
        using var http = new HttpClient();
        (await http.PostAsync(new Uri(identity.Address, "/connect/token"), form)).StatusCode
            .Should().Be(HttpStatusCode.Unauthorized);

        await Eventually.Is(
            "Command ChangePassword done,Command SetUpSecondFactor done,Command SignIn done",
            () => OnRecord("target = 'user:recorded'"), "what is on record of the person");
        await Eventually.Is(
            "Refusal Token invalid_client",
            () => OnRecord("target = 'client:billing-console' and outcome = 'invalid_client'"), "the guess");
    }

    private async Task<string> OnRecord(string condition)
    {
        await using var command = identity.Running.Source.CreateCommand($"""
            select string_agg(distinct concat_ws(' ', kind, operation, outcome), ',') from audit_trail where {condition}
            """);
        return $"{await command.ExecuteScalarAsync()}";
    }

    [Fact]
    public async Task A_code_of_the_app_is_good_once_and_wrong_ones_count()
    {
        using var person = await identity.Somebody("approver", "run-approver");
        person.HasSecondFactor.Should().BeTrue();
        using var other = new Person(identity.Address, "approver", person.Password);
        var code = person.Code();

        (await Refused(await other.SignIn(code: ""))).Should().Contain("请填写动态验证码");
        (await other.SignIn(code: code)).StatusCode.Should().Be(HttpStatusCode.Redirect);
        (await Refused(await other.SignIn(code: code))).Should().Contain("已使用过");
        (await Refused(await other.SignIn(code: "0" + code))).Should().Contain("已使用过", "it is the same number");
        (await Refused(await other.SignIn(code: "+" + code))).Should().Contain("已使用过");
        for (var i = 0; i < 2; i++)
            await Refused(await other.SignIn(code: "000000"));
        (await Refused(await other.SignIn(code: person.Code()))).Should().Contain("十五分钟");
        await identity.Send(HttpMethod.Post, "/users/approver/unlock");
    }

    [Fact]
    public async Task A_role_without_approvals_needs_no_second_factor()
    {
        using var person = await identity.Somebody("clerk", "clerk");

        person.HasSecondFactor.Should().BeFalse();
        (await person.Token()).Should().NotBeEmpty();
    }

    [Theory]
    [InlineData("short", "short", "至少 12")]
    [InlineData("long enough for it", "long enough for its", "不一致")]
    public async Task A_new_password_has_its_form(string chosen, string again, string why)
    {
        var name = $"chooser{again.Length}";
        var saved = await identity.Save(name, "clerk");
        using var person = new Person(identity.Address, name, saved.OneTimePassword!);
        await person.SignIn();

        var answer = await person.Submit(
            "/password", ("present", person.Password), ("chosen", chosen), ("again", again));

        answer.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
        WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync()).Should().Contain(why);
        (await person.Get(Person.AuthorizeAddress(out _))).Headers.Location!.ToString()
            .Should().StartWith("/password", "until there is another password nothing is granted");
    }

    [Theory]
    [InlineData("//evil.test/")]
    [InlineData("https://evil.test/")]
    [InlineData("/\\evil.test/")]
    [InlineData("javascript:alert(1)")]
    public async Task Nobody_is_led_away_after_signing_in(string next)
    {
        using var person = await identity.Somebody($"led{next[1..2].GetHashCode(StringComparison.Ordinal):x}", "clerk");

        var answer = await person.Submit(
            "/sign-in", ("name", person.Name), ("password", person.Password), ("return", next));

        (answer.StatusCode, $"{answer.Headers.Location}").Should().Be((HttpStatusCode.Redirect, "/"));
    }

    [Fact]
    public async Task A_form_that_another_site_sends_changes_nothing()
    {
        using var person = await identity.Somebody("victim", "clerk");
        var former = person.Password;

        var forged = await person.Send(
            "/password", ("present", former), ("chosen", "somebody else's"), ("again", "somebody else's"));
        var entered = await person.Send("/sign-in", ("name", "victim"), ("password", former));

        forged.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        entered.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await person.SignIn()).StatusCode.Should().Be(HttpStatusCode.Redirect, "the password is as it was");
    }

    [Fact]
    public async Task Pages_load_nothing_from_elsewhere_and_are_framed_by_nobody()
    {
        using var answer = await identity.Running.Http.GetAsync(new Uri("/sign-in?lang=en", UriKind.Relative));

        var page = await answer.Content.ReadAsStringAsync();
        page.Should().Contain("lang=\"en\"").And.Contain("Sign in").And.NotContain("<script").And.NotContain("style=");
        answer.Headers.GetValues("Content-Security-Policy").Single().Should().Contain("default-src 'none'")
            .And.Contain("frame-ancestors 'none'").And.Contain($"form-action 'self' {IdentityService.Console}");
    }

    private static async Task<string> Refused(HttpResponseMessage answer)
    {
        answer.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        var page = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
        return Random().Replace(page, "");
    }

    /// <summary>What is another one on every page: the field against forgery, and where to go on to.</summary>
    [GeneratedRegex("name=\"(__RequestVerificationToken|return)\" value=\"[^\"]+\"|return=[^\"]+")]
    private static partial Regex Random();
}
