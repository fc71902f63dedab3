using Billing.Contracts;
using Billing.Platform;

namespace Billing.Payments;

/// <summary>What happens on an account's stream; each carries the account, for readers group by it.</summary>
public abstract record AccountEvent
{
    private protected AccountEvent()
    {
    }
}

/// <summary>An invoice is owed from now on.</summary>
[StoredAs("charge-opened.v1")]
public sealed record ChargeOpened(
    AccountNo Account,
    InvoiceNo Invoice,
    Utility Utility,
    BillingPeriod Period,
    Money Amount,
    DateOnly IssuedOn,
    DateOnly DueOn) : AccountEvent;

/// <summary>A part of an invoice is not owed after all; it may come before its invoice.</summary>
[StoredAs("charge-credited.v1")]
public sealed record ChargeCredited(
    AccountNo Account, CreditNoteNo CreditNote, InvoiceNo Invoice, Money Amount, DateOnly IssuedOn) : AccountEvent;

/// <summary>Money came in; allocations + advance = amount.</summary>
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
/// Money that was held already moved between advance and invoices; allocations + advance = 0. It moved because of one
/// fact, whose name is the cause; older events do not tell it.
/// </summary>
[StoredAs("advance-applied.v1")]
public sealed record AdvanceApplied(
    AccountNo Account, IReadOnlyList<Allocation> Allocations, Money Advance, string? Cause = null) : AccountEvent;

/// <summary>
/// A payment went back; allocations + advance = −amount, all of them zero or less. Without an approval its partner took
/// it back; with one the company did.
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

/// <summary>Who decided a reversal that the company made itself.</summary>
/// <param name="Request">The request's number.</param>
/// <param name="RequestedBy">Who asked for it.</param>
/// <param name="ApprovedBy">Who approved it: somebody else.</param>
/// <param name="AfterDayEnd">Whether the payment's bank day was over or its file was taken.</param>
public sealed record ReversalApproval(string Request, string RequestedBy, string ApprovedBy, bool AfterDayEnd);

/// <summary>Somebody asks that a payment goes back although its partner cannot take it back any more.</summary>
[StoredAs("reversal-requested.v1")]
public sealed record ReversalRequested(
    AccountNo Account,
    string Request,
    PaymentId Payment,
    Money Amount,
    string Reason,
    DateOnly RequestedOn,
    string RequestedBy) : AccountEvent;

/// <summary>A request for a reversal was turned down, or withdrawn by whoever had made it.</summary>
[StoredAs("reversal-rejected.v1")]
public sealed record ReversalRejected(
    AccountNo Account, string Request, PaymentId Payment, string Reason, DateOnly RejectedOn, string RejectedBy)
    : AccountEvent;

/// <summary>A payment was reversed before it arrived and will not be taken any more.</summary>
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

/// <summary>A part of a sum that goes to one invoice; negative where it is taken off again.</summary>
public sealed record Allocation(InvoiceNo Invoice, Money Amount);
