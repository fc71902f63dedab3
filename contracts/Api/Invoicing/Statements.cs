namespace Billing.Contracts.Api;

/// <summary>
/// The statement of an account (对账单). The opening balance and the entries add up to the closing balance.
/// </summary>
/// <param name="Account">The account.</param>
/// <param name="From">First day, inclusive, or null for all of it.</param>
/// <param name="To">Last day, inclusive, or null for all of it.</param>
/// <param name="KnownAt">Only what was recorded up to this instant, inclusive, or null for everything.</param>
/// <param name="Opening">What was owed before the first day, fen; negative is in the customer's favour.</param>
/// <param name="Entries">Everything from the first to the last day.</param>
/// <param name="Closing">What was owed after the last day, fen.</param>
public sealed record AccountStatement(
    AccountNo Account, DateOnly? From, DateOnly? To, DateTimeOffset? KnownAt, Money Opening,
    IReadOnlyList<StatementEntry> Entries, Money Closing);

/// <summary>One entry.</summary>
/// <param name="On">The business date.</param>
/// <param name="RecordedAt">When it was recorded, UTC.</param>
/// <param name="Kind">invoice, credit, payment, reversal, refund, or advance (moved only, amount 0).</param>
/// <param name="Reference">The number of the invoice, note, payment or refund.</param>
/// <param name="Note">For people.</param>
/// <param name="Amount">Fen; more than zero is owed, less than zero is paid or not owed after all.</param>
/// <param name="Balance">What is owed after the entry, fen.</param>
public sealed record StatementEntry(
    DateOnly On, DateTimeOffset RecordedAt, string Kind, string Reference, string Note, Money Amount, Money Balance);
