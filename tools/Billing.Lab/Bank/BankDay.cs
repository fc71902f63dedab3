using System.Collections.Concurrent;
using System.Globalization;
using Billing.Contracts;
using Billing.Contracts.Api;

namespace Billing.Tools;

/// <summary>Counts of what happened at the partners.</summary>
internal sealed class Tally
{
    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _overPaid = new();
    private long _fen;

    public int this[string what] => _counts.GetValueOrDefault(what);

    public Money Brought => new(Interlocked.Read(ref _fen));

    public void Count(string what) => _counts.AddOrUpdate(what, 1, (_, count) => count + 1);

    /// <summary>Counts an account that paid more than it owed; the first by number is kept as an example.</summary>
    public void OverPaid(string account)
    {
        Count("over-paid");
        _overPaid.Enqueue(account);
    }

    public string? Example => _overPaid.Min(StringComparer.Ordinal);

    public void Bring(Money amount) => Interlocked.Add(ref _fen, amount.Fen);

    /// <summary>
    /// The faults that were not refused as they should have been; any entry is an error of the system.
    /// </summary>
    public List<string> Wrong { get; } = [];
}

/// <summary>One customer on one bank day.</summary>
internal sealed record Visit(string Account, Habit Habit, int Number);

/// <summary>
/// Simulates a partner on one of its days: it queries bills and sends payments, with the usual faults. It keeps its own
/// books, from which its file for the day is made.
/// </summary>
internal sealed class BankDay(DemoPartner partner, DateOnly day, ServiceClient payments, Tally tally)
{
    private const int AtOnce = 12;
    private readonly ConcurrentDictionary<int, List<BankLine>> _books = new();

    public DemoPartner Partner => partner;

    public DateOnly Day => day;

    /// <summary>The partner's own books, in the order of its serials.</summary>
    public IReadOnlyList<BankLine> Books => [.. _books.OrderBy(entry => entry.Key).SelectMany(entry => entry.Value)];

    public Task Serve(IReadOnlyList<Visit> visits, Action served, CancellationToken cancellation) =>
        Parallel.ForEachAsync(
        visits,
        new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation },
        async (visit, token) =>
        {
            await Serve(visit, token);
            served();
        });

    /// <summary>What an account owes.</summary>
    public Task<Answer<OpenBill>> Bill(string account, CancellationToken cancellation) =>
        payments.Find<OpenBill>($"/partner/v1/bills/{account}", cancellation);

    /// <summary>Sends a payment and books it according to the answer.</summary>
    public async Task<Answer<PaymentReceipt>> Pay(
        string account, string serial, Money amount, CancellationToken cancellation) =>
        await payments.Put<PaymentReceipt>(
            Address(serial), new ReceivePaymentRequest(AccountNo.Wrap(account), amount), cancellation);

    public async Task<Answer<ReversalReceipt>> Reverse(string account, string serial, CancellationToken cancellation) =>
        await payments.Put<ReversalReceipt>(
            $"{Address(serial)}/reversal", new ReversePaymentRequest(AccountNo.Wrap(account), "客户撤销"), cancellation);

    public Route Address(string serial) => $"/partner/v1/payments/{day:yyyyMMdd}/{serial}";

    public BankLine Line(string serial, string account, Money amount, bool reversal = false) =>
        new(day, serial, account, amount, partner.Terms.Channel == Channel.Bank ? "MOBILE" : "APP", reversal);

    private async Task Serve(Visit visit, CancellationToken cancellation)
    {
        if (visit.Habit == Habit.DoesNotPay)
            return;
        var asked = await Bill(visit.Account, cancellation);
        // An unknown account number, or nothing to pay: the customer pays nothing.
        if (asked.Status == 404)
            return;
        var bill = asked.Ok($"querying {visit.Account}");
        if (bill.Outstanding.IsZero)
            return;
        var serial = string.Create(CultureInfo.InvariantCulture, $"{partner.Code[0]}{visit.Number:0000000}");
        var books = new List<BankLine>();
        await Settle(visit, bill.Outstanding, serial, books, cancellation);
        _books[visit.Number] = books;
    }

    private async Task Settle(
        Visit visit, Money due, string serial, List<BankLine> books, CancellationToken cancellation)
    {
        var amount = visit.Habit switch
        {
            Habit.PaysMore => new((due.Fen / 50_00 + 1) * 50_00),
            Habit.PaysLess => new(Math.Max(1, due.Fen * 4 / 10)),
            _ => due,
        };
        switch (visit.Habit)
        {
            case Habit.HearsNoAnswer:
                await LoseAnswer(visit.Account, serial, amount, cancellation);
                break;
            case Habit.TellsThreeTimes:
                await Task.WhenAll(
                    Enumerable.Range(0, 2).Select(_ => Pay(visit.Account, serial, amount, cancellation)));
                tally.Count("repeated");
                tally.Count("repeated");
                break;
            case Habit.TakesBackFirst:
                (await Reverse(visit.Account, serial, cancellation)).Ok("reversing a payment that has not arrived");
                Expect(await Pay(visit.Account, serial, amount, cancellation), "late payment after its reversal");
                serial += "A";
                break;
        }
        var paid = (await Pay(visit.Account, serial, amount, cancellation)).Ok($"paying {amount} for {visit.Account}");
        books.Add(Line(serial, visit.Account, amount));
        tally.Count("payments");
        tally.Bring(amount);
        if (paid.Advance > Money.Zero)
            tally.OverPaid(visit.Account);
        if (visit.Habit == Habit.PaysLess)
            tally.Count("part-paid");
        await Afterwards(visit, amount, serial, books, cancellation);
    }

    private async Task Afterwards(
        Visit visit, Money amount, string serial, List<BankLine> books, CancellationToken cancellation)
    {
        if (visit.Habit == Habit.ChangesTheAmount)
            Expect(
                await Pay(visit.Account, serial, amount + new Money(100), cancellation), "same serial, another amount");
        if (visit.Habit != Habit.TakesBack)
            return;
        (await Reverse(visit.Account, serial, cancellation)).Ok("reversing a payment");
        books.Add(Line(serial, visit.Account, amount, reversal: true));
        tally.Count("reversed");
        tally.Bring(-amount);
        (await Pay(visit.Account, serial + "A", amount, cancellation)).Ok("paying again");
        books.Add(Line(serial + "A", visit.Account, amount));
        tally.Count("payments");
        tally.Bring(amount);
    }

    /// <summary>
    /// The connection breaks while the payment is being sent; it is unknown whether before or after it was received.
    /// </summary>
    private async Task LoseAnswer(string account, string serial, Money amount, CancellationToken cancellation)
    {
        tally.Count("no answer");
        using var broken = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        broken.CancelAfter(TimeSpan.FromMilliseconds(3));
        try
        {
            await Pay(account, serial, amount, broken.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            (await Bill(account, cancellation)).Ok($"querying {account}");
        }
    }

    private void Expect(Answer<PaymentReceipt> answer, string refusal)
    {
        if (answer.Problem is not null)
        {
            tally.Count(refusal);
            return;
        }
        lock (tally.Wrong)
            tally.Wrong.Add($"{partner.Terms.Name}: {refusal} was taken");
    }
}
