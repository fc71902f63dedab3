using Microsoft.AspNetCore.Http.HttpResults;

namespace Billing.WebConsole;

/// <summary>The page's style sheet and script, and the policy that it loads nothing from other origins.</summary>
public static class Assets
{
    /// <summary>Sends the header that makes the browser load nothing from other origins.</summary>
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
