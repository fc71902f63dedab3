using System.Globalization;
using Billing.WebConsole;
using Microsoft.AspNetCore;
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

    public static void MapAuthorize(this IEndpointRouteBuilder routes) =>
        routes.MapGet(Path, Handle).AllowAnonymous().ExcludeFromDescription();

    private static async Task<IResult> Handle(
        HttpContext context, Session session, Principals principals, TimeProvider clock,
        CancellationToken cancellation)
    {
        var request = context.GetOpenIddictServerRequest()!;
        if (await session.User(context) is not { } user || IsAskedAnew(request)
            || request.MaxAge is { } most && clock.GetUtcNow() - await Session.Since(context) > Seconds(most))
            return request.HasPromptValue(PromptValues.None)
                ? TokenEndpoint.Refuse(Errors.LoginRequired, "Nobody has signed in, or not recently enough.")
                : Results.Redirect(In(context.Request, SignInPage.For(Here(context.Request))));
        if (await session.Missing(user, cancellation) is { } page)
            return request.HasPromptValue(PromptValues.None)
                ? TokenEndpoint.Refuse(Errors.InteractionRequired, "The user has to do something first.")
                : Results.Redirect(In(
                    context.Request, page + QueryString.Create("return", Here(context.Request))));
        return await principals.OfUser(
            user.Id, null, request.GetScopes(), await Session.Since(context), cancellation) is { } principal
            ? Results.SignIn(principal, null, OpenIddictServerAspNetCoreDefaults.AuthenticationScheme)
            : TokenEndpoint.Refuse(Errors.AccessDenied, "The user is locked.");
    }

    /// <summary>Whether the password must be shown again, whatever was shown before.</summary>
    private static bool IsAskedAnew(OpenIddictRequest request) =>
        request.HasPromptValue(PromptValues.Login) || request.MaxAge == 0;

    private static TimeSpan Seconds(long seconds) => TimeSpan.FromSeconds(Math.Min(seconds, int.MaxValue));

    /// <summary>The address to come back to. What asked for the password anew was done by then.</summary>
    private static string Here(HttpRequest request) => request.Path + QueryString.Create(
        request.Query
            .Where(field => field.Key != Parameters.Prompt && (field.Key != Parameters.MaxAge || field.Value != "0"))
            .SelectMany(field => field.Value, (field, value) => KeyValuePair.Create(field.Key, value))).ToString();

    /// <summary>A page in the language that the application asked for.</summary>
    private static string In(HttpRequest request, string page) =>
        request.Query.ContainsKey(Parameters.UiLocales)
            ? string.Create(CultureInfo.InvariantCulture, $"{page}&lang={Language.Of(request).Short}")
            : page;
}
