namespace Billing.Contracts.Payments;

/// <summary>The part of a sum of money that is allocated to one invoice.</summary>
/// <param name="Invoice">The invoice.</param>
/// <param name="Amount">Fen; negative where money is taken off the invoice.</param>
public sealed record Allocation(InvoiceNo Invoice, Money Amount);

/// <summary>
/// The members common to all movements of money: for one account, the sum of <see cref="Allocations"/> plus
/// <see cref="Advance"/> is the money that came in (more than zero), went out (less than zero) or was only moved
/// (zero).
/// </summary>
public interface IMoneyMovement
{
    /// <summary>The account.</summary>
    AccountNo Account { get; }

    /// <summary>Signed changes of what is paid of each invoice, fen.</summary>
    IReadOnlyList<Allocation> Allocations { get; }

    /// <summary>Signed change of the account's advance (预收), fen.</summary>
    Money Advance { get; }

    /// <summary>The event.</summary>
    Origin Origin { get; }
}

/// <summary>Payments were received; one message carries many.</summary>
/// <param name="Items">The facts, at most some hundreds.</param>
public sealed record PaymentsReceived(IReadOnlyList<PaymentReceived> Items);

/// <summary>
/// A payment was received and allocated, oldest due first; the remainder became advance (rules.md C-6, C-7).
/// </summary>
/// <param name="Payment">The payment.</param>
/// <param name="Account">The account that was paid for.</param>
/// <param name="Amount">The amount received, fen, more than zero: allocations + advance.</param>
/// <param name="Channel">The channel.</param>
/// <param name="Partner">The partner that collected it.</param>
/// <param name="PaidOn">The partner's business date.</param>
/// <param name="Receipt">The official receipt's number.</param>
/// <param name="Allocations">The invoices it paid.</param>
/// <param name="Advance">The part that became advance, fen, zero or more.</param>
/// <param name="Origin">The event.</param>
public sealed record PaymentReceived(
    PaymentId Payment,
    AccountNo Account,
    Money Amount,
    Channel Channel,
    PartnerCode Partner,
    DateOnly PaidOn,
    ReceiptNo Receipt,
    IReadOnlyList<Allocation> Allocations,
    Money Advance,
    Origin Origin) : IMoneyMovement;

/// <summary>
/// Advance was applied to invoices, or released from them because they were credited; one message carries many.
/// </summary>
/// <param name="Items">The facts, at most some hundreds.</param>
public sealed record AdvancesApplied(IReadOnlyList<AdvanceApplied> Items);

/// <summary>Money already held was moved between advance and invoices; allocations + advance = 0.</summary>
/// <param name="Account">The account.</param>
/// <param name="Allocations">Signed changes of what is paid of each invoice.</param>
/// <param name="Advance">Signed change of the advance, fen.</param>
/// <param name="Origin">The event.</param>
public sealed record AdvanceApplied(
    AccountNo Account,
    IReadOnlyList<Allocation> Allocations,
    [property: TimelineAmount(Negated = true)] Money Advance,
    Origin Origin) : IMoneyMovement;

/// <summary>Payments were reversed; one message carries many.</summary>
/// <param name="Items">The facts, at most some hundreds.</param>
public sealed record PaymentsReversed(IReadOnlyList<PaymentReversed> Items);

/// <summary>
/// A payment was reversed, by its partner or, after the partner's day end, by the company; allocations + advance =
/// −amount.
/// </summary>
/// <param name="Payment">The payment.</param>
/// <param name="Account">The account.</param>
/// <param name="Amount">The amount reversed, fen, more than zero.</param>
/// <param name="Channel">The channel through which the payment was received.</param>
/// <param name="Partner">The partner.</param>
/// <param name="ReversedOn">The partner's business date on which the reversal was made and counts.</param>
/// <param name="Reason">The reason, for people.</param>
/// <param name="Allocations">Signed changes of what is paid of each invoice, all negative.</param>
/// <param name="Advance">Signed change of the advance, fen, zero or less.</param>
/// <param name="Origin">The event.</param>
/// <param name="AfterDayEnd">Whether the company reversed it after the payment's bank day was over or closed; false
/// when the partner reversed it on the day of the payment (rules.md B-3).</param>
public sealed record PaymentReversed(
    PaymentId Payment,
    AccountNo Account,
    Money Amount,
    Channel Channel,
    PartnerCode Partner,
    DateOnly ReversedOn,
    string Reason,
    IReadOnlyList<Allocation> Allocations,
    Money Advance,
    Origin Origin,
    bool AfterDayEnd = false) : IMoneyMovement;

/// <summary>Advance was paid back to customers; one message carries many.</summary>
/// <param name="Items">The facts, at most some hundreds.</param>
public sealed record AdvancesRefunded(IReadOnlyList<AdvanceRefunded> Items);

/// <summary>Advance was paid back to a customer; advance = −amount and there are no allocations.</summary>
/// <param name="Refund">The refund's own number; unique.</param>
/// <param name="Account">The account.</param>
/// <param name="Amount">The amount paid back, fen, more than zero.</param>
/// <param name="RefundedOn">Business date.</param>
/// <param name="Reason">The reason, for people.</param>
/// <param name="Allocations">Always empty.</param>
/// <param name="Advance">Minus the amount, fen.</param>
/// <param name="Origin">The event.</param>
public sealed record AdvanceRefunded(
    RefundNo Refund,
    AccountNo Account,
    Money Amount,
    DateOnly RefundedOn,
    string Reason,
    [property: NotOnTimeline] IReadOnlyList<Allocation> Allocations,
    [property: NotOnTimeline] Money Advance,
    Origin Origin) : IMoneyMovement;

/// <summary>Reversals of payments were requested; one message carries many.</summary>
/// <param name="Items">The facts, at most some hundreds.</param>
public sealed record ReversalsRequested(IReadOnlyList<ReversalRequested> Items);

/// <summary>
/// An employee of the company requested that a payment be reversed after its bank day (rules.md B-3); no money moves
/// before another person approves it.
/// </summary>
/// <param name="Request">The request's own number; unique.</param>
/// <param name="Payment">The payment.</param>
/// <param name="Account">The account.</param>
/// <param name="Amount">The amount of the payment, fen, more than zero.</param>
/// <param name="Reason">The reason, for people.</param>
/// <param name="RequestedOn">Business date.</param>
/// <param name="Origin">The event.</param>
public sealed record ReversalRequested(
    string Request, PaymentId Payment, AccountNo Account, Money Amount, string Reason, DateOnly RequestedOn,
    Origin Origin);

/// <summary>Requests for reversals were rejected; one message carries many.</summary>
/// <param name="Items">The facts, at most some hundreds.</param>
public sealed record ReversalsRejected(IReadOnlyList<ReversalRejected> Items);

/// <summary>
/// A request for a reversal was rejected by another person, or withdrawn by whoever had made it; the payment stays.
/// </summary>
/// <param name="Request">The request's own number.</param>
/// <param name="Payment">The payment.</param>
/// <param name="Account">The account.</param>
/// <param name="Reason">The reason, for people.</param>
/// <param name="RejectedOn">Business date.</param>
/// <param name="Origin">The event.</param>
public sealed record ReversalRejected(
    string Request, PaymentId Payment, AccountNo Account, string Reason, DateOnly RejectedOn, Origin Origin);

/// <summary>Refunds were proposed; one message carries many.</summary>
/// <param name="Items">The facts, at most some hundreds.</param>
public sealed record RefundsProposed(IReadOnlyList<RefundProposed> Items);

/// <summary>
/// An employee of the company proposed a refund; no money moves before another person approves it, and then it is an
/// <see cref="AdvanceRefunded"/>.
/// </summary>
/// <param name="Refund">The refund's own number.</param>
/// <param name="Account">The account.</param>
/// <param name="Amount">The amount, fen, more than zero.</param>
/// <param name="Reason">The reason, for people.</param>
/// <param name="ExpiresAt">Until when it can be decided, exclusive.</param>
/// <param name="Origin">The event.</param>
public sealed record RefundProposed(
    string Refund, AccountNo Account, Money Amount, string? Reason, DateTimeOffset ExpiresAt, Origin Origin);

/// <summary>Proposed refunds were not made; one message carries many.</summary>
/// <param name="Items">The facts, at most some hundreds.</param>
public sealed record RefundsDropped(IReadOnlyList<RefundDropped> Items);

/// <summary>A proposed refund was rejected, withdrawn, not decided in time, or could not be made any more.</summary>
/// <param name="Refund">The refund's own number.</param>
/// <param name="Account">The account.</param>
/// <param name="Status">What became of it.</param>
/// <param name="Reason">The reason, for people; null when nobody gave one.</param>
/// <param name="Origin">The event.</param>
public sealed record RefundDropped(
    string Refund, AccountNo Account, ProposalStatus Status, string? Reason, Origin Origin);
