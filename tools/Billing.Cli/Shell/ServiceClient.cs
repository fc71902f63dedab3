using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Billing.Platform;
using Polly;
using Polly.Retry;

namespace Billing.Tools;

/// <summary>A refusal as answered by a service.</summary>
/// <param name="Code">The stable code.</param>
/// <param name="Detail">The message for people.</param>
/// <param name="Errors">Every mistake under its JSON path, for a refused document.</param>
internal sealed record Problem(
    string? Code, string? Detail, IReadOnlyDictionary<string, IReadOnlyList<string>>? Errors = null)
{
    public override string ToString() => string.Join(
        '\n',
        (Errors ?? new Dictionary<string, IReadOnlyList<string>>())
            .SelectMany(error => error.Value.Select(message => $"  {error.Key}: {message}"))
            .Prepend($"{Code}: {Detail}"));
}

/// <summary>The answer of a service: a value or a refusal.</summary>
internal sealed record Answer<T>(int Status, T? Value, Problem? Problem)
    where T : class
{
    /// <summary>Whether it was only proposed, and waits for a second person.</summary>
    public bool Waits => Status == 202;

    /// <summary>The value, for callers that do not expect a refusal.</summary>
    public T Ok(string doing) =>
        Value ?? throw new Failure($"{doing}: refused with {Status} {Problem?.ToString() ?? "and no word why"}");
}

/// <summary>
/// One service over HTTP. Every request here is safe to repeat, so network faults and answers of 5xx are retried for
/// half a minute.
/// </summary>
internal sealed class ServiceClient : IDisposable
{
    private static readonly ResiliencePipeline<HttpResponseMessage> Resilience =
        new ResiliencePipelineBuilder<HttpResponseMessage>().AddRetry(new RetryStrategyOptions<HttpResponseMessage>
        {
            MaxRetryAttempts = 8,
            Delay = TimeSpan.FromMilliseconds(100),
            MaxDelay = TimeSpan.FromSeconds(8),
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            ShouldHandle = new PredicateBuilder<HttpResponseMessage>()
                .Handle<HttpRequestException>().HandleResult(answer => (int)answer.StatusCode >= 500),
        }).Build();

    /// <summary>Lenient, because not every problem has every member.</summary>
    private static readonly JsonSerializerOptions ProblemJson = new(JsonSerializerDefaults.Web);

    private readonly HttpClient _http;
    private readonly Access.Signed? _signed;

    public ServiceClient(Uri address, Access.Signed signed)
        : this(Open(address, new SocketsHttpHandler { MaxConnectionsPerServer = 256 }), signed)
    {
    }

    /// <summary>A service that knows its callers by what a handler adds to each request.</summary>
    public ServiceClient(Uri address, DelegatingHandler signer)
        : this(Open(address, signer), null)
    {
        signer.InnerHandler = new SocketsHttpHandler { MaxConnectionsPerServer = 256 };
    }

    private ServiceClient(HttpClient http, Access.Signed? signed) => (_http, _signed) = (http, signed);

    /// <summary>The same service as another user; it is disposed of with this one.</summary>
    public ServiceClient As(string who) => new(_http, _signed!.As(who));

    public async Task<T> Get<T>(Route path, CancellationToken cancellation = default)
        where T : class =>
        (await Find<T>(path, cancellation)).Ok($"GET {path}");

    public Task<Answer<T>> Find<T>(Route path, CancellationToken cancellation = default)
        where T : class =>
        Send<T>(() => new(HttpMethod.Get, path.ToString()), cancellation);

    public Task<Answer<T>> Put<T>(Route path, object body, CancellationToken cancellation = default)
        where T : class =>
        Send<T>(() => new(HttpMethod.Put, path.ToString()) { Content = Json(body) }, cancellation);

    public Task<Answer<T>> Post<T>(Route path, object? body = null, CancellationToken cancellation = default)
        where T : class =>
        Send<T>(
            () => new(HttpMethod.Post, path.ToString()) { Content = body is null ? null : Json(body) }, cancellation);

    /// <summary>
    /// Sends a file unchanged. Files are imported by natural keys, so sending one twice changes nothing.
    /// </summary>
    public Task<Answer<T>> PostFile<T>(
        Route path, string file, string mediaType, string key, Action<long>? sent = null,
        CancellationToken cancellation = default)
        where T : class =>
        Send<T>(
            () => new(HttpMethod.Post, path.ToString())
            {
                Headers = { { "Idempotency-Key", key } },
                Content = new StreamContent(new MeteredStream(File.OpenRead(file), sent), 1 << 16)
                {
                    Headers = { ContentType = new MediaTypeHeaderValue(mediaType) { CharSet = "utf-8" } },
                },
            },
            cancellation);

    public Task<Answer<T>> PostText<T>(Route path, string text, CancellationToken cancellation = default)
        where T : class =>
        Send<T>(
            () => new(HttpMethod.Post, path.ToString())
            {
                Content = new StringContent(text, Encoding.UTF8, "text/plain"),
            },
            cancellation);

    /// <summary>
    /// Requests an answer of JSON lines, and passes each on as it arrives. It is not retried, because some lines may
    /// already have been passed on.
    /// </summary>
    public async Task<Problem?> Lines(
        Route path, object body, Action<string> give, CancellationToken cancellation = default)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, path.ToString()) { Content = Json(body) };
        await Sign(message, cancellation);
        using var answer = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellation);
        if (!answer.IsSuccessStatusCode)
            return await ProblemOf(answer, cancellation);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(cancellation));
        while (await lines.ReadLineAsync(cancellation) is { } line)
            give(line);
        return null;
    }

    public void Dispose() => _http.Dispose();

    private static HttpClient Open(Uri address, HttpMessageHandler handler) =>
        new(handler) { BaseAddress = address, Timeout = TimeSpan.FromMinutes(15) };

    private ValueTask Sign(HttpRequestMessage message, CancellationToken cancellation) =>
        _signed?.Sign(message, cancellation) ?? ValueTask.CompletedTask;

    private static JsonContent Json(object body) => JsonContent.Create(body, body.GetType(), options: Wire.Stored);

    private async Task<Answer<T>> Send<T>(Func<HttpRequestMessage> request, CancellationToken cancellation)
        where T : class
    {
        using var answer = await Resilience.ExecuteAsync(
            async token =>
            {
                using var message = request();
                await Sign(message, token);
                return await _http.SendAsync(message, token);
            },
            cancellation);
        var status = (int)answer.StatusCode;
        if (!answer.IsSuccessStatusCode)
            return new(status, null, await ProblemOf(answer, cancellation));
        if (typeof(T) == typeof(string))
            return new(status, (T)(object)await answer.Content.ReadAsStringAsync(cancellation), null);
        await using var body = await answer.Content.ReadAsStreamAsync(cancellation);
        return new(status, await JsonSerializer.DeserializeAsync<T>(body, Wire.Stored, cancellation), null);
    }

    private static async Task<Problem> ProblemOf(HttpResponseMessage answer, CancellationToken cancellation)
    {
        var text = await answer.Content.ReadAsStringAsync(cancellation);
        try
        {
            var problem = JsonSerializer.Deserialize<Problem>(text, ProblemJson);
            return problem ?? new(null, text);
        }
        catch (JsonException)
        {
            return new(null, text.Length > 200 ? text[..200] : text);
        }
    }
}
