using Billing.Platform;
using Billing.WebConsole;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using QRCoder;

namespace Billing.Identity;

/// <summary>The page on which users set up an authenticator app (TOTP, RFC 6238).</summary>
internal static class SecondFactorPage
{
    public const string Path = "/second-factor";

    private const string Operation = "SetUpSecondFactor";

    public static void MapSecondFactor(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, Show).AllowAnonymous().ExcludeFromDescription();
        routes.MapPost(Path, SetUp).AllowAnonymous().ExcludeFromDescription().CountsAttempts();
    }

    private static async Task<IResult> Show(
        HttpContext context, Session session, UserManager<User> users,
        [FromQuery(Name = "return")] string? next = null)
    {
        if (await session.User(context) is not { } user)
            return Results.Redirect(SignInPage.For(Path));
        // Whoever has one already shows it when signing in; a new one is set up after an administrator took it away.
        if (user.TwoFactorEnabled || user.PasswordIsOneTime)
            return Results.Redirect(user.PasswordIsOneTime ? PasswordPage.Path : Pages.Local(next));
        if (await users.GetAuthenticatorKeyAsync(user) is null)
        {
            OneTimePasswords.Ensure(await users.ResetAuthenticatorKeyAsync(user));
            // A new key ends the sessions of the user; this one goes on. Its form is of a request of its own, for it is
            // good for whoever was signed in when it was made.
            await session.Continue(context, user);
            return Results.Redirect(Path + context.Request.QueryString);
        }
        return await View(users, user, Language.Of(context.Request), Pages.Local(next));
    }

    private static async Task<IResult> SetUp(
        HttpContext context, Session session, UserManager<User> users, AuditLog audit,
        [FromForm] string password, [FromForm] string code, [FromForm(Name = "return")] string? next = null)
    {
        var language = Language.Of(context.Request);
        if (await session.User(context) is not { TwoFactorEnabled: false, PasswordIsOneTime: false } user)
            return Results.Redirect(SignInPage.For(Path));
        if (!await session.IsPassword(user, password))
        {
            audit.Refused(Operation, user.Actor, $"{SignInOutcome.Wrong}", by: user.Actor);
            return await View(
                users, user, language, Pages.Local(next), language.Say("密码不正确。", "The password is wrong."));
        }
        if (!await session.IsCode(user, code))
        {
            audit.Refused(Operation, user.Actor, $"{SignInOutcome.CodeWrong}", by: user.Actor);
            return await View(
                users, user, language, Pages.Local(next), language.Say("验证码不正确。", "The code is wrong."));
        }
        OneTimePasswords.Ensure(await users.SetTwoFactorEnabledAsync(user, true));
        await audit.Command(Operation, user.Actor, AuditLog.Done, CancellationToken.None, by: user.Actor);
        await session.Begin(user);
        return Results.Redirect(Pages.Local(next));
    }

    private static async Task<RazorComponentResult<SecondFactorView>> View(
        UserManager<User> users, User user, Language language, string next, string? wrong = null)
    {
        var key = await users.GetAuthenticatorKeyAsync(user) ?? "";
        var address = $"otpauth://totp/Billing:{Uri.EscapeDataString(user.UserName!)}?secret={key}&issuer=Billing";
        using var generator = new QRCodeGenerator();
        using var data = generator.CreateQrCode(address, QRCodeGenerator.ECCLevel.M);
        using var picture = new SvgQRCode(data);
        return new(new
        {
            Language = language, Return = next, Wrong = wrong, Name = user.UserName, Picture = picture.GetGraphic(4),
            Key = string.Join(' ', key.Chunk(4).Select(part => new string(part))),
        })
        {
            StatusCode = wrong is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity,
        };
    }
}
