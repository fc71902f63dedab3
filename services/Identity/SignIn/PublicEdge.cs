using Billing.Platform;
using Microsoft.Extensions.Options;

namespace Billing.Identity;

/// <summary>
/// What comes before everything else: requests are seen under the public address, pages load nothing from elsewhere,
/// and forms with text that nobody types are refused before a library stores it.
/// </summary>
internal sealed class PublicEdge(IOptions<Platform.TokenOptions> tokens, IOptions<IssuerOptions> issuer)
    : IStartupFilter
{
    private const int LongestField = 8_192;

    private static readonly string[] Forms = [SignInPage.Path, PasswordPage.Path, SecondFactorPage.Path];

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        var address = new Uri(tokens.Value.Issuer);
        var refusal = new Rejection("field-unreadable", $"A field is text of at most {LongestField} characters.", 400);
        var policy = "default-src 'none'; style-src 'self'; img-src 'self' data:; "
            + $"form-action 'self' {issuer.Value.ConsoleOrigin}; base-uri 'none'; frame-ancestors 'none'";
        app.Use(async (context, go) =>
        {
            // TLS ends at the gateway; the addresses that OpenIddict tells are those that the issuer is known by.
            (context.Request.Scheme, context.Request.Host) = (address.Scheme, new(address.Authority));
            var headers = context.Response.Headers;
            headers.ContentSecurityPolicy = policy;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "no-referrer";
            headers.CacheControl = "no-store";
            if (await IsReadable(context.Request))
                await go(context);
            else
                await refusal.ToProblem().ExecuteAsync(context);
        });
        next(app);
    };

    private static async Task<bool> IsReadable(HttpRequest request)
    {
        // Elsewhere Platform looks at what is sent, and says which member is wrong.
        if (!request.Path.StartsWithSegments("/connect", StringComparison.Ordinal)
            && !Forms.Contains(request.Path.Value, StringComparer.Ordinal))
            return true;
        if (!request.Query.SelectMany(field => field.Value).All(IsText))
            return false;
        if (!request.HasFormContentType)
            return true;
        try
        {
            return (await request.ReadFormAsync()).SelectMany(field => field.Value).All(IsText);
        }
        catch (Exception e) when (e is InvalidDataException or BadHttpRequestException)
        {
            return false;
        }
    }

    private static bool IsText(string? value) =>
        value is null || value.Length <= LongestField && !value.Contains('\0', StringComparison.Ordinal);
}
