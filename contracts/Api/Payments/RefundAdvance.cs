namespace Billing.Contracts.Api;

/// <summary>Advance is to be paid back to a customer.</summary>
/// <param name="Account">The account that holds it.</param>
/// <param name="Amount">How much, fen, more than zero and at most the advance.</param>
/// <param name="Reason">Why, 1 to 200 characters.</param>
public sealed record RefundAdvanceRequest(AccountNo Account, Money Amount, string Reason);

/// <summary>A refund that was made, the same however often it is asked for.</summary>
/// <param name="Refund">The refund's own number.</param>
/// <param name="Account">The account.</param>
/// <param name="Amount">The money that went back, fen.</param>
public sealed record RefundReceipt(RefundNo Refund, AccountNo Account, Money Amount);
