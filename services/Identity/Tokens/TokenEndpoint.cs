using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Billing.Identity;

/// <summary>
/// Exchanges codes, device codes, refresh tokens and client credentials for access tokens. Whoever was locked, lost a
/// role or changed the password since is asked from the store each time.
/// </summary>
internal static class TokenEndpoint
{
    public const string Path = "/connect/token";

    public static void MapToken(this IEndpointRouteBuilder routes) =>
        routes.MapPost(Path, Handle).AllowAnonymous().ExcludeFromDescription();

    private static async Task<IResult> Handle(
        HttpContext context, Principals principals, CancellationToken cancellation)
    {
        var request = context.GetOpenIddictServerRequest()!;
        if (request.IsClientCredentialsGrantType())
            return Answer(await principals.OfClient(request.ClientId!, request.GetScopes(), cancellation));
        var exchanged = await context.AuthenticateAsync(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
        var given = exchanged.Principal;
        return Answer(Guid.TryParse(given?.GetClaim(Claims.Subject), out var user)
            ? await principals.OfUser(user, given, given!.GetScopes(), null, cancellation)
            : null);
    }

    private static IResult Answer(System.Security.Claims.ClaimsPrincipal? principal) => principal is null
        ? Refuse(Errors.InvalidGrant, "The user or the client may not sign in any more.")
        : Results.SignIn(principal, null, OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);

    /// <summary>Refuses a request in the form of OAuth.</summary>
    public static IResult Refuse(string error, string why) => Results.Forbid(
        new(new Dictionary<string, string?>
        {
            [OpenIddictServerAspNetCoreConstants.Properties.Error] = error,
            [OpenIddictServerAspNetCoreConstants.Properties.ErrorDescription] = why,
        }),
        [OpenIddictServerAspNetCoreDefaults.AuthenticationScheme]);
}
