namespace Billing.Contracts.Collections;

/// <summary>Accounts fell into arrears; one message carries many.</summary>
/// <param name="Items">The facts, at most some hundreds.</param>
public sealed record AccountsOverdue(IReadOnlyList<AccountOverdue> Items);

/// <summary>An account that had no overdue invoice has one now.</summary>
/// <param name="Account">The account.</param>
/// <param name="AsOf">The business date that was assessed.</param>
/// <param name="Since">The due date of its oldest overdue invoice.</param>
/// <param name="Overdue">What is overdue, fen, more than zero.</param>
/// <param name="Origin">The event.</param>
public sealed record AccountOverdue(
    AccountNo Account, DateOnly AsOf, DateOnly Since, [property: TimelineAmount] Money Overdue, Origin Origin);
