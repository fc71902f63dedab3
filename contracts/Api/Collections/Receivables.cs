namespace Billing.Contracts.Api;

/// <summary>An invoice with what was credited and paid of it.</summary>
/// <param name="Invoice">Its number.</param>
/// <param name="Utility">The utility billed.</param>
/// <param name="Period">The billing period.</param>
/// <param name="Amount">The amount invoiced, fen.</param>
/// <param name="Credited">The part of it that was credited, fen.</param>
/// <param name="Allocated">The part of it that was paid, fen.</param>
/// <param name="Open">Amount − credited − allocated, fen.</param>
/// <param name="IssuedOn">Day of issue.</param>
/// <param name="DueOn">Due date.</param>
/// <param name="Age">Its ageing bucket while it is open, or null.</param>
public sealed record Receivable(
    InvoiceNo Invoice, Utility Utility, BillingPeriod Period, Money Amount, Money Credited, Money Allocated,
    Money Open, DateOnly IssuedOn, DateOnly DueOn, string? Age);

/// <summary>All invoices of one account with what was credited and paid of them, and its advance.</summary>
/// <param name="Account">Its number.</param>
/// <param name="Open">The sum of its open invoices, fen.</param>
/// <param name="Overdue">The part of it that is overdue, fen.</param>
/// <param name="Advance">The advance it holds, fen.</param>
/// <param name="Receivables">Its invoices, the oldest due first.</param>
public sealed record AccountReceivables(
    AccountNo Account, Money Open, Money Overdue, Money Advance, IReadOnlyList<Receivable> Receivables);
