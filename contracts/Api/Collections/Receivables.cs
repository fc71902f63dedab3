namespace Billing.Contracts.Api;

/// <summary>An invoice as money stands against it.</summary>
/// <param name="Invoice">Its number.</param>
/// <param name="Utility">What for.</param>
/// <param name="Period">For when.</param>
/// <param name="Amount">What was charged, fen.</param>
/// <param name="Credited">What was credited of it, fen.</param>
/// <param name="Allocated">What was paid of it, fen.</param>
/// <param name="Open">Amount − credited − allocated, fen.</param>
/// <param name="IssuedOn">Day of issue.</param>
/// <param name="DueOn">Due date.</param>
/// <param name="Age">Its ageing bucket while it is open, or null.</param>
public sealed record Receivable(
    string Invoice, string Utility, string Period, Money Amount, Money Credited, Money Allocated, Money Open,
    DateOnly IssuedOn, DateOnly DueOn, string? Age);

/// <summary>Everything one account was ever asked for, and what became of it.</summary>
/// <param name="Account">Its number.</param>
/// <param name="Open">What is open altogether, fen.</param>
/// <param name="Overdue">What of it is overdue, fen.</param>
/// <param name="Advance">The advance it holds, fen.</param>
/// <param name="Receivables">Its invoices, the oldest due first.</param>
public sealed record AccountReceivables(
    AccountNo Account, Money Open, Money Overdue, Money Advance, IReadOnlyList<Receivable> Receivables);
