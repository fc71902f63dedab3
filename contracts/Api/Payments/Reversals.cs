namespace Billing.Contracts.Api;

/// <summary>Requests the reversal of a payment that its partner can no longer reverse (rules.md B-3).</summary>
/// <param name="Payment">The identifier of the payment.</param>
/// <param name="Reason">Why, 1 to 200 characters.</param>
public sealed record RequestReversalRequest(PaymentId Payment, string Reason);

/// <summary>A request to reverse a payment.</summary>
/// <param name="Request">The request's number.</param>
/// <param name="Payment">The payment.</param>
/// <param name="Account">The account that was paid for.</param>
/// <param name="Amount">The amount to be paid back, fen.</param>
/// <param name="Reason">Why.</param>
/// <param name="RequestedOn">Business date.</param>
/// <param name="RequestedBy">Who asked for it.</param>
/// <param name="Status">Its status.</param>
/// <param name="DecidedOn">The day of the decision; for an approval the bank day on which the payment was
/// reversed.</param>
/// <param name="DecidedBy">Who decided it; null while it is open and when the payment was reversed in another
/// way.</param>
/// <param name="DecisionReason">Why it was rejected or withdrawn.</param>
public sealed record RequestedReversal(
    string Request, PaymentId Payment, AccountNo Account, Money Amount, string Reason, DateOnly RequestedOn,
    string RequestedBy, ReversalStatus Status, DateOnly? DecidedOn, string? DecidedBy, string? DecisionReason);

/// <summary>A page of requests for reversals.</summary>
/// <param name="Items">At most a hundred, by number.</param>
/// <param name="Next">The value of <c>after</c> that asks for the next page; null on the last.</param>
public sealed record RequestedReversalPage(IReadOnlyList<RequestedReversal> Items, string? Next);
