using System.Collections.Immutable;
using System.Diagnostics;
using Billing.Contracts;
using Billing.Platform;

namespace Billing.Payments;

/// <summary>
/// What one account owes and what was paid on it. Money held is either allocated to an invoice or advance, and there is
/// advance only while nothing is owed.
/// </summary>
/// <param name="Known">Whether any event has been recorded on the account.</param>
/// <param name="Advance">Money held that is allocated to no invoice (预收).</param>
/// <param name="Charges">All invoices; a settled one is kept, because a credit or a reversal may open it again.</param>
/// <param name="CreditNotes">The credit notes that have been applied.</param>
/// <param name="EarlyCredits">Credits received before their invoice.</param>
/// <param name="Payments">The payments, so that a repeated one gets the first answer.</param>
/// <param name="Refunds">The refunds, so that a repeated one changes nothing.</param>
public sealed record Account(
    bool Known,
    Money Advance,
    ImmutableDictionary<InvoiceNo, Charge> Charges,
    ImmutableHashSet<CreditNoteNo> CreditNotes,
    ImmutableDictionary<InvoiceNo, Money> EarlyCredits,
    ImmutableDictionary<PaymentId, Payment> Payments,
    ImmutableDictionary<RefundNo, Money> Refunds)
{
    public static readonly Account Empty = new(
        false,
        Money.Zero,
        ImmutableDictionary<InvoiceNo, Charge>.Empty,
        ImmutableHashSet<CreditNoteNo>.Empty,
        ImmutableDictionary<InvoiceNo, Money>.Empty,
        ImmutableDictionary<PaymentId, Payment>.Empty,
        ImmutableDictionary<RefundNo, Money>.Empty);

    public static readonly StreamType<Account, AccountEvent> Streams = new(
        "account", Empty, Evolve,
        AccountRows.Project, AccountRows.Tables)
    {
        HasSnapshots = true,
        Identity = Identity,
    };

    /// <summary>How many receipts were issued; a payment received again after a reversal keeps its receipt.</summary>
    public int Receipts { get; init; }

    /// <summary>The requests to reverse payments, by their numbers.</summary>
    public ImmutableDictionary<string, ReversalRequest> ReversalRequests { get; init; } =
        ImmutableDictionary<string, ReversalRequest>.Empty.WithComparers(StringComparer.Ordinal);

    /// <summary>The sum that is still open.</summary>
    public Money Outstanding => Money.Sum(Charges.Values.Select(charge => charge.Open));

    /// <summary>The sum of the open requests for a reversal.</summary>
    public Money AskedBack => Money.Sum(ReversalRequests.Values
        .Where(request => request.Status == ReversalStatus.Open).Select(request => request.Amount));

    /// <summary>The stream of an account.</summary>
    public static StreamName<Account, AccountEvent> Stream(AccountNo account) => Streams.Named(account.Value);

    /// <summary>
    /// The facts, and after each that releases or needs money the movement of advance that follows: the same whether
    /// they come together or one by one.
    /// </summary>
    public Decision<AccountEvent> Settled(AccountNo account, params AccountEvent[] facts)
    {
        var (state, events) = (this, new List<AccountEvent>(facts.Length));
        foreach (var fact in facts)
        {
            var cause = CauseOf(state, fact);
            state = Evolve(state, fact);
            events.Add(fact);
            if (PaymentAllocation.Settle(account, state) is not { } applied)
                continue;
            events.Add(applied with { Cause = cause });
            state = Evolve(state, events[^1]);
        }
        return [.. events];
    }

    /// <summary>
    /// The natural key of an event. A payment that its partner reversed may be recorded again, when the partner's file
    /// says that it was kept.
    /// </summary>
    private static string? Identity(Account before, AccountEvent @event) => @event switch
    {
        PaymentReceived e => $"payment {e.Payment} {before.TimesOf(e.Payment) + 1}",
        PaymentReversed e => $"reversal {e.Payment} {before.TimesOf(e.Payment)}",
        AdvanceRefunded e => $"refund {e.Account} {e.Refund}",
        AdvanceApplied { Cause: { } cause } e => $"advance {e.Account} {cause}",
        _ => null,
    };

    private static string CauseOf(Account before, AccountEvent fact) => fact switch
    {
        ChargeOpened e => $"invoice {e.Invoice}",
        ChargeCredited e => $"credit note {e.CreditNote}",
        _ => Identity(before, fact) ?? throw new UnreachableException($"{fact.GetType().Name} moves no money."),
    };

    private int TimesOf(PaymentId payment) => Payments.GetValueOrDefault(payment)?.Times ?? 0;

    private static Account Evolve(Account state, AccountEvent @event)
    {
        var account = state.Known ? state : state with { Known = true };
        return @event switch
        {
            ChargeOpened e => account.With(e),
            ChargeCredited e => account.With(e),
            PaymentReceived e => account.With(e),
            AdvanceApplied e => account.Move(e.Allocations, e.Advance),
            PaymentReversed e => account.With(e),
            PaymentBlocked e => account with { Payments = account.Payments.Add(e.Payment, Payment.Blocked) },
            AdvanceRefunded e => account with
            {
                Advance = account.Advance - e.Amount,
                Refunds = account.Refunds.Add(e.Refund, e.Amount),
            },
            ReversalRequested e => account with
            {
                ReversalRequests = account.ReversalRequests.Add(e.Request, ReversalRequest.Of(e)),
            },
            ReversalRejected e => account with
            {
                ReversalRequests = account.ReversalRequests.SetItem(
                    e.Request, account.ReversalRequests[e.Request].After(e)),
            },
            _ => throw new UnreachableException($"{@event.GetType().Name} is no event of an account."),
        };
    }

    private Account With(ChargeOpened e) => this with
    {
        Charges = Charges.Add(e.Invoice, new(e.Invoice, e.Utility, e.Period, e.IssuedOn, e.DueOn, e.Amount)
        {
            Credited = EarlyCredits.GetValueOrDefault(e.Invoice),
        }),
        EarlyCredits = EarlyCredits.Remove(e.Invoice),
    };

    private Account With(ChargeCredited e)
    {
        var noted = this with { CreditNotes = CreditNotes.Add(e.CreditNote) };
        var early = EarlyCredits.GetValueOrDefault(e.Invoice) + e.Amount;
        return Charges.TryGetValue(e.Invoice, out var charge)
            ? noted with { Charges = Charges.SetItem(e.Invoice, charge with { Credited = charge.Credited + e.Amount }) }
            : noted with { EarlyCredits = EarlyCredits.SetItem(e.Invoice, early) };
    }

    private Account With(PaymentReceived e)
    {
        var charges = Charges.ToBuilder();
        foreach (var (invoice, amount) in e.Allocations)
            charges[invoice] = charges[invoice] with { Paid = charges[invoice].Paid + amount };
        var paid = this with { Charges = charges.ToImmutable(), Advance = Advance + e.Advance };
        var payment = new Payment(
            PaymentStatus.Received, e.Amount, e.Receipt, e.Allocations, e.Advance, paid.Outstanding - paid.Advance)
        {
            Times = TimesOf(e.Payment) + 1,
        };
        // A payment that its partner reversed is recorded again when the partner's file says that it was kept.
        return paid with
        {
            Payments = Payments.SetItem(e.Payment, payment),
            Receipts = Payments.GetValueOrDefault(e.Payment) is null or { Status: PaymentStatus.Blocked }
                ? Receipts + 1
                : Receipts,
        };
    }

    /// <summary>
    /// Moves money. Advance is taken off an invoice first; what payments put there directly is taken off last.
    /// </summary>
    private Account Move(IReadOnlyList<Allocation> allocations, Money advance)
    {
        var charges = Charges.ToBuilder();
        foreach (var (invoice, amount) in allocations)
        {
            var (charge, allocated) = (charges[invoice], charges[invoice].Allocated + amount);
            var paid = Money.Min(charge.Paid, allocated);
            charges[invoice] = charge with { Paid = paid, FromAdvance = allocated - paid };
        }
        return this with { Charges = charges.ToImmutable(), Advance = Advance + advance };
    }

    private Account With(PaymentReversed e)
    {
        var payment = Payments[e.Payment];
        var charges = Charges.ToBuilder();
        foreach (var (invoice, amount) in e.Allocations)
        {
            var charge = charges[invoice];
            var own = Money.Min(-amount, Money.Min(charge.Paid, payment.On(invoice)));
            charges[invoice] = charge with
            {
                Paid = charge.Paid - own,
                FromAdvance = charge.FromAdvance + amount + own,
            };
        }
        return this with
        {
            Charges = charges.ToImmutable(),
            Advance = Advance + e.Advance,
            Payments = Payments.SetItem(e.Payment, payment with
            {
                Status = PaymentStatus.Reversed, ByCompany = e.Approval is not null,
            }),
            ReversalRequests = ReversalRequests.SetItems(ReversalRequests
                .Where(entry => entry.Value.Payment == e.Payment && entry.Value.Status == ReversalStatus.Open)
                .Select(entry => KeyValuePair.Create(entry.Key, entry.Value.After(e)))),
        };
    }
}
