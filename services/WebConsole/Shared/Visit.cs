namespace Billing.WebConsole;

/// <summary>Who looks at which page, in which language.</summary>
/// <param name="Caller">The person.</param>
/// <param name="Language">The language.</param>
/// <param name="Path">The page.</param>
/// <param name="Query">What else the address says, without the language.</param>
public sealed record Visit(Caller Caller, Language Language, string Path, string Query)
{
    /// <summary>The visit of a request.</summary>
    internal static Visit Of(HttpContext context) => new(
        context.RequestServices.GetRequiredService<Caller>(), Language.Of(context.Request),
        context.Request.Path.ToUriComponent(),
        QueryString.Create(context.Request.Query.Where(field => field.Key != "lang")
            .SelectMany(field => field.Value, (field, value) => KeyValuePair.Create(field.Key, value))).ToString());

    /// <summary>The address of another page, in the same language.</summary>
    public string To(string path) => Link(path, Language);

    /// <summary>The address of this page in a language.</summary>
    public string In(Language language)
    {
        ArgumentNullException.ThrowIfNull(language);
        return Link(Path + Query, language);
    }

    private static string Link(string path, Language language) =>
        $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}lang={language.Short}";
}
