using Billing.Contracts;
using Billing.Platform;

namespace Billing.Payments;

/// <summary>The events of an account's stream; each contains the account number, because readers group by it.</summary>
public abstract record AccountEvent
{
    private protected AccountEvent()
    {
    }
}

/// <summary>An invoice was issued and is owed from now on.</summary>
[StoredAs("charge-opened.v1")]
public sealed record ChargeOpened(
    AccountNo Account,
    InvoiceNo Invoice,
    Utility Utility,
    BillingPeriod Period,
    Money Amount,
    DateOnly IssuedOn,
    DateOnly DueOn) : AccountEvent;

/// <summary>An invoice was credited in part or in whole; may be recorded before its invoice.</summary>
[StoredAs("charge-credited.v1")]
public sealed record ChargeCredited(
    AccountNo Account, CreditNoteNo CreditNote, InvoiceNo Invoice, Money Amount, DateOnly IssuedOn) : AccountEvent;

/// <summary>A payment was received; allocations + advance = amount.</summary>
[StoredAs("payment-received.v1")]
public sealed record PaymentReceived(
    AccountNo Account,
    PaymentId Payment,
    PartnerCode Partner,
    DateOnly BankDate,
    string Serial,
    Channel Channel,
    Money Amount,
    ReceiptNo Receipt,
    IReadOnlyList<Allocation> Allocations,
    Money Advance) : AccountEvent;

/// <summary>
/// Money already held was moved between advance and invoices; allocations + advance = 0. The cause is the name of the
/// one fact that led to it; older events do not have it.
/// </summary>
[StoredAs("advance-applied.v1")]
public sealed record AdvanceApplied(
    AccountNo Account, IReadOnlyList<Allocation> Allocations, Money Advance, string? Cause = null) : AccountEvent;

/// <summary>
/// A payment was reversed; allocations + advance = −amount, all of them zero or less. Without an approval by its
/// partner; with one by the company.
/// </summary>
[StoredAs("payment-reversed.v1")]
public sealed record PaymentReversed(
    AccountNo Account,
    PaymentId Payment,
    PartnerCode Partner,
    DateOnly BankDate,
    string Serial,
    Channel Channel,
    Money Amount,
    DateOnly ReversedOn,
    string Reason,
    IReadOnlyList<Allocation> Allocations,
    Money Advance,
    ReversalApproval? Approval = null) : AccountEvent;

/// <summary>Who decided a reversal made by the company.</summary>
/// <param name="Request">The request's number.</param>
/// <param name="RequestedBy">Who requested it.</param>
/// <param name="ApprovedBy">Who approved it: another person.</param>
/// <param name="AfterDayEnd">Whether the payment's bank day was over or the partner's file for it was taken.</param>
public sealed record ReversalApproval(string Request, string RequestedBy, string ApprovedBy, bool AfterDayEnd);

/// <summary>A person requested the reversal of a payment that its partner can no longer reverse.</summary>
[StoredAs("reversal-requested.v1")]
public sealed record ReversalRequested(
    AccountNo Account,
    string Request,
    PaymentId Payment,
    Money Amount,
    string Reason,
    DateOnly RequestedOn,
    string RequestedBy) : AccountEvent;

/// <summary>A request for a reversal was rejected, or withdrawn by whoever had made it.</summary>
[StoredAs("reversal-rejected.v1")]
public sealed record ReversalRejected(
    AccountNo Account, string Request, PaymentId Payment, string Reason, DateOnly RejectedOn, string RejectedBy)
    : AccountEvent;

/// <summary>A payment was reversed before it arrived and is not accepted any more.</summary>
[StoredAs("payment-blocked.v1")]
public sealed record PaymentBlocked(
    AccountNo Account,
    PaymentId Payment,
    PartnerCode Partner,
    DateOnly BankDate,
    string Serial,
    Channel Channel,
    string Reason) : AccountEvent;

/// <summary>Advance was paid back to the customer.</summary>
[StoredAs("advance-refunded.v1")]
public sealed record AdvanceRefunded(
    AccountNo Account, RefundNo Refund, Money Amount, DateOnly RefundedOn, string Reason) : AccountEvent;

/// <summary>The part of a sum that is allocated to one invoice; negative where it is taken off.</summary>
public sealed record Allocation(InvoiceNo Invoice, Money Amount);
