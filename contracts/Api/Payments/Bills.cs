using System.Text.Json.Serialization;

namespace Billing.Contracts.Api;

/// <summary>An invoice of which something is still owed.</summary>
/// <param name="Invoice">Its number.</param>
/// <param name="Utility">The utility billed.</param>
/// <param name="Period">The billing period.</param>
/// <param name="IssuedOn">Day of issue.</param>
/// <param name="DueOn">The due date; overdue from the day after.</param>
/// <param name="Amount">The amount invoiced, fen.</param>
/// <param name="Open">The part of it that is still owed, fen, more than zero.</param>
public sealed record OpenInvoice(
    InvoiceNo Invoice, Utility Utility, BillingPeriod Period, DateOnly IssuedOn, DateOnly DueOn, Money Amount,
    Money Open);

/// <summary>What an account owes, as partners are shown it.</summary>
/// <param name="Account">The account.</param>
/// <param name="MaskedName">The holder's name, masked; empty while no message about the account has been
/// received.</param>
/// <param name="Outstanding">The sum of what is open, fallen due or not, fen; <c>due</c> on the wire.</param>
/// <param name="Advance">Money held that stands against no invoice (预收), fen.</param>
/// <param name="Invoices">The open invoices, the oldest due first.</param>
public sealed record OpenBill(
    AccountNo Account, string MaskedName, [property: JsonPropertyName("due")] Money Outstanding, Money Advance,
    IReadOnlyList<OpenInvoice> Invoices);

/// <summary>What an account owes, as one sum.</summary>
/// <param name="Account">The account.</param>
/// <param name="Outstanding">The sum of what is open, fallen due or not, fen; <c>due</c> on the wire.</param>
/// <param name="Advance">Money held that stands against no invoice, fen.</param>
/// <param name="Balance">Outstanding less advance, fen; negative when more advance is held than is owed.</param>
public sealed record AccountBalance(
    AccountNo Account, [property: JsonPropertyName("due")] Money Outstanding, Money Advance, Money Balance);
