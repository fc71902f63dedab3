using Billing.WebConsole;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Billing.Identity;

/// <summary>
/// Signing out (OpenID Connect RP-Initiated Logout). Whoever brings an id token of the person who is signed in comes
/// from an application of ours; anybody else could have led a browser here, so the person is asked.
/// </summary>
internal static class Leave
{
    private static readonly string[] Kept = [Parameters.ClientId, Parameters.PostLogoutRedirectUri, Parameters.State];

    public static void MapLeave(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Authorize.LogoutPath, Ask).AllowAnonymous().ExcludeFromDescription();
        routes.MapPost(Authorize.LogoutPath, Answer).AllowAnonymous().ExcludeFromDescription();
    }

    private static async Task<IResult> Ask(HttpContext context, Session session)
    {
        var hint = (await context.AuthenticateAsync(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme)).Principal;
        if (await session.User(context) is not { } user || hint?.GetClaim(Claims.Subject) == $"{user.Id}")
            return await End(context);
        var request = context.GetOpenIddictServerRequest()!;
        return new RazorComponentResult<LeaveView>(new
        {
            Language = Language.Of(context.Request), User = user.DisplayName,
            Fields = (IReadOnlyList<KeyValuePair<string, string>>)[
                .. Kept.Where(name => request.HasParameter(name))
                    .Select(name => KeyValuePair.Create(name, $"{request.GetParameter(name)}"))],
        });
    }

    /// <summary>The form carries the token against forgery; without it this is not reached.</summary>
    private static Task<IResult> Answer(HttpContext context, [FromForm] string answer) =>
        answer == "leave" ? End(context) : Task.FromResult(Results.Redirect(SignInPage.Path));

    private static async Task<IResult> End(HttpContext context)
    {
        await context.SignOutAsync(IdentityConstants.ApplicationScheme);
        return Results.SignOut(
            new() { RedirectUri = SignInPage.Path }, [OpenIddictServerAspNetCoreDefaults.AuthenticationScheme]);
    }
}
