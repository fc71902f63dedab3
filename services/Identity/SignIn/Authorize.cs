using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Billing.Identity;

/// <summary>
/// Where the console and other applications send people: whoever is signed in, with a password of their own and the
/// second factor that their roles need, goes back with a code; the others first do what is missing.
/// </summary>
internal static class Authorize
{
    public const string Path = "/connect/authorize", LogoutPath = "/connect/logout";

    public static void MapAuthorize(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, Handle).AllowAnonymous().ExcludeFromDescription();
        routes.MapGet(LogoutPath, (Delegate)Leave).AllowAnonymous().ExcludeFromDescription();
    }

    private static async Task<IResult> Handle(
        HttpContext context, Session session, Principals principals, CancellationToken cancellation)
    {
        var request = context.GetOpenIddictServerRequest()!;
        var here = context.Request.Path + context.Request.QueryString;
        if (await session.User(context) is not { } user)
            return request.HasPromptValue(PromptValues.None)
                ? TokenEndpoint.Refuse(Errors.LoginRequired, "Nobody is signed in.")
                : Results.Redirect(SignInPage.For(here));
        if (await session.Missing(user, cancellation) is { } page)
            return request.HasPromptValue(PromptValues.None)
                ? TokenEndpoint.Refuse(Errors.InteractionRequired, "The user has to do something first.")
                : Results.Redirect(page + QueryString.Create("return", here));
        return await principals.OfUser(user.Id, null, request.GetScopes(), cancellation) is { } principal
            ? Results.SignIn(principal, null, OpenIddictServerAspNetCoreDefaults.AuthenticationScheme)
            : TokenEndpoint.Refuse(Errors.AccessDenied, "The user is locked.");
    }

    private static async Task<IResult> Leave(HttpContext context)
    {
        await context.SignOutAsync(IdentityConstants.ApplicationScheme);
        return Results.SignOut(
            new() { RedirectUri = SignInPage.Path }, [OpenIddictServerAspNetCoreDefaults.AuthenticationScheme]);
    }
}
