namespace Billing.Contracts.Invoicing;

/// <summary>Invoices were issued; one message carries many.</summary>
/// <param name="Items">The facts, at most some hundreds.</param>
public sealed record InvoicesIssued(IReadOnlyList<InvoiceIssued> Items);

/// <summary>An invoice was issued and is owed from now on.</summary>
/// <param name="Invoice">Its number.</param>
/// <param name="Account">The account that owes it.</param>
/// <param name="Utility">The utility billed.</param>
/// <param name="Period">The billing period.</param>
/// <param name="Region">The account's supply region when the invoice was issued.</param>
/// <param name="Project">The account's project when the invoice was issued.</param>
/// <param name="Class">The account's class when the invoice was issued.</param>
/// <param name="Amount">The total with tax, fen, more than zero.</param>
/// <param name="IssuedOn">Day of issue.</param>
/// <param name="DueOn">The due date; overdue from the day after (rules.md L-4).</param>
/// <param name="Origin">The event.</param>
public sealed record InvoiceIssued(
    InvoiceNo Invoice,
    AccountNo Account,
    Utility Utility,
    BillingPeriod Period,
    [property: NotOnTimeline] Region Region,
    [property: NotOnTimeline] Project Project,
    [property: NotOnTimeline] CustomerClass Class,
    Money Amount,
    DateOnly IssuedOn,
    DateOnly DueOn,
    Origin Origin);

/// <summary>Credit notes were issued; one message carries many.</summary>
/// <param name="Items">The facts, at most some hundreds.</param>
public sealed record CreditsIssued(IReadOnlyList<CreditIssued> Items);

/// <summary>A credit note was issued: an invoice is not owed in part or in whole.</summary>
/// <param name="CreditNote">The number of the credit note; unique.</param>
/// <param name="Invoice">The invoice it corrects.</param>
/// <param name="Account">The account.</param>
/// <param name="Amount">How much less is owed, fen, more than zero and at most what is left of the invoice.</param>
/// <param name="Reason">The reason, for people.</param>
/// <param name="IssuedOn">Day of issue.</param>
/// <param name="Origin">The event.</param>
/// <param name="Net">The amount without tax, fen: in proportion to the invoice's net, so that credit notes for the
/// whole of an invoice add up to exactly its net (rules.md R-6). Null for notes recorded before the net was.</param>
/// <param name="Tax">The tax in the amount, fen: amount − net. Null when net is.</param>
public sealed record CreditIssued(
    CreditNoteNo CreditNote, InvoiceNo Invoice, AccountNo Account, Money Amount, string Reason, DateOnly IssuedOn,
    Origin Origin, Money? Net = null, Money? Tax = null);

/// <summary>A billing run was posted completely, and its manifest adds up.</summary>
/// <param name="Run">The run's name, such as <c>2026-10-electricity-1</c>.</param>
/// <param name="Utility">The utility billed.</param>
/// <param name="Period">The billing period.</param>
/// <param name="Cohort">Accounts in the frozen cohort = issued + excepted + excluded.</param>
/// <param name="Issued">Invoices issued.</param>
/// <param name="Excepted">Accounts held back by an exception.</param>
/// <param name="Excluded">Accounts excluded by a person.</param>
/// <param name="Amount">Sum of the invoices, fen.</param>
/// <param name="Origin">The event.</param>
public sealed record RunPosted(
    RunName Run, Utility Utility, BillingPeriod Period, int Cohort, int Issued, int Excepted, int Excluded,
    Money Amount, Origin Origin);

/// <summary>Credits were proposed; one message carries many.</summary>
/// <param name="Items">The facts, at most some hundreds.</param>
public sealed record CreditsProposed(IReadOnlyList<CreditProposed> Items);

/// <summary>
/// An employee of the company proposed a credit above the limit; nothing changes before another person approves it, and
/// then it is a <see cref="CreditIssued"/>.
/// </summary>
/// <param name="CreditNote">The number of the credit note.</param>
/// <param name="Account">The account.</param>
/// <param name="Amount">How much less would be owed, fen, more than zero.</param>
/// <param name="Reason">The reason, for people.</param>
/// <param name="ExpiresAt">Until when it can be decided, exclusive.</param>
/// <param name="Origin">The event.</param>
public sealed record CreditProposed(
    string CreditNote, AccountNo Account, Money Amount, string? Reason, DateTimeOffset ExpiresAt, Origin Origin);

/// <summary>Proposed credits were not issued; one message carries many.</summary>
/// <param name="Items">The facts, at most some hundreds.</param>
public sealed record CreditsDropped(IReadOnlyList<CreditDropped> Items);

/// <summary>A proposed credit was rejected, withdrawn, not decided in time, or could not be issued any more.</summary>
/// <param name="CreditNote">The number of the credit note.</param>
/// <param name="Account">The account.</param>
/// <param name="Status">What became of it.</param>
/// <param name="Reason">The reason, for people; null when nobody gave one.</param>
/// <param name="Origin">The event.</param>
public sealed record CreditDropped(
    string CreditNote, AccountNo Account, ProposalStatus Status, string? Reason, Origin Origin);
