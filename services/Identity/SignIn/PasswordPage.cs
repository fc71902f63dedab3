using Billing.Platform;
using Billing.WebConsole;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;

namespace Billing.Identity;

/// <summary>
/// The page on which users replace their password: the one-time password before anything else, any other when they
/// like.
/// </summary>
internal static class PasswordPage
{
    public const string Path = "/password";

    private const string Operation = "ChangePassword";

    /// <summary>The fewest characters of a password.</summary>
    public const int Shortest = 12;

    /// <summary>The fewest different characters of a password.</summary>
    public const int Different = 5;

    public static void MapPassword(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, Show).AllowAnonymous().ExcludeFromDescription();
        routes.MapPost(Path, Change).AllowAnonymous().ExcludeFromDescription().CountsAttempts();
    }

    private static async Task<IResult> Show(
        HttpContext context, Session session, [FromQuery(Name = "return")] string? next = null) =>
        await session.User(context) is not { } user
            ? Results.Redirect(SignInPage.For(Path))
            : View(user, Language.Of(context.Request), Pages.Local(next));

    private static async Task<IResult> Change(
        HttpContext context, Session session, UserManager<User> users, AuditLog audit,
        [FromForm] string present, [FromForm] string chosen, [FromForm] string again,
        [FromForm(Name = "return")] string? next = null)
    {
        var language = Language.Of(context.Request);
        if (await session.User(context) is not { } user)
            return Results.Redirect(SignInPage.For(Path));
        if (Refused(user, present, chosen, again, language) is { } refused)
            return View(user, language, Pages.Local(next), refused);
        if (!await session.IsPassword(user, present))
        {
            audit.Refused(Operation, user.Actor, $"{SignInOutcome.Wrong}", by: user.Actor);
            return View(
                user, language, Pages.Local(next), language.Say("现用密码不正确。", "The present password is wrong."));
        }
        (user.PasswordIsOneTime, user.PasswordEndsAt) = (false, null);
        var changed = await users.ChangePasswordAsync(user, present, chosen);
        if (!changed.Succeeded)
            return View(
                user, language, Pages.Local(next), string.Join(' ', changed.Errors.Select(error => error.Description)));
        await audit.Command(Operation, user.Actor, AuditLog.Done, CancellationToken.None, by: user.Actor);
        // The other sessions of this user end: they were begun with the former password.
        await session.Begin(user);
        return Results.Redirect(Pages.Local(next));
    }

    private static string? Refused(User user, string present, string chosen, string again, Language language) =>
        chosen != again
            ? language.Say("两次输入的新密码不一致。", "The new password was not the same twice.")
        : chosen.Length < Shortest
            ? language.Say($"新密码至少 {Shortest} 个字符。", $"The new password needs at least {Shortest} characters.")
        : chosen.Distinct().Count() < Different
            ? language.Say(
                $"新密码须含至少 {Different} 个不同字符。",
                $"The new password needs at least {Different} different characters.")
        : chosen.Contains(user.UserName!, StringComparison.OrdinalIgnoreCase)
            ? language.Say("新密码不得包含用户名。", "The new password must not contain the user name.")
        : chosen == present
            ? language.Say("新密码不得与现用密码相同。", "The new password must not be the present one.")
        : null;

    private static RazorComponentResult<PasswordView> View(
        User user, Language language, string next, string? wrong = null) =>
        new(new { Language = language, Return = next, Name = user.UserName, Wrong = wrong })
        {
            StatusCode = wrong is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity,
        };
}
