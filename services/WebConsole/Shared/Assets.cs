using Microsoft.AspNetCore.Http.HttpResults;

namespace Billing.WebConsole;

/// <summary>
/// The page's one style sheet and one script, and the promise that it needs nothing from anywhere else.
/// </summary>
public static class Assets
{
    /// <summary>Tells the browser to load nothing but our own.</summary>
    public static Task OwnSourcesOnly(HttpContext context, RequestDelegate next)
    {
        context.Response.Headers.ContentSecurityPolicy =
            "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return next(context);
    }

    public static void MapAssets(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/console.css", () => Read("console.css", "text/css; charset=utf-8"));
        routes.MapGet("/console.js", () => Read("console.js", "text/javascript; charset=utf-8"));
    }

    private static FileStreamHttpResult Read(string name, string type) =>
        TypedResults.Stream(typeof(Assets).Assembly.GetManifestResourceStream(name)!, type);
}
