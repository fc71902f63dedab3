using Billing.Contracts;
using Billing.Contracts.Api;

namespace Billing.Payments;

/// <summary>A request to reverse a payment that its partner cannot reverse any more.</summary>
/// <param name="Number">The request's own number.</param>
/// <param name="Payment">The payment.</param>
/// <param name="Amount">The money that is to go back.</param>
/// <param name="Reason">Why.</param>
/// <param name="RequestedOn">Business date.</param>
/// <param name="RequestedBy">Who asked for it.</param>
/// <param name="Status">What became of it.</param>
public sealed record ReversalRequest(
    string Number, PaymentId Payment, Money Amount, string Reason, DateOnly RequestedOn, string RequestedBy,
    ReversalStatus Status)
{
    /// <summary>The day on which it was decided; for an approval the bank day on which the money went back.</summary>
    public DateOnly? DecidedOn { get; init; }

    /// <summary>Who decided it; null when the payment went back otherwise.</summary>
    public string? DecidedBy { get; init; }

    /// <summary>Why it was turned down or withdrawn.</summary>
    public string? DecisionReason { get; init; }

    /// <summary>Whether somebody is the person who asked for it, whatever the case of the letters.</summary>
    public bool IsBy(string person) => string.Equals(RequestedBy, person, StringComparison.OrdinalIgnoreCase);

    internal RequestedReversal ToWire(AccountNo account) => new(
        Number, Payment, account, Amount, Reason, RequestedOn, RequestedBy, Status, DecidedOn, DecidedBy,
        DecisionReason);

    internal static ReversalRequest Of(ReversalRequested e) =>
        new(e.Request, e.Payment, e.Amount, e.Reason, e.RequestedOn, e.RequestedBy, ReversalStatus.Open);

    internal ReversalRequest After(ReversalRejected e) => this with
    {
        Status = IsBy(e.RejectedBy) ? ReversalStatus.Withdrawn : ReversalStatus.Rejected,
        DecidedOn = e.RejectedOn,
        DecidedBy = e.RejectedBy,
        DecisionReason = e.Reason,
    };

    internal ReversalRequest After(PaymentReversed e) => this with
    {
        Status = e.Approval?.Request == Number ? ReversalStatus.Approved : ReversalStatus.Superseded,
        DecidedOn = e.ReversedOn,
        DecidedBy = e.Approval?.Request == Number ? e.Approval.ApprovedBy : null,
    };
}
