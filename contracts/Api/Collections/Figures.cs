namespace Billing.Contracts.Api;

/// <summary>
/// A figure and what it rests on. The date moves the calendar, not the books: amounts are always those at the position.
/// </summary>
/// <typeparam name="T">The figure.</typeparam>
/// <param name="Figure">The figure.</param>
/// <param name="AsOf">The business date by which due dates are judged.</param>
/// <param name="Position">How far the books had got when it was read.</param>
public sealed record Dated<T>(T Figure, DateOnly AsOf, BooksPosition Position);

/// <summary>The newest events of other services that are in the books; null before the first.</summary>
/// <param name="Invoicing">Of Invoicing.</param>
/// <param name="Payments">Of Payments.</param>
public sealed record BooksPosition(HeardEvent? Invoicing, HeardEvent? Payments);

/// <summary>An event of another service.</summary>
/// <param name="Sequence">Its place in that service's global order.</param>
/// <param name="RecordedAt">When that service stored it, UTC.</param>
public sealed record HeardEvent(long Sequence, DateTimeOffset RecordedAt);

/// <summary>
/// The sums that must agree with those of Invoicing and Payments: charges − credits − allocated = open. Money for
/// invoices that have not been heard of yet is counted apart, so that a difference is explained and not hidden.
/// </summary>
/// <param name="Invoices">Invoices known.</param>
/// <param name="Charges">Sum of their amounts, fen.</param>
/// <param name="Credits">What was credited of them, fen.</param>
/// <param name="Allocated">What was paid of them, fen.</param>
/// <param name="Open">Charges − credits − allocated, fen.</param>
/// <param name="OpenInvoices">How many of them are open.</param>
/// <param name="Overdue">What of the open is overdue, fen: the arrears.</param>
/// <param name="Advance">Advance held by all accounts, fen.</param>
/// <param name="Ahead">Money that came before its invoice.</param>
public sealed record CollectionTotals(
    long Invoices, Money Charges, Money Credits, Money Allocated, Money Open, long OpenInvoices, Money Overdue,
    Money Advance, MoneyAhead Ahead);

/// <summary>Money for invoices that have not been heard of yet.</summary>
/// <param name="Invoices">How many invoices.</param>
/// <param name="Credits">What was credited of them, fen.</param>
/// <param name="Allocated">What was paid of them, fen.</param>
public sealed record MoneyAhead(long Invoices, Money Credits, Money Allocated);
