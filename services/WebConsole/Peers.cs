using System.Net;
using System.Text.Json;
using Billing.Platform;
using Polly;
using Polly.Timeout;

namespace Billing.WebConsole;

/// <summary>A service that is asked.</summary>
public enum Peer
{
    Customer,
    Tariff,
    Invoicing,
    Payments,
    Collections,
}

/// <summary>An answer, or why there is none.</summary>
/// <typeparam name="T">The answer's shape.</typeparam>
/// <param name="Peer">Who was asked.</param>
/// <param name="Query">What was asked, such as <c>/totals</c>.</param>
/// <param name="Value">The answer; null when there is none.</param>
/// <param name="Problem">Why there is none, for people; null when there is one.</param>
public sealed record Answer<T>(Peer Peer, string Query, T? Value, string? Problem)
    where T : class
{
    /// <summary>Where a person can see the answer itself.</summary>
    public string Link => $"/api/{Peer}{Query}";
}

/// <summary>
/// Asks the other services. A service that is away must not take the page with it: a broken connection is tried again
/// once or twice, nobody is waited for longer than some seconds, and no answer is an answer too.
/// </summary>
public sealed class Peers : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    private readonly HttpClient _http =
        new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(2) });

    private readonly IReadOnlyDictionary<Peer, Uri> _addresses;

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

    private Peers(IReadOnlyDictionary<Peer, Uri> addresses) => _addresses = addresses;

    /// <summary>Reads the settings <c>Billing:Services:Customer</c> and so on.</summary>
    /// <exception cref="InvalidConfigurationException">One is missing or no address.</exception>
    public static Peers From(IConfiguration configuration) =>
        new(Enum.GetValues<Peer>().ToDictionary(peer => peer, peer => AddressOf(peer, configuration)));

    /// <summary>Asks a service and reads its answer.</summary>
    public async Task<Answer<T>> Ask<T>(Peer peer, string query, CancellationToken cancellation)
        where T : class
    {
        try
        {
            using var response = await Get(peer, query, cancellation);
            if (!response.IsSuccessStatusCode)
                return new(peer, query, null, $"HTTP {(int)response.StatusCode}");
            var value = await response.Content.ReadFromJsonAsync<T>(Wire.Stored, cancellation);
            return new(peer, query, value, value is null ? "null" : null);
        }
        catch (HttpRequestException e)
        {
            return new(peer, query, null, e.HttpRequestError.ToString());
        }
        catch (TimeoutRejectedException)
        {
            return new(peer, query, null, $"> {Patience.TotalSeconds:0} s");
        }
        catch (JsonException e)
        {
            return new(peer, query, null, e.Message);
        }
    }

    /// <summary>Asks a service and gives the answer on as it is.</summary>
    public async Task<HttpResponseMessage> Get(Peer peer, string query, CancellationToken cancellation) =>
        await _pipeline.ExecuteAsync(
            async token => await _http.GetAsync(new Uri(_addresses[peer], query), token), cancellation);

    public void Dispose() => _http.Dispose();

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
}
