using System.Net;
using System.Net.Http.Json;
using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Billing.Identity.Tests;

/// <summary>What an administrator does with users and roles, and how soon it counts.</summary>
[Collection(nameof(IdentityService))]
public sealed class UserTests(IdentityService identity)
{
    [Fact]
    public async Task A_user_is_saved_once_and_the_password_is_told_once()
    {
        var first = await identity.Save("li.na", "clerk");
        var again = await identity.Save("li.na", "clerk", "cashier");

        first.OneTimePassword.Should().HaveLength(20);
        again.OneTimePassword.Should().BeNull();
        again.User.Roles.Select(role => role.Value).Should().Equal("cashier", "clerk");
        (again.User.PasswordIsOneTime, again.User.SecondFactor, again.User.Locked).Should().Be((true, false, false));
        var listed = await Ask<UserPage>("/users?limit=500");
        listed.Users.Should().ContainEquivalentOf(again.User);
        listed.Users.Select(user => user.Name.Value).Should().BeInAscendingOrder(StringComparer.Ordinal);
        (await Ask<UserPage>("/users?limit=1&after=admin")).Users.Should().ContainSingle();
    }

    [Fact]
    public async Task A_user_sees_regions_and_projects_and_the_token_says_so()
    {
        using var person = await identity.Somebody("local", "clerk");
        await identity.Send(HttpMethod.Put, "/users/local", new
        {
            displayName = "本地", roles = Of("clerk"), regions = Of("海淀区"), projects = Of("知春里", "中关村"),
        });

        var token = new JsonWebToken(await person.Token());

        token.Claims.Where(claim => claim.Type == "regions").Select(claim => claim.Value).Should().Equal("海淀区");
        token.Claims.Where(claim => claim.Type == "projects").Select(claim => claim.Value)
            .Should().BeEquivalentTo("知春里", "中关村");
    }

    [Fact]
    public async Task A_locked_user_gets_no_token_and_a_session_ends()
    {
        using var person = await identity.Somebody("locked", "clerk");
        var tokens = await person.Tokens();

        await identity.Send(HttpMethod.Post, "/users/locked/lock", new { reason = "离职" });

        (await Refresh(tokens)).Should().Be("invalid_grant");
        (await person.Get(Person.AuthorizeAddress(out _))).Headers.Location!.ToString().Should().StartWith("/sign-in");
        (await person.SignIn()).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        (await Ask<UserDetails>("/users/locked")).LockedBecause.Should().Be("离职");

        await identity.Send(HttpMethod.Post, "/users/locked/unlock");
        (await Refresh(tokens)).Should().Be("invalid_grant", "what was held then stays dead");
        (await person.SignIn()).StatusCode.Should().Be(HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task A_withdrawn_role_and_a_changed_one_count_with_the_next_token()
    {
        await identity.Send(HttpMethod.Put, "/roles/reader", new
        {
            name = new { zh = "只读", en = "Reader" }, rights = Of("ReadPlans", "ReadRuns"), secondFactor = false,
        });
        using var person = await identity.Somebody("changing", "clerk", "reader");
        var tokens = await person.Tokens();
        RightsOf(tokens).Should().Contain(["ReadRuns", "OpenAccount"]);

        await identity.Save("changing", "reader");
        var second = await Refreshed(tokens);
        RightsOf(second).Should().BeEquivalentTo("ReadPlans", "ReadRuns");

        await identity.Send(HttpMethod.Put, "/roles/reader", new
        {
            name = new { zh = "只读", en = "Reader" }, rights = Of("ReadPlans"), secondFactor = false,
        });
        RightsOf(await Refreshed(second)).Should().BeEquivalentTo("ReadPlans");
    }

    [Fact]
    public async Task A_changed_password_ends_what_was_begun_with_the_former_one()
    {
        using var person = await identity.Somebody("renewing", "clerk");
        var tokens = await person.Tokens();

        await identity.Send(HttpMethod.Post, "/users/renewing/password");

        (await Refresh(tokens)).Should().Be("invalid_grant");
        (await person.SignIn()).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Who_lost_the_second_factor_sets_up_another_one()
    {
        using var person = await identity.Somebody("phone.lost", "finance");
        var renewed = (await (await identity.Send(HttpMethod.Post, "/users/phone.lost/second-factor/reset")).Content
            .ReadFromJsonAsync<OneTimePassword>(Wire.Strict))!;
        using var thief = new Person(identity.Address, "phone.lost", person.Password);
        (await thief.SignIn()).StatusCode.Should().Be(HttpStatusCode.Unauthorized, "the former password is no way in");
        using var again = new Person(identity.Address, "phone.lost", renewed.Password);

        await again.SettleIn();

        again.HasSecondFactor.Should().BeTrue();
        (await again.Token()).Should().NotBeEmpty();
    }

    [Fact]
    public async Task Who_gets_a_role_that_approves_has_no_token_before_a_second_factor()
    {
        using var person = await identity.Somebody("promoted", "clerk");
        var tokens = await person.Tokens();

        await identity.Save("promoted", "clerk", "finance");

        (await Refresh(tokens)).Should().Be("invalid_grant");
        (await person.Get(Person.AuthorizeAddress(out _))).Headers.Location!.ToString()
            .Should().StartWith("/second-factor");
    }

    [Fact]
    public async Task A_new_password_ends_the_session_of_whoever_has_its_cookie()
    {
        using var person = await identity.Somebody("stolen", "clerk");
        await person.Tokens();

        await identity.Send(HttpMethod.Post, "/users/stolen/password");

        (await person.Get(Person.AuthorizeAddress(out _))).Headers.Location!.ToString().Should().StartWith("/sign-in");
    }

    [Fact]
    public void What_is_delivered_keeps_the_rule_for_roles_that_approve() => Role.Delivered
        .Where(role => role.Rights.Any(GuardedRights.ForPeople.Contains)).Should().HaveCountGreaterThan(3)
        .And.OnlyContain(role => role.SecondFactor);

    [Fact]
    public async Task Nobody_gives_rights_to_oneself_and_approving_roles_need_a_second_factor()
    {
        using var second = await identity.Somebody("second.admin", "administrator");
        var token = await second.Token();

        foreach (var (path, body, code) in new (string, object, string)[]
        {
            ("/users/second.admin", new { displayName = "A", roles = Of("administrator", "finance") }, "own-rights"),
            ("/roles/administrator", new
            {
                name = new { zh = "系统管理员", en = "Administrator" }, rights = Of("ManageUsers", "PostRun"),
                secondFactor = true,
            }, "own-rights"),
            ("/roles/quick", new
            {
                name = new { zh = "快", en = "Quick" }, rights = Of("PostRun"), secondFactor = false,
            }, "second-factor-missing"),
        })
            (await Code(await identity.Send(token, HttpMethod.Put, path, body))).Should().Be(code, path);
        (await identity.Send(token, HttpMethod.Put, "/users/second.admin", new
        {
            displayName = "Another name", roles = Of("administrator"),
        })).StatusCode.Should().Be(HttpStatusCode.OK, "the name is no right");
    }

    [Fact]
    public async Task The_last_administrator_is_neither_locked_nor_loses_the_role_nor_the_role_its_right()
    {
        var alone = new IdentityService();
        await alone.InitializeAsync();
        try
        {
            var token = await alone.Administrator.Token();
            foreach (var (method, path, body, code) in new (HttpMethod, string, object, string)[]
            {
                (HttpMethod.Post, "/users/admin/lock", new { reason = "x" }, "last-administrator"),
                (HttpMethod.Put, "/users/admin", new { displayName = "A", roles = Of("clerk") }, "own-rights"),
                (HttpMethod.Put, "/roles/administrator", new
                {
                    name = new { zh = "系统管理员", en = "Administrator" }, rights = Of("ReadUsers"), secondFactor = true,
                }, "own-rights"),
            })
                (await Code(await alone.Send(token, method, path, body))).Should().Be(code, path);
            (await alone.Send(token, HttpMethod.Get, "/users/admin")).StatusCode.Should().Be(HttpStatusCode.OK);
        }
        finally
        {
            await alone.DisposeAsync();
        }
    }

    [Fact]
    public async Task Two_administrators_who_lock_each_other_are_not_both_locked()
    {
        var alone = new IdentityService();
        await alone.InitializeAsync();
        try
        {
            using var second = await alone.Somebody("second", "administrator");
            var (one, two) = (await alone.Administrator.Token(), await second.Token());

            await Task.WhenAll(
                alone.Send(one, HttpMethod.Post, "/users/second/lock", new { reason = "x" }),
                alone.Send(two, HttpMethod.Post, "/users/admin/lock", new { reason = "x" }));

            var answer = await alone.Send(one, HttpMethod.Get, "/users");
            (await answer.Content.ReadFromJsonAsync<UserPage>(Wire.Strict))!.Users.Count(user => user.Locked)
                .Should().Be(1);
        }
        finally
        {
            await alone.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("/users/Zhang", 400, "bad-request")]
    [InlineData("/users/9zhang", 400, "bad-request")]
    [InlineData("/users/zh%20ang", 400, "bad-request")]
    public async Task A_name_has_its_form(string path, int status, string code)
    {
        var answer = await identity.Send(
            await identity.Administrator.Token(), HttpMethod.Put, path, new { displayName = "x", roles = Of() });

        ((int)answer.StatusCode, await Code(answer)).Should().Be((status, code));
    }

    [Fact]
    public async Task What_does_not_exist_is_refused_by_name()
    {
        var token = await identity.Administrator.Token();

        (await Code(await identity.Send(token, HttpMethod.Get, "/users/nobody"))).Should().Be("user-unknown");
        (await Code(await identity.Send(token, HttpMethod.Post, "/users/nobody/lock", new { reason = "x" })))
            .Should().Be("user-unknown");
        (await Code(await identity.Send(
            token, HttpMethod.Put, "/users/somebody", new { displayName = "x", roles = Of("sorcerer") })))
            .Should().Be("role-unknown");
        (await Code(await identity.Send(token, HttpMethod.Post, "/users/admin/lock", new { reason = "" })))
            .Should().Be("reason-missing");
        (await Code(await identity.Send(token, HttpMethod.Get, "/users?limit=501"))).Should().Be("limit-invalid");
    }

    private static IReadOnlyList<string> Of(params string[] names) => names;

    private static IEnumerable<string> RightsOf(System.Text.Json.JsonElement tokens) =>
        new JsonWebToken(tokens.GetProperty("access_token").GetString()).GetClaim("rights").Value.Split(' ');

    private async Task<System.Text.Json.JsonElement> Refreshed(System.Text.Json.JsonElement tokens) =>
        await identity.Exchange(
            ("grant_type", "refresh_token"), ("refresh_token", tokens.GetProperty("refresh_token").GetString()!),
            ("client_id", "billing-console"), ("client_secret", "the-secret-of-the-console"));

    private async Task<string?> Refresh(System.Text.Json.JsonElement tokens) =>
        (await Refreshed(tokens)).GetProperty("error").GetString();

    private async Task<T> Ask<T>(string path, string? token = null)
    {
        var answer = await identity.Send(token ?? await identity.Administrator.Token(), HttpMethod.Get, path);
        return (await answer.Content.ReadFromJsonAsync<T>(Wire.Strict))!;
    }

    private static async Task<string?> Code(HttpResponseMessage answer) =>
        (await answer.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>()).GetProperty("code").GetString();
}
