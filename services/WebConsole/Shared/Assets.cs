using Microsoft.AspNetCore.Http.HttpResults;

namespace Billing.WebConsole;

/// <summary>The pages' style sheet and script, inside the assembly.</summary>
public static class Assets
{
    public static void MapAssets(this IEndpointRouteBuilder routes)
    {
        Map(routes, "/console.css", Read("colours.css") + Read("console.css"), "text/css; charset=utf-8");
        Map(routes, "/console.js", Read("console.js"), "text/javascript; charset=utf-8");
    }

    private static void Map(IEndpointRouteBuilder routes, string path, string text, string type) =>
        routes.MapGet(path, ContentHttpResult () => TypedResults.Text(text, type)).AllowAnonymous();

    private static string Read(string name)
    {
        using var reader = new StreamReader(typeof(Assets).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
