using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Billing.Contracts;
using Billing.Contracts.Api;
using Polly;
using Polly.Retry;

namespace Billing.ForPartners;

/// <summary>
/// A partner's connection to Billing. Every call may be repeated safely, and is: after a broken connection, no answer
/// in time, 429 (when the service says) or 5xx. If all tries fail, <see cref="HttpRequestException"/> or
/// <see cref="TimeoutException"/> says that the outcome is unknown: ask again later under the same serial, or reverse;
/// never pay under a new serial (rules.md B-3).
/// </summary>
public sealed class PartnerClient : IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    private readonly HttpClient _http;
    private readonly TimeSpan _timeout;
    private readonly ResiliencePipeline<HttpResponseMessage> _tries;

    /// <summary>Opens a connection.</summary>
    /// <param name="address">The address of the partner API, such as <c>https://partners.example.com</c>.</param>
    /// <param name="keyId">The key's id, such as <c>icbc.2026a</c>.</param>
    /// <param name="secret">Its secret, 64 hexadecimal digits.</param>
    /// <param name="timeout">How long one try may take; 30 s unless given (rules.md B-2).</param>
    /// <param name="retries">How often a call is repeated before its outcome is called unknown.</param>
    /// <param name="inner">What sends the requests, such as a handler with a client certificate.</param>
    /// <param name="clock">The clock of the signatures.</param>
    public PartnerClient(
        Uri address, string keyId, string secret, TimeSpan? timeout = null, int retries = 5,
        HttpMessageHandler? inner = null, TimeProvider? clock = null)
    {
        _timeout = timeout ?? TimeSpan.FromSeconds(30);
        _http = new(new PartnerSigner(keyId, secret, clock) { InnerHandler = inner ?? new SocketsHttpHandler() })
        {
            BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan,
        };
        var tries = new ResiliencePipelineBuilder<HttpResponseMessage>();
        if (retries > 0)
            tries.AddRetry(new()
            {
                MaxRetryAttempts = retries, Delay = TimeSpan.FromMilliseconds(200), MaxDelay = TimeSpan.FromSeconds(10),
                BackoffType = DelayBackoffType.Exponential, UseJitter = true,
                ShouldHandle = new PredicateBuilder<HttpResponseMessage>()
                    .Handle<HttpRequestException>().Handle<TimeoutException>()
                    .HandleResult(answer => answer.StatusCode == HttpStatusCode.TooManyRequests
                        || answer.StatusCode >= HttpStatusCode.InternalServerError),
                DelayGenerator = outcome => ValueTask.FromResult(WaitOf(outcome.Outcome.Result)),
                OnRetry = outcome =>
                {
                    outcome.Outcome.Result?.Dispose();
                    return ValueTask.CompletedTask;
                },
            });
        _tries = tries.Build();
    }

    /// <summary>What an account owes.</summary>
    public Task<OpenBill> Bill(AccountNo account, CancellationToken cancellation = default) =>
        Send<OpenBill>(HttpMethod.Get, $"/partner/v1/bills/{account}", null, cancellation);

    /// <summary>Pays money in; the same serial with the same facts gets the first answer again.</summary>
    /// <param name="bankDate">The bank day.</param>
    /// <param name="serial">The own number of the payment, unique within the day.</param>
    /// <param name="account">The account that is paid for.</param>
    /// <param name="amount">The money.</param>
    /// <param name="cancellation">Cancels; the outcome is unknown then.</param>
    public Task<PaymentReceipt> Pay(
        DateOnly bankDate, string serial, AccountNo account, Money amount, CancellationToken cancellation = default) =>
        Send<PaymentReceipt>(
            HttpMethod.Put, PaymentPath(bankDate, serial), Body(new ReceivePaymentRequest(account, amount)),
            cancellation);

    /// <summary>What became of a payment, for when no answer was heard.</summary>
    public Task<PartnerPayment> Payment(
        DateOnly bankDate, string serial, CancellationToken cancellation = default) =>
        Send<PartnerPayment>(HttpMethod.Get, PaymentPath(bankDate, serial), null, cancellation);

    /// <summary>Takes a payment back during its bank day; one that has not arrived is blocked.</summary>
    /// <param name="bankDate">The bank day of the payment.</param>
    /// <param name="serial">Its serial.</param>
    /// <param name="account">The account that was paid for.</param>
    /// <param name="reason">Why, for people.</param>
    /// <param name="cancellation">Cancels; the outcome is unknown then.</param>
    public Task<ReversalReceipt> Reverse(
        DateOnly bankDate, string serial, AccountNo account, string reason, CancellationToken cancellation = default) =>
        Send<ReversalReceipt>(
            HttpMethod.Put, PaymentPath(bankDate, serial) + "/reversal",
            Body(new ReversePaymentRequest(account, reason)), cancellation);

    /// <summary>Sends the file of a bank day that is over, and returns the comparison.</summary>
    /// <param name="bankDate">The bank day.</param>
    /// <param name="file">The file, in the encoding that was agreed.</param>
    /// <param name="cancellation">Cancels.</param>
    public Task<ReconciledDay> SendFile(
        DateOnly bankDate, byte[] file, CancellationToken cancellation = default) =>
        Send<ReconciledDay>(
            HttpMethod.Post, DayPath(bankDate), () => new ByteArrayContent(file)
            {
                Headers = { ContentType = new MediaTypeHeaderValue("text/plain") },
            }, cancellation);

    /// <summary>The comparison of a bank day as it stands now.</summary>
    public Task<ReconciledDay> Day(DateOnly bankDate, CancellationToken cancellation = default) =>
        Send<ReconciledDay>(HttpMethod.Get, DayPath(bankDate), null, cancellation);

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static string PaymentPath(DateOnly day, string serial) =>
        $"/partner/v1/payments/{Text(day)}/{Uri.EscapeDataString(serial)}";

    private static string DayPath(DateOnly day) => $"/partner/v1/days/{Text(day)}/reconciliation";

    private static string Text(DateOnly day) => day.ToString("yyyyMMdd", CultureInfo.InvariantCulture);

    private static Func<HttpContent> Body<T>(T body) => () => JsonContent.Create(body, options: Json);

    private static TimeSpan? WaitOf(HttpResponseMessage? answer) => answer?.Headers.RetryAfter switch
    {
        { Delta: { } wait } => wait < LongestWait ? wait : LongestWait,
        _ => null,
    };

    private async Task<T> Send<T>(
        HttpMethod method, string path, Func<HttpContent>? body, CancellationToken cancellation)
    {
        using var answer = await _tries.ExecuteAsync(
            async token => await Try(method, path, body?.Invoke(), token), cancellation);
        if (answer.IsSuccessStatusCode)
            return await answer.Content.ReadFromJsonAsync<T>(Json, cancellation)
                ?? throw new HttpRequestException($"{method} {path}: the answer is empty.");
        if (answer.StatusCode >= HttpStatusCode.InternalServerError)
            throw new HttpRequestException($"{method} {path}: {(int)answer.StatusCode}", null, answer.StatusCode);
        throw await PartnerRefusalException.From(answer, cancellation);
    }

    private async Task<HttpResponseMessage> Try(
        HttpMethod method, string path, HttpContent? body, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = body };
        using var timely = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timely.CancelAfter(_timeout);
        try
        {
            return await _http.SendAsync(request, timely.Token);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"{method} {path}: no answer within {_timeout.TotalSeconds:0} s.", e);
        }
    }
}
