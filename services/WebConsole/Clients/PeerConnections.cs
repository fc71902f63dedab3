using System.Text.Json;
using Billing.Platform;
using Microsoft.Extensions.Options;
using Polly.Timeout;

namespace Billing.WebConsole;

/// <summary>
/// Sends requests to the other services. A service that is away must not fail the page: a broken connection is retried
/// once or twice, no request takes longer than some seconds, and a missing answer is shown as such. The reason shown is
/// worded here; a library's message, which may contain an address, goes to the log only.
/// </summary>
public sealed partial class PeerConnections(
    IHttpClientFactory clients, IOptions<PeerOptions> peers, ILogger<PeerConnections> log)
{
    /// <summary>The name of the clients at the HTTP client factory.</summary>
    internal const string Name = "peers";

    internal static readonly TimeSpan Timeout = TimeSpan.FromSeconds(4);

    /// <summary>Sends a query and parses its answer; only <see cref="Peers"/> knows the queries.</summary>
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
            return None($"> {Timeout.TotalSeconds:0} s", e);
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
