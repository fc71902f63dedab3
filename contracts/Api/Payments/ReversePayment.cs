namespace Billing.Contracts.Api;

/// <summary>A partner reverses a payment, on the payment's own bank day.</summary>
/// <param name="Account">The account that was paid for.</param>
/// <param name="Reason">Why, 1 to 200 characters.</param>
/// <param name="ReversedOn">The partner's business date of the reversal, which must be the payment's own; may be left
/// out.</param>
public sealed record ReversePaymentRequest(AccountNo Account, string Reason, DateOnly? ReversedOn = null);

/// <summary>The answer to a reversal; it is the same however often the reversal is sent.</summary>
/// <param name="Payment">The identifier of the payment.</param>
/// <param name="Account">The account.</param>
/// <param name="Status">Reversed, or Blocked when the payment had not arrived yet.</param>
/// <param name="Amount">The amount reversed, fen; zero when the payment had not arrived yet.</param>
public sealed record ReversalReceipt(PaymentId Payment, AccountNo Account, PaymentStatus Status, Money Amount);
