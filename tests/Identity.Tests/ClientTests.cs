using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Billing.Contracts.Api;
using Billing.Platform;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Billing.Identity.Tests;

/// <summary>Programs that call under their own name.</summary>
[Collection(nameof(IdentityService))]
public sealed class ClientTests(IdentityService identity)
{
    private static readonly DateOnly Today = TimeProvider.System.Today();

    [Fact]
    public async Task A_client_gets_a_token_with_its_rights_and_acts_under_its_own_name()
    {
        var secret = await Issue("reporting", "y2026", ["ReadFigures", "ReadRuns"]);

        var token = new JsonWebToken((await Sign("reporting/y2026", secret)).GetProperty("access_token").GetString());

        (token.Subject, token.GetClaim("client").Value).Should().Be(("reporting", "reporting"));
        token.TryGetClaim("preferred_username", out _).Should().BeFalse("nobody takes it for a person");
        token.GetClaim("rights").Value.Should().Be("ReadRuns ReadFigures");
    }

    [Fact]
    public async Task Two_secrets_are_good_while_a_client_changes_from_one_to_the_next()
    {
        var former = await Issue("rotating", "former", ["ReadPlans"]);
        var next = await Issue("rotating", "next", ["ReadPlans"]);
        (await Sign("rotating/former", former)).TryGetProperty("access_token", out _).Should().BeTrue();
        (await Sign("rotating/next", next)).TryGetProperty("access_token", out _).Should().BeTrue();

        await identity.Send(HttpMethod.Delete, "/clients/rotating/secrets/former");

        (await Sign("rotating/former", former)).GetProperty("error").GetString().Should().Be("invalid_client");
        (await Sign("rotating/next", next)).TryGetProperty("access_token", out _).Should().BeTrue();
        var again = await identity.Send(
            await identity.Administrator.Token(), HttpMethod.Delete, "/clients/rotating/secrets/former");
        again.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_secret_is_told_once_and_stays_what_it_was_issued_for()
    {
        await Issue("once", "a1", ["ReadPlans"]);

        var same = await Put("once", "a1", ["ReadPlans"], Today.AddDays(30));
        same.StatusCode.Should().Be(HttpStatusCode.OK);
        (await same.Content.ReadFromJsonAsync<IssuedSecret>(Wire.Strict))!.Value.Should().BeNull();
        (await Put("once", "a1", ["ReadPlans", "ReadRuns"], Today.AddDays(30))).StatusCode
            .Should().Be(HttpStatusCode.Conflict);
        var list = await (await identity.Send(HttpMethod.Get, "/clients")).Content.ReadAsStringAsync();
        list.Should().Contain("once/a1").And.NotContain("value");
    }

    [Fact]
    public async Task A_secret_ends_with_its_day()
    {
        (await Put("short", "x1", ["ReadPlans"], Today.AddDays(-1))).StatusCode
            .Should().Be(HttpStatusCode.UnprocessableEntity);
        (await Put("short", "x1", ["ReadPlans"], Today.AddDays(800))).StatusCode
            .Should().Be(HttpStatusCode.UnprocessableEntity);
        var secret = await Issue("ending", "x1", ["ReadPlans"], expiresOn: Today);
        (await Sign("ending/x1", secret)).TryGetProperty("access_token", out _).Should().BeTrue("today is included");

        await using var connection = await identity.Running.Source.OpenConnectionAsync();
        await using var age = connection.CreateCommand();
        age.CommandText = $"""
            update oauth_applications set properties = replace(properties, '{Today:yyyy-MM-dd}',
              '{Today.AddDays(-1):yyyy-MM-dd}') where client_id = 'ending/x1'
            """;
        (await age.ExecuteNonQueryAsync()).Should().Be(1);
        (await Sign("ending/x1", secret)).GetProperty("error").GetString().Should().Be("invalid_grant");
    }

    [Fact]
    public async Task A_wrong_secret_and_an_unknown_client_are_refused_alike()
    {
        await Issue("guessed", "x1", ["ReadPlans"]);

        (await Sign("guessed/x1", "wrong")).GetProperty("error").GetString().Should().Be("invalid_client");
        (await Sign("unheard.of/x1", "wrong")).GetProperty("error").GetString().Should().Be("invalid_client");
        (await Sign("billing-console", "the-secret-of-the-console")).GetProperty("error").GetString()
            .Should().Be("unauthorized_client", "people sign in with it, and it has no rights of its own");
    }

    [Theory]
    [InlineData("right-for-people", "PostRun")]
    [InlineData("right-for-people", "ManageClients")]
    [InlineData("right-for-partners", "ReceivePayment")]
    [InlineData("right-for-partners", "ReceivePayment", "ReadPayments")]
    public async Task A_program_gets_no_right_of_people_and_none_of_partners(string code, params string[] rights)
    {
        var answer = await Put($"greedy{rights.Length}", "x1", rights, Today.AddDays(1));

        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString().Should().Be(code);
    }

    private async Task<string> Issue(
        string client, string secret, string[] rights, DateOnly? expiresOn = null)
    {
        var answer = await Put(client, secret, rights, expiresOn ?? Today.AddDays(30));
        answer.StatusCode.Should().Be(HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<IssuedSecret>(Wire.Strict))!.Value!;
    }

    private async Task<HttpResponseMessage> Put(
        string client, string secret, string[] rights, DateOnly expiresOn) =>
        await identity.Send(
            await identity.Administrator.Token(), HttpMethod.Put, $"/clients/{client}/secrets/{secret}",
            new { name = client, rights, expiresOn });

    private Task<JsonElement> Sign(string client, string secret) => identity.Exchange(
        ("grant_type", "client_credentials"), ("client_id", client), ("client_secret", secret));
}
