using Microsoft.Extensions.Options;

namespace Billing.Identity;

/// <summary>What all pages share: addresses to return to, and the style sheet.</summary>
internal static class Pages
{
    private const string Style = "identity.css";

    /// <summary>
    /// The address to go on to: a path of this host, or the front page. Anything else could lead people from here to a
    /// page that only looks like ours.
    /// </summary>
    public static string Local(string? address) =>
        address is ['/', ..] and not ['/', '/' or '\\', ..] && !address.Any(char.IsControl) ? address : "/";

    public static void MapStyle(this IEndpointRouteBuilder routes)
    {
        var sheet = Read("colours.css") + Read(Style);
        routes.MapGet($"/{Style}", () => TypedResults.Text(sheet, "text/css; charset=utf-8"))
            .AllowAnonymous().ExcludeFromDescription();
    }

    /// <summary>
    /// The front page, to which people come from a bookmark or after signing out: they go on to the console, for here
    /// is nothing to do.
    /// </summary>
    public static void MapFront(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/", (IOptions<IssuerOptions> options) =>
                Results.Redirect(options.Value.Console.Length > 0 ? options.Value.Console : PasswordPage.Path))
            .AllowAnonymous().ExcludeFromDescription();

    private static string Read(string name)
    {
        using var reader = new StreamReader(typeof(Pages).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
