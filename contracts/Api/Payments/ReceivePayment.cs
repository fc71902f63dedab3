namespace Billing.Contracts.Api;

/// <summary>A partner brings money; its key stands in the address.</summary>
/// <param name="Account">The account that is paid for.</param>
/// <param name="Amount">The money, fen, more than zero and at most a billion yuan.</param>
public sealed record ReceivePaymentRequest(AccountNo Account, Money Amount);

/// <summary>A part of a payment that paid an invoice.</summary>
/// <param name="Invoice">The invoice.</param>
/// <param name="Amount">What the payment put on it, fen, more than zero.</param>
public sealed record PaidInvoice(InvoiceNo Invoice, Money Amount);

/// <summary>What the partner is told of a payment, the same however often it asks.</summary>
/// <param name="Payment">The payment's name.</param>
/// <param name="Receipt">The number of the official receipt.</param>
/// <param name="Account">The account.</param>
/// <param name="Amount">The money taken, fen: allocations + advance.</param>
/// <param name="Allocations">Which invoices it paid, the oldest due first.</param>
/// <param name="Advance">What of it became advance, fen, zero or more.</param>
/// <param name="Balance">What was owed right after it, less advance, fen; negative when the customer has money
/// here.</param>
public sealed record PaymentReceipt(
    PaymentId Payment, ReceiptNo Receipt, AccountNo Account, Money Amount, IReadOnlyList<PaidInvoice> Allocations,
    Money Advance, Money Balance);
