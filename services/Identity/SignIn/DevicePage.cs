using Billing.Contracts;
using Billing.Platform;
using Billing.WebConsole;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Billing.Identity;

/// <summary>
/// The page on which people let a command line act for them (RFC 8628). They type the code themselves, whatever link
/// led them here, and see what they grant before they do: a code that somebody else has begun is not one click away.
/// </summary>
internal static class DevicePage
{
    public const string Path = "/connect/verify";

    private const string Operation = "AllowDevice";

    private const string DonePath = "/device-done", Allow = "allow", Deny = "deny";

    public static void MapDevice(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, Show).AllowAnonymous().ExcludeFromDescription();
        routes.MapPost(Path, Answer).AllowAnonymous().ExcludeFromDescription().CountsAttempts();
        routes.MapGet(DonePath, Done).AllowAnonymous().ExcludeFromDescription();
    }

    private static async Task<IResult> Show(HttpContext context, Session session, CancellationToken cancellation) =>
        await session.User(context) is not { } user ? Results.Redirect(SignInPage.For(Path))
        : await session.Missing(user, cancellation) is { } page
            ? Results.Redirect(page + QueryString.Create("return", Path))
        : View(Language.Of(context.Request));

    private static async Task<IResult> Answer(
        HttpContext context, Session session, Principals principals, IOpenIddictApplicationManager applications,
        AuditLog audit,
        [FromForm(Name = Parameters.UserCode)] string typed, CancellationToken cancellation,
        [FromForm] string? answer = null)
    {
        var language = Language.Of(context.Request);
        if (await session.User(context) is not { } user || await session.Missing(user, cancellation) is not null)
            return Results.Redirect(SignInPage.For(Path));
        var code = (await context.AuthenticateAsync(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme)).Principal;
        if (code?.GetClaim(Claims.ClientId) is not { } client
            || await applications.FindByClientIdAsync(client, cancellation) is not { } application)
        {
            audit.Refused(Operation, user.Actor, $"{SignInOutcome.CodeWrong}", by: user.Actor);
            return View(language, wrong: language.Say("代码不正确或已过期。", "The code is wrong or has expired."));
        }
        if (answer is not (Allow or Deny))
            return View(
                language, typed, await applications.GetDisplayNameAsync(application, cancellation), user.DisplayName,
                await Granted(principals, user, language, cancellation));
        var done = new AuthenticationProperties { RedirectUri = $"{DonePath}?lang={language.Short}" };
        var principal = answer == Allow
            ? await principals.OfUser(user.Id, null, code.GetScopes(), await Session.Since(context), cancellation)
            : null;
        if (principal is null)
        {
            audit.Refused(Operation, user.Actor, Deny, by: user.Actor);
            return Results.Forbid(
                new AuthenticationProperties(done.Items) { RedirectUri = done.RedirectUri + "&denied=1" },
                [OpenIddictServerAspNetCoreDefaults.AuthenticationScheme]);
        }
        await audit.Command(
            Operation, $"{user.Actor}/client:{client}", AuditLog.Done, CancellationToken.None, by: user.Actor);
        return Results.SignIn(principal, done, OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
    }

    /// <summary>The rights that whoever began it will have.</summary>
    private static async Task<IReadOnlyList<string>> Granted(
        Principals principals, User user, Language language, CancellationToken cancellation) =>
        [.. (await principals.RightsOf(user.Id, cancellation)).Select(right =>
            WireNames.TryParse<Right>(right, out var known) ? RightNames.Of(language, known) : right)];

    private static RazorComponentResult<DeviceView> Done(HttpRequest request, string? denied)
    {
        var language = Language.Of(request);
        return new(new
        {
            Language = language,
            Done = denied is null
                ? language.Say("已允许。可以关闭本页,回到命令行。", "Allowed. Close this page and go back to the command line.")
                : language.Say("已拒绝。可以关闭本页。", "Denied. You can close this page."),
        });
    }

    private static RazorComponentResult<DeviceView> View(
        Language language, string? code = null, string? application = null, string? user = null,
        IReadOnlyList<string>? rights = null, string? wrong = null) =>
        new(new
        {
            Language = language, Code = code, Application = application, User = user, Rights = rights ?? [],
            Wrong = wrong,
        })
        {
            StatusCode = wrong is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity,
        };
}
