using System.Security.Cryptography;
using Billing.WebConsole;
using Microsoft.Extensions.Options;

namespace Billing.Identity;

/// <summary>
/// What all pages share: addresses to return to, the style sheet, and the policy of what they may load.
/// </summary>
internal static class Pages
{
    private const string Style = "identity.css";

    /// <summary>
    /// The address to go on to: a path of this host, or the front page. Anything else could lead people from here to a
    /// page that only looks like ours.
    /// </summary>
    public static string Local(string? address) =>
        address is ['/', ..] and not ['/', '/' or '\\', ..] && !address.Any(char.IsControl) ? address : "/";

    /// <summary>
    /// Sends the header that makes the browser load nothing from other origins, run no script, and send forms only here
    /// and, after them, to the console.
    /// </summary>
    public static void UsePolicy(this WebApplication app)
    {
        var console = app.Services.GetRequiredService<IOptions<IssuerOptions>>().Value.ConsoleOrigin;
        app.Use((context, next) =>
        {
            var headers = context.Response.Headers;
            headers.ContentSecurityPolicy =
                $"default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self' {console}; "
                + "base-uri 'none'; frame-ancestors 'none'";
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "no-referrer";
            headers.CacheControl = "no-store";
            return next(context);
        });
    }

    public static void MapStyle(this IEndpointRouteBuilder routes) => routes.MapGet($"/{Style}", () =>
        TypedResults.Stream(typeof(Pages).Assembly.GetManifestResourceStream(Style)!, "text/css; charset=utf-8"))
        .AllowAnonymous().ExcludeFromDescription();
}
