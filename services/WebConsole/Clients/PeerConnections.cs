using System.Net;
using System.Text.Json;
using Billing.Platform;
using Polly;
using Polly.Timeout;

namespace Billing.WebConsole;

/// <summary>
/// The way to the other services. A service that is away must not take the page with it: a broken connection is tried
/// again once or twice, nobody is waited for longer than some seconds, and no answer is an answer too. Why there is
/// none is said in words of our own; what a library words, such as an address, goes to the log.
/// </summary>
public sealed partial class PeerConnections : IDisposable
{
    private const int LargestAnswerBytes = 8 * 1024 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    // Nobody sends the console on: a redirect would be an address of somebody else's choice.
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        PooledConnectionLifetime = TimeSpan.FromMinutes(2), AllowAutoRedirect = false, UseCookies = false,
    }) { MaxResponseContentBufferSize = LargestAnswerBytes };

    private readonly IReadOnlyDictionary<Peer, Uri> _addresses;
    private readonly ILogger _log;

    private readonly ResiliencePipeline<HttpResponseMessage> _pipeline =
        new ResiliencePipelineBuilder<HttpResponseMessage>()
            .AddRetry(new()
            {
                MaxRetryAttempts = 2,
                Delay = TimeSpan.FromMilliseconds(100),
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = new PredicateBuilder<HttpResponseMessage>()
                    .Handle<HttpRequestException>()
                    .HandleResult(answer => answer.StatusCode
                        is HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable),
            })
            .AddTimeout(Patience)
            .Build();

    /// <summary>Reads the settings <c>Billing:Services:Customer</c> and so on.</summary>
    /// <exception cref="InvalidConfigurationException">One is missing or no address.</exception>
    public PeerConnections(IConfiguration configuration, ILogger<PeerConnections> log) => (_addresses, _log) =
        (Enum.GetValues<Peer>().ToDictionary(peer => peer, peer => AddressOf(peer, configuration)), log);

    public void Dispose() => _http.Dispose();

    /// <summary>Asks a service and reads its answer; only <see cref="Peers"/> knows what to ask.</summary>
    internal async Task<Answer<T>> Ask<T>(Peer peer, string query, CancellationToken cancellation)
        where T : class
    {
        try
        {
            using var response = await _pipeline.ExecuteAsync(
                async token => await _http.GetAsync(new Uri(_addresses[peer], query), token), cancellation);
            if (!response.IsSuccessStatusCode)
                return None($"HTTP {(int)response.StatusCode}") with { Status = response.StatusCode };
            var value = await response.Content.ReadFromJsonAsync<T>(Wire.Stored, cancellation);
            return value is null ? None("null") : new(peer, query, value, null);
        }
        catch (HttpRequestException e)
        {
            return None(e.HttpRequestError.ToString(), e);
        }
        catch (TimeoutRejectedException e)
        {
            return None($"> {Patience.TotalSeconds:0} s", e);
        }
        catch (JsonException e)
        {
            return None("InvalidAnswer", e);
        }

        Answer<T> None(string problem, Exception? fault = null)
        {
            Unanswered(_log, peer, query, problem, fault);
            return new(peer, query, null, problem);
        }
    }

    private static Uri AddressOf(Peer peer, IConfiguration configuration)
    {
        var key = $"Billing:Services:{peer}";
        return Uri.TryCreate(configuration[key], UriKind.Absolute, out var address)
            && address.Scheme is "http" or "https"
            ? address
            : throw new InvalidConfigurationException(
                $"{key} is '{configuration[key]}'. It should be an address like http://127.0.0.1:5101 " +
                $"(environment variable {key.Replace(":", "__", StringComparison.Ordinal)}).");
    }

    [LoggerMessage(LogLevel.Warning, "{Peer} gave no answer to {Query}: {Problem}")]
    private static partial void Unanswered(ILogger log, Peer peer, string query, string problem, Exception? fault);
}
