using Billing.WebConsole;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Billing.Identity;

/// <summary>The page on which people sign in.</summary>
internal static class SignInPage
{
    public const string Path = "/sign-in";

    /// <summary>The page, from which it goes on to an address of this host.</summary>
    public static string For(string address) => Path + QueryString.Create("return", address);

    public static void MapSignIn(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, Show).AllowAnonymous().ExcludeFromDescription();
        routes.MapPost(Path, Enter).AllowAnonymous().ExcludeFromDescription().CountsAttempts();
    }

    private static RazorComponentResult<SignInView> Show(
        HttpRequest request, [FromQuery(Name = "return")] string? next = null) =>
        View(Language.Of(request), Pages.Local(next));

    private static async Task<IResult> Enter(
        HttpRequest request, Session session, [FromForm] string name, [FromForm] string password,
        [FromForm] string? code = null, [FromForm(Name = "return")] string? next = null)
    {
        var outcome = await session.Enter(name, password, code, request.HttpContext.RequestAborted);
        return outcome == SignInOutcome.SignedIn
            ? Results.Redirect(Pages.Local(next))
            : View(Language.Of(request), Pages.Local(next), name, outcome);
    }

    private static RazorComponentResult<SignInView> View(
        Language language, string next, string name = "", SignInOutcome? outcome = null) =>
        new(new { Language = language, Return = next, Name = name, Outcome = outcome })
        {
            StatusCode = outcome is null ? StatusCodes.Status200OK : StatusCodes.Status401Unauthorized,
        };
}
