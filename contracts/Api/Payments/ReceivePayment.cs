namespace Billing.Contracts.Api;

/// <summary>A partner pays a bill on a customer's behalf; the key of the payment is in the path.</summary>
/// <param name="Account">The account that is paid for.</param>
/// <param name="Amount">The money, fen, more than zero and at most a billion yuan.</param>
public sealed record ReceivePaymentRequest(AccountNo Account, Money Amount);

/// <summary>The part of a payment that was allocated to one invoice.</summary>
/// <param name="Invoice">The invoice.</param>
/// <param name="Amount">The amount allocated to it, fen, more than zero.</param>
public sealed record PaidInvoice(InvoiceNo Invoice, Money Amount);

/// <summary>The answer to a payment; it is the same however often the payment is sent.</summary>
/// <param name="Payment">The identifier of the payment.</param>
/// <param name="Receipt">The number of the official receipt.</param>
/// <param name="Account">The account.</param>
/// <param name="Amount">The amount received, fen: allocations + advance.</param>
/// <param name="Allocations">The invoices it paid, the oldest due first.</param>
/// <param name="Advance">The part of it that became advance, fen, zero or more.</param>
/// <param name="Balance">What was owed right after it, less advance, fen; negative when more advance is held than is
/// owed.</param>
public sealed record PaymentReceipt(
    PaymentId Payment, ReceiptNo Receipt, AccountNo Account, Money Amount, IReadOnlyList<PaidInvoice> Allocations,
    Money Advance, Money Balance);
