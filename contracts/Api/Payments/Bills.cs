namespace Billing.Contracts.Api;

/// <summary>An invoice that somebody still owes.</summary>
/// <param name="Invoice">Its number.</param>
/// <param name="Utility">What for.</param>
/// <param name="Period">For when.</param>
/// <param name="IssuedOn">Day of issue.</param>
/// <param name="DueOn">The due date; overdue from the day after.</param>
/// <param name="Amount">What it was issued for, fen.</param>
/// <param name="Open">What is still owed of it, fen, more than zero.</param>
public sealed record OpenInvoice(
    InvoiceNo Invoice, Utility Utility, BillingPeriod Period, DateOnly IssuedOn, DateOnly DueOn, Money Amount,
    Money Open);

/// <summary>What an account owes, as partners see it.</summary>
/// <param name="Account">The account.</param>
/// <param name="MaskedName">The holder's name, masked; empty when nobody has told it yet.</param>
/// <param name="Due">The sum of what is open, fen.</param>
/// <param name="Advance">Money held that stands against no invoice (预收), fen.</param>
/// <param name="Invoices">What is open, the oldest due first.</param>
public sealed record OpenBill(
    AccountNo Account, string MaskedName, Money Due, Money Advance, IReadOnlyList<OpenInvoice> Invoices);

/// <summary>What an account owes in one line.</summary>
/// <param name="Account">The account.</param>
/// <param name="Due">The sum of what is open, fen.</param>
/// <param name="Advance">Money held that stands against no invoice, fen.</param>
/// <param name="Balance">Due less advance, fen; negative when the customer has money here.</param>
public sealed record AccountBalance(AccountNo Account, Money Due, Money Advance, Money Balance);
