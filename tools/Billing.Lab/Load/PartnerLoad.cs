using System.Buffers.Text;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;

namespace Billing.Tools;

/// <summary>
/// The result of a load test. Times are those of a payment as the partner sees it, including its query;
/// <paramref name="Taken"/> and <paramref name="Fen"/> are the number and the sum of the accepted payments.
/// </summary>
internal sealed record LoadResult(
    int Payments, double Seconds, double PerSecond, double P50Ms, double P99Ms, int Taken, long Fen, int Errors,
    string? FirstError);

/// <summary>
/// Connections that each pay one bill after the other. It shares the machine with the service it measures, so it does
/// as little as possible: it sends and reads bytes and parses no JSON objects.
/// </summary>
/// <param name="payments">The address of Payments.</param>
/// <param name="accounts">The accounts that are paid for, in turn.</param>
/// <param name="connections">The number of connections.</param>
/// <param name="query">Whether the bill is queried before.</param>
/// <param name="perSecond">The most payments begun per second; unlimited when null.</param>
internal sealed class PartnerLoad(
    Uri payments, string[] accounts, int connections, bool query, double? perSecond = null) : IDisposable
{
    /// <summary>The partner that pays.</summary>
    public const string Partner = "loadtest";

    private const long WithoutQueryFen = 100;
    private static readonly MediaTypeHeaderValue JsonType = new("application/json");
    private HttpClient _http = new();

    private readonly string _run = Stopwatch.GetTimestamp().ToString("x", CultureInfo.InvariantCulture);
    private readonly string _day = TimeProvider.System.Today().ToString("yyyyMMdd", CultureInfo.InvariantCulture);
    private int _next = -1;
    private int _taken;
    private long _fen;
    private int _errors;
    private string? _firstError;

    public async Task<LoadResult> Run(int count, CancellationToken cancellation)
    {
        var terms = DemoPartners.Measuring("压力测试", AmountRule.Any);
        using (var service = new ServiceClient(payments, new Access.Signed(Access.Here, People.Operator)))
        {
            await service.Agree(asking => asking.Put<string>($"/partners/{Partner}", terms, cancellation), cancellation)
                .Accepted(Partner);
            var signer = await PartnerKeys.Signer(service, Partner, cancellation);
            signer.InnerHandler = new SocketsHttpHandler { MaxConnectionsPerServer = connections, UseProxy = false };
            _http.Dispose();
            _http = new(signer) { BaseAddress = Instance.Partners };
        }
        var times = new long[count];
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, connections).Select(
            _ => Task.Run(() => Connection(times, watch, cancellation), cancellation)));
        var seconds = watch.Elapsed.TotalSeconds;
        Array.Sort(times);
        return new(
            count, Math.Round(seconds, 3), Math.Round(count / seconds, 1), Milliseconds(times, 0.50),
            Milliseconds(times, 0.99), _taken, _fen, _errors, _firstError);
    }

    public void Dispose() => _http.Dispose();

    private async Task Connection(long[] times, Stopwatch watch, CancellationToken cancellation)
    {
        while (true)
        {
            var number = Interlocked.Increment(ref _next);
            if (number >= times.Length)
                return;
            if (perSecond is { } rate && TimeSpan.FromSeconds(number / rate) - watch.Elapsed is { Ticks: > 0 } early)
                await Task.Delay(early, cancellation);
            var begun = Stopwatch.GetTimestamp();
            try
            {
                await One(accounts[number % accounts.Length], number, cancellation);
            }
            catch (HttpRequestException e)
            {
                Fail(e.Message);
            }
            times[number] = Stopwatch.GetTimestamp() - begun;
        }
    }

    private async Task One(string account, int number, CancellationToken cancellation)
    {
        var fen = WithoutQueryFen;
        if (query)
        {
            using var bill = await _http.GetAsync(
                new Uri($"/partner/v1/bills/{account}", UriKind.Relative), cancellation);
            var answer = await bill.Content.ReadAsByteArrayAsync(cancellation);
            if (!bill.IsSuccessStatusCode)
                Fail($"query {(int)bill.StatusCode}: {Encoding.UTF8.GetString(answer)}");
            // An account that owes nothing more pays in advance.
            fen = DueOf(answer) is > 0 and var due ? due : WithoutQueryFen;
        }
        using var body = new ByteArrayContent(Encoding.ASCII.GetBytes(
            $$$"""{"account":"{{{account}}}","amount":{"fen":{{{fen.ToString(CultureInfo.InvariantCulture)}}}}}"""));
        body.Headers.ContentType = JsonType;
        using var paid = await _http.PutAsync(
            new Uri($"/partner/v1/payments/{_day}/{_run}-{number}", UriKind.Relative), body, cancellation);
        if (paid.IsSuccessStatusCode)
        {
            Interlocked.Increment(ref _taken);
            Interlocked.Add(ref _fen, fen);
        }
        else
            Fail($"payment {(int)paid.StatusCode}: {await paid.Content.ReadAsStringAsync(cancellation)}");
    }

    /// <summary>The number after <c>"due":{"fen":</c>; 0 when it is not there.</summary>
    internal static long DueOf(ReadOnlySpan<byte> answer)
    {
        var mark = "\"due\":{\"fen\":"u8;
        var place = answer.IndexOf(mark);
        return place >= 0 && Utf8Parser.TryParse(answer[(place + mark.Length)..], out long fen, out _) ? fen : 0;
    }

    private void Fail(string reason)
    {
        Interlocked.Increment(ref _errors);
        Interlocked.CompareExchange(ref _firstError, reason, null);
    }

    private static double Milliseconds(long[] sorted, double share) => sorted.Length == 0
        ? 0
        : Math.Round(sorted[(int)((sorted.Length - 1) * share)] * 1000.0 / Stopwatch.Frequency, 2);
}
