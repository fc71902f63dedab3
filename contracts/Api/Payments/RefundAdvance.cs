namespace Billing.Contracts.Api;

/// <summary>Pays advance back to a customer.</summary>
/// <param name="Account">The account that holds it.</param>
/// <param name="Amount">The amount, fen, more than zero and at most the advance.</param>
/// <param name="Reason">Why, 1 to 200 characters.</param>
public sealed record RefundAdvanceRequest(AccountNo Account, Money Amount, string Reason);

/// <summary>The answer to a refund; it is the same however often the refund is sent.</summary>
/// <param name="Refund">The refund's own number.</param>
/// <param name="Account">The account.</param>
/// <param name="Amount">The amount paid back, fen.</param>
public sealed record RefundReceipt(RefundNo Refund, AccountNo Account, Money Amount);
