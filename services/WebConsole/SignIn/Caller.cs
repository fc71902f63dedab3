using System.Security.Claims;
using Billing.Contracts;
using Billing.Platform;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Billing.WebConsole;

/// <summary>The person who asked for a page, and with whose token the services are asked.</summary>
/// <param name="Name">The name for people.</param>
/// <param name="UserName">The name under which the person signs in.</param>
/// <param name="Rights">What the person may do, as the token says.</param>
/// <param name="Token">The access token; null for nobody.</param>
public sealed record Caller(string Name, string UserName, IReadOnlySet<Right> Rights, string? Token)
{
    /// <summary>Whether the person has a right.</summary>
    public bool May(Right right) => Rights.Contains(right);

    /// <summary>The person of a request.</summary>
    internal static Caller Of(HttpContext context)
    {
        var names = context.RequestServices.GetRequiredService<IOptions<Platform.TokenOptions>>().Value;
        var session = context.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult;
        var user = context.User.FindFirstValue(names.NameClaim) ?? context.User.FindFirstValue("sub") ?? "";
        return new(
            context.User.FindFirstValue("name") ?? user, user, RightsOf(context.User),
            session?.Properties?.GetTokenValue("access_token"));
    }

    /// <summary>The rights of a session.</summary>
    internal static IReadOnlySet<Right> RightsOf(ClaimsPrincipal session) =>
        // What roles give was put among the rights when the session began.
        Tokens.RightsOf(session, Tokens.RightsClaim);
}
