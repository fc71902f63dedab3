using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Billing.Platform;
using Billing.WebConsole;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;

namespace Billing.Identity;

/// <summary>
/// How many forms with passwords and codes one address may send in a minute. The lock-out of a user is against guesses
/// at one name; this is against guesses at many.
/// </summary>
internal static class Throttle
{
    private const string Policy = "attempts";
    private const int BitsOfNetwork = 64;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    public static void AddThrottle(this IServiceCollection services) => services.AddRateLimiter(limits =>
    {
        limits.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        limits.OnRejected = async (context, _) =>
        {
            context.HttpContext.Response.Headers.RetryAfter =
                Window.TotalSeconds.ToString(CultureInfo.InvariantCulture);
            context.HttpContext.RequestServices.GetRequiredService<AuditLog>().Refused(
                "TooManyAttempts", null, $"{StatusCodes.Status429TooManyRequests}");
            await new RazorComponentResult<TooManyView>(new { Language = Language.Of(context.HttpContext.Request) })
            {
                StatusCode = StatusCodes.Status429TooManyRequests,
            }.ExecuteAsync(context.HttpContext);
        };
        limits.AddPolicy(Policy, context =>
        {
            var options = context.RequestServices.GetRequiredService<IOptions<IssuerOptions>>().Value;
            return RateLimitPartition.GetFixedWindowLimiter(AddressOf(context, options), _ => new()
            {
                PermitLimit = options.AttemptsPerMinute, Window = Window, QueueLimit = 0,
            });
        });
    });

    /// <summary>Counts the requests of this endpoint by the address from which they come.</summary>
    public static RouteHandlerBuilder CountsAttempts(this RouteHandlerBuilder endpoint) =>
        endpoint.RequireRateLimiting(Policy);

    /// <summary>The address as the gateway tells it, or the one that is connected; of IPv6, the network.</summary>
    private static string AddressOf(HttpContext context, IssuerOptions options)
    {
        var address = context.Connection.RemoteIpAddress;
        if (IPAddress.TryParse(options.Gateway, out var gateway) && gateway.Equals(address?.MapToIPv4())
            && IPAddress.TryParse(context.Request.Headers["X-Forwarded-For"].LastOrDefault()?.Split(',')[^1].Trim(),
                out var told))
            address = told;
        return address is { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: false }
            ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, BitsOfNetwork / 8))
            : $"{address?.MapToIPv4()}";
    }
}
