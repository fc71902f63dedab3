namespace Billing.Contracts.Api;

/// <summary>The statement of an account (对账单): opening balance + entries = closing balance.</summary>
/// <param name="Account">The account.</param>
/// <param name="From">First day, inclusive, or null for no lower limit.</param>
/// <param name="To">Last day, inclusive, or null for no upper limit.</param>
/// <param name="KnownAt">Only entries recorded up to this instant, inclusive, or null for all.</param>
/// <param name="Opening">What was owed before the first day, fen; negative in the customer's favour.</param>
/// <param name="Entries">The entries from the first to the last day, both inclusive.</param>
/// <param name="Closing">What was owed after the last day, fen; negative in the customer's favour.</param>
public sealed record AccountStatement(
    AccountNo Account, DateOnly? From, DateOnly? To, DateTimeOffset? KnownAt, Money Opening,
    IReadOnlyList<StatementEntry> Entries, Money Closing);

/// <summary>One entry.</summary>
/// <param name="On">The business date.</param>
/// <param name="RecordedAt">When it was recorded, UTC.</param>
/// <param name="Kind">invoice, credit, payment, reversal, refund, or advance (money held was moved; amount 0).</param>
/// <param name="Reference">The number of the invoice, note, payment or refund.</param>
/// <param name="Note">A remark for people.</param>
/// <param name="Amount">Fen; positive amounts are owed, negative ones are paid or credited.</param>
/// <param name="Balance">What is owed after the entry, fen.</param>
public sealed record StatementEntry(
    DateOnly On, DateTimeOffset RecordedAt, string Kind, string Reference, string Note, Money Amount, Money Balance);
