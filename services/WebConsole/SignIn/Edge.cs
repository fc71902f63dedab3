using Billing.Platform;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.Extensions.Options;

namespace Billing.WebConsole;

/// <summary>
/// What comes before every page: the address under which browsers know the console, headers that forbid what no page
/// needs, and the refusal of whatever changes something and was not sent by a form of this console.
/// </summary>
internal static class Edge
{
    public static void UseEdge(this WebApplication app)
    {
        var console = app.Services.GetRequiredService<IOptions<ConsoleOptions>>().Value;
        var issuer = new Uri(app.Services.GetRequiredService<IOptions<Platform.TokenOptions>>().Value.Issuer);
        var address = console.Address.Length > 0 ? new Uri(console.Address) : null;
        // Signing out is a form, and leads to the provider.
        var policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
            + "connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
            + $"form-action 'self' {issuer.GetLeftPart(UriPartial.Authority)}";
        app.Use((context, next) =>
        {
            // TLS ends at the gateway.
            if (address is not null)
                (context.Request.Scheme, context.Request.Host) = (
                    address.Scheme, new HostString(address.Authority));
            var headers = context.Response.Headers;
            headers.ContentSecurityPolicy = policy;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "no-referrer";
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            headers["Cross-Origin-Resource-Policy"] = "same-origin";
            headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
            headers.CacheControl = "no-store";
            if (console.IsHttps)
                headers.StrictTransportSecurity = "max-age=31536000";
            return next(context);
        });
    }

    /// <summary>
    /// Answers 400 to a request that would change something and does not carry the token of a form of this session.
    /// It is here and not at each page, so that no page can be without it.
    /// </summary>
    public static void UseFormsOfOurs(this WebApplication app)
    {
        var forms = app.Services.GetRequiredService<IAntiforgery>();
        app.Use(async (context, next) =>
        {
            if (context.GetEndpoint() is not RouteEndpoint || await IsOurs(forms, context))
                await next(context);
            else
                await Refusals.ShowForged(context);
        });
        app.UseAntiforgery();
    }

    private static async Task<bool> IsOurs(IAntiforgery forms, HttpContext context)
    {
        try
        {
            return await forms.IsRequestValidAsync(context);
        }
        catch (AntiforgeryValidationException)
        {
            // A body that cannot be read as a form.
            return false;
        }
    }
}
