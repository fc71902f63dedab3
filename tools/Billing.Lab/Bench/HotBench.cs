using System.Diagnostics;
using System.Globalization;
using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;
using Npgsql;

namespace Billing.Tools;

/// <summary>
/// <c>hot</c>: an account with 20,000 payments compared with one with 20, for refused and for accepted payments, and
/// the effect on other accounts while the long one is under load.
/// </summary>
internal sealed class HotBench(Services services)
{
    private const int Long = 20_000, Short = 20, Callers = 8, OthersPerSecond = 100;
    private const string Beside = "the same on an account of 20 payments";
    private const string Exact = "hotexact", Any = "hotany";
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(5);

    private readonly string _day = TimeProvider.System.Today().ToString("yyyyMMdd", CultureInfo.InvariantCulture);
    private readonly Dictionary<string, ServiceClient> _partners = [];
    private int _serial;

    public async Task<IReadOnlyList<Figure>> Run(int rounds, CancellationToken cancellation)
    {
        foreach (var (partner, rule) in new[] { (Exact, AmountRule.Exact), (Any, AmountRule.Any) })
        {
            await services.Payments.Agree(payments => payments.Put<string>(
                $"/partners/{partner}", DemoPartners.Measuring("热点测试", rule),
                cancellation), cancellation).Accepted(partner);
            _partners[partner] = await PartnerKeys.Connect(services.Payments, partner, cancellation);
        }
        var accounts = await Accounts(cancellation);
        var (hot, cold) = (accounts[0], accounts[1]);
        var others = accounts[2..];
        await Paid(hot, Long, cancellation);
        await Paid(cold, Short, cancellation);
        var (refused, refusedLimit, accepted, acceptedLimit) = (
            new List<double>(), new List<double>(), new List<double>(), new List<double>());
        var (alone, beside) = (new List<double>(), new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            refusedLimit.Add(await Hammer(cold, Exact, false, cancellation));
            refused.Add(await Hammer(hot, Exact, false, cancellation));
            acceptedLimit.Add(await Hammer(cold, Any, true, cancellation));
            accepted.Add(await Hammer(hot, Any, true, cancellation));
            alone.Add(await Others(others, Task.Delay(Length, cancellation), cancellation));
            beside.Add(await Others(others, Hammer(hot, Exact, false, cancellation), cancellation));
        }
        return
        [
            Figure.Of("hot", "refusals/s", refused, refusedLimit, Beside),
            Figure.Of("hot accepted", "payments/s", accepted, acceptedLimit, Beside),
            Figure.Of("hot others", "p99 ms", beside, alone, "the same with nobody hammering"),
        ];
    }

    /// <summary>Requests per second on one account.</summary>
    private async Task<double> Hammer(string account, string partner, bool accept, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        var done = await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
        {
            var mine = 0;
            for (; watch.Elapsed < Length; mine++)
            {
                var answer = await Pay(partner, account, 100, cancellation);
                if (accept ? answer.Problem is not null : answer.Problem?.Code != "payment-amount-not-exact")
                    throw new Failure($"{account} by {partner}: {answer.Problem?.ToString() ?? "accepted"}");
            }
            return mine;
        }, cancellation)));
        return done.Sum() / watch.Elapsed.TotalSeconds;
    }

    /// <summary>The 99th percentile of payments on other accounts, ms, while something else runs.</summary>
    private async Task<double> Others(string[] accounts, Task meanwhile, CancellationToken cancellation)
    {
        var (times, sent, watch) = (new List<Task<double>>(), 0, Stopwatch.StartNew());
        while (!meanwhile.IsCompleted)
        {
            var account = accounts[sent % accounts.Length];
            times.Add(Task.Run(async () =>
            {
                var begun = Stopwatch.GetTimestamp();
                (await Pay(Any, account, 100, cancellation)).Ok(account);
                return Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
            }, cancellation));
            var due = TimeSpan.FromSeconds((double)++sent / OthersPerSecond) - watch.Elapsed;
            if (due > TimeSpan.Zero)
                await Task.Delay(due, cancellation);
        }
        await meanwhile;
        return Figure.Percentile([.. await Task.WhenAll(times)], 0.99);
    }

    private Task Paid(string account, int times, CancellationToken cancellation) => Task.WhenAll(
        Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            for (var i = caller; i < times; i += Callers)
                (await Pay(Any, account, 1, cancellation)).Ok(account);
        }, cancellation)));

    private Task<Answer<object>> Pay(string partner, string account, long fen, CancellationToken cancellation) =>
        _partners[partner].Put<object>(
            $"/partner/v1/payments/{_day}/h{Stopwatch.GetTimestamp():x}-{Interlocked.Increment(ref _serial)}",
            new ReceivePaymentRequest(AccountNo.Wrap(account), new Money(fen)), cancellation);

    private static async Task<string[]> Accounts(CancellationToken cancellation)
    {
        await using var source = NpgsqlDataSource.Create(Instance.Postgres("payments"));
        await using var read = source.CreateCommand("select account_no from account order by account_no limit 502");
        await using var reader = await read.ExecuteReaderAsync(cancellation);
        var accounts = new List<string>();
        while (await reader.ReadAsync(cancellation))
            accounts.Add(reader.GetString(0));
        return accounts.Count > 10 ? [.. accounts] : throw new Failure("There are too few accounts to compare.");
    }
}
