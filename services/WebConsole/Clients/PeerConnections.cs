using System.Net;
using System.Text.Json;
using Billing.Contracts;
using Billing.Platform;
using Microsoft.Extensions.Options;
using Polly.Timeout;

namespace Billing.WebConsole;

/// <summary>
/// Sends requests to the other services. A service that is away must not fail the page: a broken connection is retried
/// once or twice, no request takes longer than some seconds, and a missing answer is shown as such. The reason shown is
/// worded here; a library's message, which may contain an address, goes to the log only. Every request carries the
/// token of the person who asked, and one for which the person has no right is not sent.
/// </summary>
public sealed partial class PeerConnections(
    IHttpClientFactory clients, IOptions<PeerOptions> peers, Caller caller, ILogger<PeerConnections> log)
{
    /// <summary>The name of the clients at the HTTP client factory.</summary>
    internal const string Name = "peers";

    private const string Refused = "right-missing";

    internal static readonly TimeSpan Timeout = TimeSpan.FromSeconds(4);

    private sealed record Problem(string? Code, string? Detail);

    /// <summary>Sends a query and parses its answer; only <see cref="Peers"/> knows the queries.</summary>
    internal Task<Answer<T>> Ask<T>(Peer peer, string query, Right right, CancellationToken cancellation)
        where T : class => Send<T>(peer, HttpMethod.Get, query, right, null, cancellation);

    /// <summary>Sends a request and parses its answer.</summary>
    internal Task<Answer<T>> Send<T>(
        Peer peer, HttpMethod method, string query, Right right, object? body, CancellationToken cancellation)
        where T : class => Exchange(
            peer, method, query, right, body, HttpCompletionOption.ResponseContentRead,
            content => content.ReadFromJsonAsync<T>(Wire.Stored, cancellation), cancellation);

    /// <summary>Asks for a file, which is handed on while it comes.</summary>
    internal Task<Answer<string>> Fetch(
        Peer peer, string query, Right right, Func<HttpContent, Task> take, CancellationToken cancellation) =>
        Exchange<string>(
            peer, HttpMethod.Get, query, right, null, HttpCompletionOption.ResponseHeadersRead,
            async content =>
            {
                await take(content);
                return query;
            },
            cancellation);

    private async Task<Answer<T>> Exchange<T>(
        Peer peer, HttpMethod method, string query, Right right, object? body, HttpCompletionOption whole,
        Func<HttpContent, Task<T?>> read, CancellationToken cancellation)
        where T : class
    {
        if (!caller.May(right))
            return new(peer, query, null, Refused) { Lacks = right, Status = HttpStatusCode.Forbidden };
        try
        {
            using var http = clients.CreateClient(Name);
            using var request = new HttpRequestMessage(method, new Uri(peers.Value.AddressOf(peer), query));
            request.Headers.Authorization = new("Bearer", caller.Token);
            request.Content = body is null ? null : JsonContent.Create(body, body.GetType(), options: Wire.Strict);
            using var response = await http.SendAsync(request, whole, cancellation);
            if (response.StatusCode == HttpStatusCode.NoContent)
                return new(peer, query, null, null) { Status = response.StatusCode };
            if (!response.IsSuccessStatusCode)
                return await Refusal(response);
            var value = await read(response.Content);
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

        async Task<Answer<T>> Refusal(HttpResponseMessage response)
        {
            var problem = response.Content.Headers.ContentType?.MediaType == "application/problem+json"
                ? await response.Content.ReadFromJsonAsync<Problem>(Wire.Stored, cancellation)
                : null;
            return None($"HTTP {(int)response.StatusCode}") with
            {
                Status = response.StatusCode, Code = problem?.Code, Detail = problem?.Detail,
                Lacks = problem?.Code == Refused ? right : null,
            };
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
