using Billing.Contracts;
using Billing.Contracts.Api;

namespace Billing.Payments;

/// <summary>A request to reverse a payment that its partner can no longer reverse.</summary>
/// <param name="Number">The request's own number.</param>
/// <param name="Payment">The payment.</param>
/// <param name="Amount">The amount to be paid back.</param>
/// <param name="Reason">The reason.</param>
/// <param name="RequestedOn">Business date.</param>
/// <param name="RequestedBy">Who requested it.</param>
/// <param name="Status">Its status.</param>
public sealed record ReversalRequest(
    string Number, PaymentId Payment, Money Amount, string Reason, DateOnly RequestedOn, string RequestedBy,
    ReversalStatus Status)
{
    /// <summary>The day of the decision; for an approval the bank day on which the payment was reversed.</summary>
    public DateOnly? DecidedOn { get; init; }

    /// <summary>Who decided it; null when the payment was reversed in another way.</summary>
    public string? DecidedBy { get; init; }

    /// <summary>Why it was rejected or withdrawn.</summary>
    public string? DecisionReason { get; init; }

    /// <summary>Whether a person is the one who requested it, ignoring the case of letters.</summary>
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
