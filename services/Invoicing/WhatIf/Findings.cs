using Billing.Contracts;
using Billing.Rating;

namespace Billing.Invoicing;

/// <summary>How far a replay has come.</summary>
/// <param name="Replayed">Invoices looked at.</param>
/// <param name="Of">Invoices there are to look at.</param>
/// <param name="Seconds">Time since the replay began.</param>
public sealed record Progress(long Replayed, long Of, decimal Seconds);

/// <summary>
/// What would have been different. Every invoice looked at is compared, refused or not reproducible; whatever is added
/// up is added up over the compared ones, and every way of adding them up comes to the same totals.
/// </summary>
/// <param name="Plan">The plan of the document.</param>
/// <param name="Version">Its version.</param>
/// <param name="From">The first period.</param>
/// <param name="To">The last period, inclusive.</param>
/// <param name="Plans">The plans whose invoices were replayed.</param>
/// <param name="Seconds">What it took.</param>
/// <param name="Accounts">Accounts with compared invoices.</param>
/// <param name="Total">All compared invoices.</param>
/// <param name="Classes">The same by class of customer, as invoiced.</param>
/// <param name="Lines">The same by line of the bill: every difference has a line it comes from.</param>
/// <param name="Deciles">
/// Households in ten groups of the same size, by what they were billed in the window: the first paid least.
/// </param>
/// <param name="Winners">The accounts that would have paid less by most.</param>
/// <param name="Losers">The accounts that would have paid more by most.</param>
/// <param name="Refused">Invoices that the document does not rate.</param>
/// <param name="NotReproducible">Invoices whose facts of today do not give what was billed then.</param>
public sealed record Findings(
    PlanCode Plan, int Version, BillingPeriod From, BillingPeriod To, IReadOnlyList<string> Plans, decimal Seconds,
    int Accounts, Compared Total, IReadOnlyList<ClassCompared> Classes, IReadOnlyList<LineCompared> Lines,
    IReadOnlyList<Decile> Deciles, IReadOnlyList<AccountCompared> Winners, IReadOnlyList<AccountCompared> Losers,
    Refused Refused, NotReproducible NotReproducible);

/// <summary>What was billed and what would have been.</summary>
/// <param name="Invoices">How many invoices.</param>
/// <param name="Old">As billed.</param>
/// <param name="New">With the document.</param>
/// <param name="Difference">New − old.</param>
public sealed record Compared(long Invoices, Money Old, Money New, Money Difference);

/// <summary>A class of customers.</summary>
public sealed record ClassCompared(CustomerClass Class, long Invoices, Money Old, Money New, Money Difference);

/// <summary>A line of the bill. A line that only one of the plans makes is 0 in the other.</summary>
/// <param name="Id">The line.</param>
/// <param name="Component">The component that makes it.</param>
/// <param name="Label">What it is called, in the document if it has the line.</param>
/// <param name="Old">As billed.</param>
/// <param name="New">With the document.</param>
/// <param name="Difference">New − old.</param>
public sealed record LineCompared(string Id, string Component, Label Label, Money Old, Money New, Money Difference);

/// <summary>A tenth of the households.</summary>
/// <param name="Number">1 paid least, 10 most.</param>
/// <param name="Accounts">How many households.</param>
/// <param name="Kwh">What they used; 0 for heat.</param>
/// <param name="Old">As billed.</param>
/// <param name="New">With the document.</param>
/// <param name="Difference">New − old.</param>
/// <param name="PayMore">How many would have paid more.</param>
/// <param name="PayLess">How many would have paid less.</param>
/// <param name="PaySame">How many would have paid the same.</param>
public sealed record Decile(
    int Number, int Accounts, long Kwh, Money Old, Money New, Money Difference, int PayMore, int PayLess, int PaySame);

/// <summary>An account over the whole window, explained.</summary>
public sealed record AccountCompared(
    AccountNo Account, CustomerClass Class, Money Old, Money New, Money Difference,
    IReadOnlyList<InvoiceCompared> Invoices);

/// <summary>An invoice as it was billed and as it would have been, line by line.</summary>
public sealed record InvoiceCompared(
    InvoiceNo Invoice, BillingPeriod Period, PlanCode Plan, int Version, Money Old, Money New,
    IReadOnlyList<QuotedLine> OldLines, IReadOnlyList<QuotedLine> NewLines);

/// <summary>Invoices that the document does not rate: they are in no sum but their own.</summary>
/// <param name="Invoices">How many.</param>
/// <param name="Billed">What they were billed.</param>
/// <param name="Reasons">Why, by code.</param>
public sealed record Refused(long Invoices, Money Billed, IReadOnlyList<RefusedReason> Reasons);

/// <summary>A reason, how often, and the first invoice it concerns.</summary>
public sealed record RefusedReason(
    string Code, string Message, long Invoices, AccountNo Account, InvoiceNo Invoice, BillingPeriod Period);

/// <summary>
/// Invoices whose facts of today do not give what was billed then: an area that was corrected since, say. They are left
/// out of the comparison; nothing is guessed.
/// </summary>
/// <param name="Invoices">How many.</param>
/// <param name="Billed">What they were billed.</param>
/// <param name="First">The first of them.</param>
public sealed record NotReproducible(long Invoices, Money Billed, IReadOnlyList<NotReproduced> First);

/// <summary>An invoice that cannot be reproduced.</summary>
/// <param name="Invoice">The invoice.</param>
/// <param name="Account">Its account.</param>
/// <param name="Period">For when.</param>
/// <param name="Plan">The plan that billed it.</param>
/// <param name="Version">The version that billed it.</param>
/// <param name="Billed">What was billed.</param>
/// <param name="Today">What the same version gives with the facts of today; null when it refuses them.</param>
/// <param name="Code">Why it refuses, or null.</param>
public sealed record NotReproduced(
    InvoiceNo Invoice, AccountNo Account, BillingPeriod Period, PlanCode Plan, int Version, Money Billed, Money? Today,
    string? Code);
