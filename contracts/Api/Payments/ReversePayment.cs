namespace Billing.Contracts.Api;

/// <summary>A partner takes a payment back, on the payment's own bank day.</summary>
/// <param name="Account">The account that was paid for.</param>
/// <param name="Reason">Why, 1 to 200 characters.</param>
/// <param name="ReversedOn">The partner's business date of the reversal, which is the payment's own; may be left
/// out.</param>
public sealed record ReversePaymentRequest(AccountNo Account, string Reason, DateOnly? ReversedOn = null);

/// <summary>What the partner is told of a reversal, the same however often it asks.</summary>
/// <param name="Payment">The payment's name.</param>
/// <param name="Account">The account.</param>
/// <param name="Status">Reversed, or Blocked when the payment had not arrived.</param>
/// <param name="Amount">The money that went back, fen; zero when the payment had not arrived.</param>
public sealed record ReversalReceipt(PaymentId Payment, AccountNo Account, PaymentStatus Status, Money Amount);
