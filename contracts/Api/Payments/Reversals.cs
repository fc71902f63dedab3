namespace Billing.Contracts.Api;

/// <summary>Somebody asks that a payment go back which its partner cannot reverse any more (rules.md B-3).</summary>
/// <param name="Payment">The payment's name.</param>
/// <param name="Reason">Why, 1 to 200 characters.</param>
public sealed record RequestReversalRequest(PaymentId Payment, string Reason);

/// <summary>A request for a reversal is turned down, or withdrawn by whoever made it.</summary>
/// <param name="Reason">Why the payment stays, 1 to 200 characters.</param>
public sealed record RejectReversalRequest(string Reason);

/// <summary>A request to reverse a payment, as people see it.</summary>
/// <param name="Request">The request's number.</param>
/// <param name="Payment">The payment.</param>
/// <param name="Account">The account that was paid for.</param>
/// <param name="Amount">The money that is to go back, fen.</param>
/// <param name="Reason">Why.</param>
/// <param name="RequestedOn">Business date.</param>
/// <param name="RequestedBy">Who asked for it.</param>
/// <param name="Status">What became of it.</param>
/// <param name="DecidedOn">When it was decided; for an approval the bank day on which the money went back.</param>
/// <param name="DecidedBy">Who decided it; null when the payment went back otherwise, and while it is open.</param>
/// <param name="DecisionReason">Why it was turned down or withdrawn.</param>
public sealed record RequestedReversal(
    string Request, PaymentId Payment, AccountNo Account, Money Amount, string Reason, DateOnly RequestedOn,
    string RequestedBy, ReversalStatus Status, DateOnly? DecidedOn, string? DecidedBy, string? DecisionReason);

/// <summary>A page of requests for reversals.</summary>
/// <param name="Items">At most a hundred, by number.</param>
/// <param name="Next">What to ask <c>after</c> for the next page; null on the last.</param>
public sealed record RequestedReversalPage(IReadOnlyList<RequestedReversal> Items, string? Next);
