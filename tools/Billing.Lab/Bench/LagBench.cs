using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;
using Npgsql;

namespace Billing.Tools;

/// <summary>
/// <c>lag</c>: from a payment's answer to the partner to its row in Collections, at 200 payments a second.
/// </summary>
internal sealed class LagBench(Services services)
{
    private const int PerSecond = 200;
    private const int Seconds = 10;
    private const string Partner = "lagtest";

    public async Task<IReadOnlyList<Figure>> Run(int rounds, CancellationToken cancellation)
    {
        await services.Payments.Agree(payments => payments.Put<string>(
            $"/partners/{Partner}", DemoPartners.Measuring("延迟测试", AmountRule.Any),
            cancellation), cancellation).Accepted(Partner);
        using var partner = await PartnerKeys.Connect(services.Payments, Partner, cancellation);
        var (p50, p99, bare, bare99) = (
            new List<double>(), new List<double>(), new List<double>(), new List<double>());
        var cpu = new List<Dictionary<string, double>>();
        await Round(partner, "warm", 2, cancellation);
        await BareHop.Run(PerSecond, 2, cancellation);
        for (var round = 0; round < rounds; round++)
        {
            var hops = await BareHop.Run(PerSecond, Seconds, cancellation);
            bare.Add(Figure.Percentile(hops, 0.50));
            bare99.Add(Figure.Percentile(hops, 0.99));
            var meter = new CpuMeter();
            var times = await Round(partner, $"{Stopwatch.GetTimestamp():x}", Seconds, cancellation);
            cpu.Add(meter.PerUnit(times.Count));
            p50.Add(Figure.Percentile(times, 0.50));
            p99.Add(Figure.Percentile(times, 0.99));
        }
        var more = CpuMeter.Medians(cpu);
        (more["p99Ms"], more["bareP99Ms"]) = (Figure.Median(p99), Figure.Median(bare99));
        return [Figure.Of("lag", "p50 ms", p50, bare, BareHop.Name, more)];
    }

    private static async Task<List<double>> Round(
        ServiceClient partner, string mark, int seconds, CancellationToken cancellation)
    {
        var bills = await Bills(PerSecond * seconds, cancellation);
        var pending = new ConcurrentDictionary<string, long>(StringComparer.Ordinal);
        var (times, paid) = (new List<double>(bills.Count), 0);
        var paying = Task.Run(async () =>
        {
            var watch = Stopwatch.StartNew();
            var day = TimeProvider.System.Today().ToString("yyyyMMdd", CultureInfo.InvariantCulture);
            var sent = new List<Task>();
            for (var i = 0; i < bills.Count; i++)
            {
                var due = TimeSpan.FromSeconds((double)i / PerSecond) - watch.Elapsed;
                if (due > TimeSpan.Zero)
                    await Task.Delay(due, cancellation);
                var ((account, invoice, fen), number) = (bills[i], i);
                sent.Add(Task.Run(async () =>
                {
                    var answer = await partner.Put<string>(
                        $"/partner/v1/payments/{day}/{mark}-{number}",
                        new ReceivePaymentRequest(AccountNo.Wrap(account), new Money(fen)), cancellation);
                    pending[invoice] = Stopwatch.GetTimestamp();
                    Interlocked.Increment(ref paid);
                    if (answer.Problem is { } problem)
                        throw new Failure($"{account}: {problem}");
                }, cancellation));
            }
            await Task.WhenAll(sent);
        }, cancellation);
        await using var collections = NpgsqlDataSource.Create(Instance.Postgres("collections"));
        while (!paying.IsCompleted || !pending.IsEmpty)
        {
            foreach (var invoice in await Seen(collections, [.. pending.Keys], cancellation))
            {
                if (pending.TryRemove(invoice, out var begun))
                    times.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            }
            await Task.Delay(2, cancellation);
        }
        await paying;
        return times;
    }

    private static async Task<List<(string Account, string Invoice, long Fen)>> Bills(
        int count, CancellationToken cancellation)
    {
        await using var payments = NpgsqlDataSource.Create(Instance.Postgres("payments"));
        await using var command = payments.CreateCommand("""
            select distinct on (account_no) account_no, invoice_no, open_fen from open_charge
            where open_fen > 0 and account_no in (
              select account_no from account_balance where open_fen > 0 order by account_no desc limit $1)
            order by account_no, due_on, invoice_no
            """);
        command.Parameters.Add(new() { Value = count });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var bills = new List<(string, string, long)>();
        while (await reader.ReadAsync(cancellation))
            bills.Add((reader.GetString(0), reader.GetString(1), reader.GetInt64(2)));
        return bills.Count > 0 ? bills : throw new Failure("There are no open invoices to pay.");
    }

    private static async Task<List<string>> Seen(
        NpgsqlDataSource source, string[] invoices, CancellationToken cancellation)
    {
        var seen = new List<string>();
        if (invoices.Length == 0)
            return seen;
        await using var look = source.CreateCommand(
            "select invoice_no from receivable where invoice_no = any($1) and open_fen <= 0");
        look.Parameters.Add(new() { Value = invoices });
        await using var reader = await look.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            seen.Add(reader.GetString(0));
        return seen;
    }
}
