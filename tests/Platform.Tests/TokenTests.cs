using System.Security.Claims;
using Billing.Contracts;
using FluentAssertions;

namespace Billing.Platform.Tests;

/// <summary>Whom a token names, and what it allows.</summary>
public sealed class TokenTests
{
    [Theory]
    [InlineData("user:zhang", "sub=1", "preferred_username=zhang")]
    [InlineData("client:1", "sub=1")]
    [InlineData("client:reporting", "sub=reporting", "client=reporting")]
    [InlineData("user:zhang", "sub=1", "client_id=billing-cli", "preferred_username=zhang")]
    [InlineData("anonymous")]
    public void The_actor_is_who_the_token_is_for(string expected, params string[] claims) =>
        Tokens.NameOf(Of(claims), new()).Should().Be(expected);

    [Theory]
    [InlineData("client_id", "client:9", "sub=9", "client_id=jobs", "preferred_username=service-account-jobs")]
    [InlineData("client_id", "user:zhang", "sub=1", "azp=console", "preferred_username=zhang")]
    [InlineData("idtyp=app", "client:9", "sub=9", "idtyp=app", "preferred_username=jobs")]
    [InlineData("idtyp=app", "user:zhang", "sub=1", "idtyp=user", "preferred_username=zhang")]
    public void A_program_of_another_provider_is_no_person(string mark, string expected, params string[] claims) =>
        Tokens.NameOf(Of(claims), new() { ProgramClaim = mark }).Should().Be(expected);

    [Fact]
    public void Rights_are_those_listed_and_those_of_roles_and_nothing_else()
    {
        Tokens.RightsOf(Of("rights=PostRun ReadRuns Everything 3", "groups=cashier", "groups=PostRun"), "groups")
            .Should().BeEquivalentTo([Right.PostRun, Right.ReadRuns, .. Role.Find("cashier")!.Rights]);
        Tokens.RightsOf(Of("roles=cashier"), "groups").Should().BeEmpty("roles are read from the configured claim");
        Tokens.RightsOf(Of(), "roles").Should().BeEmpty();
    }

    private static ClaimsPrincipal Of(params string[] claims) => new(new ClaimsIdentity(
        claims.Select(claim => claim.Split('=')).Select(parts => new Claim(parts[0], parts[1])), "test"));
}
