using System.Security.Claims;
using Billing.Contracts;
using Microsoft.AspNetCore.Http;

namespace Billing.Platform;

/// <summary>Who sends a request and what they may do, read once from an access token.</summary>
/// <param name="Name">The name under which they act.</param>
/// <param name="Rights">Their rights.</param>
/// <param name="Scope">The part of the organisation that they may see.</param>
internal sealed record Caller(string Name, IReadOnlySet<Right> Rights, Scope Scope)
{
    /// <summary>Reads a valid token's principal.</summary>
    public static Caller From(ClaimsPrincipal principal, TokenOptions options) => new(
        Tokens.NameOf(principal, options), Tokens.RightsOf(principal, options.RolesClaim),
        Scope.From(principal));

    /// <summary>The caller of a request; null when it has no valid token.</summary>
    public static Caller? Of(HttpContext context) => context.Items[typeof(Caller)] as Caller;

    /// <summary>
    /// Whether it is a person: a program that decides in the place of the second one would not be another person.
    /// </summary>
    public bool IsPerson => Name.StartsWith("user:", StringComparison.Ordinal);
}
