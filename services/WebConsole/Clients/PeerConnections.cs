using System.Text.Json;
using Billing.Platform;
using Microsoft.Extensions.Options;
using Polly.Timeout;

namespace Billing.WebConsole;

/// <summary>
/// The way to the other services. A service that is away must not take the page with it: a broken connection is tried
/// again once or twice, nobody is waited for longer than some seconds, and no answer is an answer too. Why there is
/// none is said in words of our own; what a library words, such as an address, goes to the log.
/// </summary>
public sealed partial class PeerConnections(
    IHttpClientFactory clients, IOptions<PeerOptions> peers, ILogger<PeerConnections> log)
{
    /// <summary>What the clients of the factory are called.</summary>
    internal const string Name = "peers";

    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    /// <summary>Asks a service and reads its answer; only <see cref="Peers"/> knows what to ask.</summary>
    internal async Task<Answer<T>> Ask<T>(Peer peer, string query, CancellationToken cancellation)
        where T : class
    {
        try
        {
            using var http = clients.CreateClient(Name);
            using var response = await http.GetAsync(new Uri(peers.Value.AddressOf(peer), query), cancellation);
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
            Unanswered(log, peer, query, problem, fault);
            return new(peer, query, null, problem);
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Peer} gave no answer to {Query}: {Problem}")]
    private static partial void Unanswered(ILogger log, Peer peer, string query, string problem, Exception? fault);
}
