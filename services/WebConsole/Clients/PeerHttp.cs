using System.Net;
using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace Billing.WebConsole;

/// <summary>Configures the HTTP clients for the other services.</summary>
internal static class PeerHttp
{
    private const int LargestAnswerBytes = 8 * 1024 * 1024;

    /// <summary>
    /// Registers clients that retry a broken connection, or a service that is away, once or twice, and wait for no
    /// answer longer than <see cref="PeerConnections.Timeout"/>. Redirects are not followed: they would lead to an
    /// address that is not configured.
    /// </summary>
    public static void AddPeerConnections(this IServiceCollection services)
    {
        services.AddScoped<PeerConnections>().AddScoped<Peers>().AddScoped<IdentityPeer>().AddScoped<AuditPeers>()
            .AddHttpClient(PeerConnections.Name)
            .ConfigureHttpClient(client => client.MaxResponseContentBufferSize = LargestAnswerBytes)
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                PooledConnectionLifetime = TimeSpan.FromMinutes(2), AllowAutoRedirect = false, UseCookies = false,
            })
            .AddResilienceHandler(PeerConnections.Name, pipeline => pipeline
                .AddRetry(OfQueriesOnly(new()
                {
                    MaxRetryAttempts = 2,
                    Delay = TimeSpan.FromMilliseconds(100),
                    BackoffType = DelayBackoffType.Exponential,
                    UseJitter = true,
                    ShouldHandle = new PredicateBuilder<HttpResponseMessage>()
                        .Handle<HttpRequestException>()
                        .HandleResult(answer => answer.StatusCode
                            is HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable),
                }))
                .AddTimeout(PeerConnections.Timeout));
    }

    /// <summary>A password that was made and whose answer was lost would be made again, and told to nobody.</summary>
    private static HttpRetryStrategyOptions OfQueriesOnly(HttpRetryStrategyOptions retries)
    {
        retries.DisableForUnsafeHttpMethods();
        return retries;
    }
}
