using Billing.Platform;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Billing.WebConsole;

/// <summary>Signing out, and the pages that say why something is not shown or not done.</summary>
internal static class Refusals
{
    /// <summary>Where people are after they have signed out.</summary>
    public const string SignedOut = "/signed-out";

    /// <summary>The form with which people sign out.</summary>
    public const string SignOut = "/sign-out";

    public static void MapSignOut(this IEndpointRouteBuilder routes)
    {
        routes.MapPost(SignOut, Leave);
        routes.MapGet(SignOut, () => Results.Redirect("/"));
        routes.MapGet(SignedOut, (HttpRequest request) =>
        {
            var language = Language.Of(request);
            return Page(
                StatusCodes.Status200OK, language, language.Say("已退出", "Signed out"), language.Say(
                    "您已退出计费运行台。", "You have signed out of the billing console."),
                language.Say("重新登录", "Sign in again"));
        }).AllowAnonymous();
    }

    private static async Task<IResult> Leave(HttpContext context, Sessions sessions)
    {
        var session = await context.AuthenticateAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        await sessions.End(session.Properties!);
        return Results.SignOut(
            new() { RedirectUri = $"{SignedOut}?lang={Language.Of(context.Request).Short}" },
            [CookieAuthenticationDefaults.AuthenticationScheme, OpenIdConnectDefaults.AuthenticationScheme]);
    }

    /// <summary>The person does not have the right that a page needs.</summary>
    public static Task ShowForbidden(HttpContext context)
    {
        var right = context.GetEndpoint()?.Metadata.GetMetadata<RightNeeded>()?.Right;
        if (context.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal))
            return RightsOfEndpoints.Missing.With($"This needs the right {right}.").ToProblem().ExecuteAsync(context);
        var language = Language.Of(context.Request);
        return Page(
            StatusCodes.Status403Forbidden, language, language.Say("无权查看", "No access"),
            right is { } needed ? Closed.Why(language, needed) : "", language.Say("回到首页", "Home"))
            .ExecuteAsync(context);
    }

    /// <summary>A form was not sent from a page of this session.</summary>
    public static Task ShowForged(HttpContext context)
    {
        var language = Language.Of(context.Request);
        return Page(
            StatusCodes.Status400BadRequest, language, language.Say("未执行", "Nothing was done"), language.Say(
                "该表单不是由本次登录的页面发出的,或者页面已过期。没有任何更改。请重新打开页面再试。",
                "This form was not sent from a page of your session, or the page is too old. Nothing was changed. "
                + "Open the page again."),
            language.Say("回到首页", "Home")).ExecuteAsync(context);
    }

    /// <summary>The way back from the provider led nowhere.</summary>
    public static async Task ShowFailure(RemoteFailureContext failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        failure.HandleResponse();
        var language = Language.Of(failure.Request);
        await Page(
            StatusCodes.Status401Unauthorized, language, language.Say("登录未完成", "Not signed in"), language.Say(
                "登录没有完成:页面可能已过期,或登录服务拒绝了请求。请再试一次。",
                "Signing in did not come to its end: the page may be too old, or the provider refused. Try again."),
            language.Say("再次登录", "Sign in again")).ExecuteAsync(failure.HttpContext);
    }

    private static RazorComponentResult<MessagePage> Page(
        int status, Language language, string title, string text, string onward) =>
        new(new { Language = language, Title = title, Text = text, Onward = onward }) { StatusCode = status };
}
