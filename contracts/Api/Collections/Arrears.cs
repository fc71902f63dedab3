namespace Billing.Contracts.Api;

/// <summary>The result of assessing arrears for one business date.</summary>
/// <param name="AsOf">The business date.</param>
/// <param name="BecameOverdue">How many accounts fell into arrears.</param>
/// <param name="ArrearsCleared">How many accounts came out of arrears.</param>
public sealed record AssessedArrears(DateOnly AsOf, int BecameOverdue, int ArrearsCleared);

/// <summary>One group's arrears (rules.md K-4).</summary>
/// <param name="Key">The class, project or utility.</param>
/// <param name="Old">Overdue invoices whose due date lies in a year before that of the date.</param>
/// <param name="Current">Overdue invoices whose due date lies in the year of the date, before the date.</param>
public sealed record ArrearsGroup(string Key, ArrearsPart Old, ArrearsPart Current);

/// <summary>A sum of overdue invoices.</summary>
/// <param name="Overdue">Their sum, fen.</param>
/// <param name="Invoices">How many.</param>
public sealed record ArrearsPart(Money Overdue, long Invoices);

/// <summary>An account with at least one overdue invoice.</summary>
/// <param name="Account">The account.</param>
/// <param name="Project">Its project when its oldest overdue invoice was issued.</param>
/// <param name="Class">Its class when its oldest overdue invoice was issued.</param>
/// <param name="Overdue">What is overdue, fen, more than zero.</param>
/// <param name="Invoices">How many invoices are overdue.</param>
/// <param name="Since">The due date of the oldest overdue invoice; it is overdue from the day after.</param>
/// <param name="Oldest">The oldest overdue invoice.</param>
public sealed record OverdueAccount(
    AccountNo Account, Project Project, CustomerClass Class, Money Overdue, long Invoices, DateOnly Since,
    InvoiceNo Oldest);

/// <summary>A page of overdue accounts.</summary>
/// <param name="Accounts">The accounts, in order of their numbers.</param>
/// <param name="Next">The value of <c>after</c> that asks for the next page; null on the last.</param>
public sealed record OverdueAccountPage(IReadOnlyList<OverdueAccount> Accounts, string? Next);
