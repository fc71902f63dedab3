using Billing.WebConsole;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Billing.Identity;

/// <summary>The page on which people let a command line act for them (RFC 8628).</summary>
internal static class DevicePage
{
    public const string Path = "/connect/verify";

    public static void MapDevice(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, Show).AllowAnonymous().ExcludeFromDescription();
        routes.MapPost(Path, Answer).AllowAnonymous().ExcludeFromDescription();
    }

    private static async Task<IResult> Show(
        HttpContext context, Session session, IOpenIddictApplicationManager applications,
        CancellationToken cancellation)
    {
        var here = context.Request.Path + context.Request.QueryString;
        if (await session.User(context) is not { } user)
            return Results.Redirect(SignInPage.For(here));
        if (await session.Missing(user, cancellation) is { } page)
            return Results.Redirect(page + QueryString.Create("return", here));
        var language = Language.Of(context.Request);
        var asked = context.GetOpenIddictServerRequest()?.UserCode;
        if (string.IsNullOrEmpty(asked))
            return View(language);
        var code = (await context.AuthenticateAsync(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme)).Principal;
        return code?.GetClaim(Claims.ClientId) is { } client
            && await applications.FindByClientIdAsync(client, cancellation) is { } application
            ? View(
                language, asked, await applications.GetDisplayNameAsync(application, cancellation), user.DisplayName)
            : View(language, wrong: language.Say(
                "代码不正确或已过期。", "The code is wrong or has expired."));
    }

    private static async Task<IResult> Answer(
        HttpContext context, Session session, Principals principals, [FromForm] string answer,
        CancellationToken cancellation)
    {
        var language = Language.Of(context.Request);
        if (await session.User(context) is not { } user || await session.Missing(user, cancellation) is not null)
            return Results.Redirect(SignInPage.For(Path));
        var code = (await context.AuthenticateAsync(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme)).Principal;
        if (code?.GetClaim(Claims.ClientId) is null)
            return View(language, wrong: language.Say("代码不正确或已过期。", "The code is wrong or has expired."));
        var done = new AuthenticationProperties { RedirectUri = $"{DonePath}?lang={language.Short}" };
        return answer == "allow"
            && await principals.OfUser(user.Id, null, code.GetScopes(), cancellation) is { } principal
            ? Results.SignIn(principal, done, OpenIddictServerAspNetCoreDefaults.AuthenticationScheme)
            : Results.Forbid(
                new AuthenticationProperties(done.Items) { RedirectUri = done.RedirectUri + "&denied=1" },
                [OpenIddictServerAspNetCoreDefaults.AuthenticationScheme]);
    }

    private const string DonePath = "/device-done";

    public static void MapDeviceDone(this IEndpointRouteBuilder routes) => routes.MapGet(
        DonePath, (HttpRequest request, string? denied) =>
        {
            var language = Language.Of(request);
            return new RazorComponentResult<DeviceView>(new
            {
                Language = language,
                Done = denied is null
                    ? language.Say(
                        "已允许。可以关闭本页,回到命令行。", "Allowed. Close this page and go back to the command line.")
                    : language.Say("已拒绝。可以关闭本页。", "Denied. You can close this page."),
            });
        }).AllowAnonymous().ExcludeFromDescription();

    private static RazorComponentResult<DeviceView> View(
        Language language, string? code = null, string? application = null, string? user = null,
        string? wrong = null) =>
        new(new { Language = language, Code = code, Application = application, User = user, Wrong = wrong })
        {
            StatusCode = wrong is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity,
        };
}
