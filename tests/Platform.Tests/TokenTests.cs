using System.Security.Claims;
using Billing.Contracts;
using FluentAssertions;

namespace Billing.Platform.Tests;

/// <summary>Whom a token names, and what it allows.</summary>
public sealed class TokenTests
{
    [Theory]
    [InlineData("user:zhang", "sub=1", "preferred_username=zhang")]
    [InlineData("user:1", "sub=1")]
    [InlineData("client:reporting", "sub=reporting", "client=reporting")]
    [InlineData("user:zhang", "sub=1", "client_id=billing-cli", "preferred_username=zhang")]
    [InlineData("partner:icbc", "sub=bank.icbc", "client=bank.icbc", "partner=icbc")]
    [InlineData("anonymous")]
    public void The_actor_is_who_the_token_is_for(string expected, params string[] claims) =>
        Tokens.NameOf(Of(claims), "preferred_username").Should().Be(expected);

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
