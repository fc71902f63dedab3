using System.Text.Json;

namespace Billing.Contracts.Api;

/// <summary>Asks what issued invoices would have been under another plan document.</summary>
/// <param name="Document">A plan document, which may be a draft; its own validity is ignored.</param>
/// <param name="From">The first period whose invoices are replayed, inclusive.</param>
/// <param name="To">The last one, inclusive.</param>
/// <param name="Plans">The plans whose invoices are replayed; when left out, the document's own.</param>
public sealed record WhatIfRequest(
    JsonElement Document, BillingPeriod From, BillingPeriod To, IReadOnlyList<PlanCode>? Plans = null);

/// <summary>A line of the answer that reports the progress of the replay.</summary>
/// <param name="Progress">The progress.</param>
public sealed record WhatIfProgressLine(WhatIfProgress Progress);

/// <summary>The last line of the answer.</summary>
/// <param name="Result">The findings.</param>
public sealed record WhatIfResultLine(WhatIfFindings Result);

/// <summary>The progress of a replay.</summary>
/// <param name="Replayed">Invoices replayed so far.</param>
/// <param name="Of">Invoices to replay in all.</param>
/// <param name="Seconds">Time since the replay began, seconds.</param>
public sealed record WhatIfProgress(long Replayed, long Of, decimal Seconds);

/// <summary>
/// The differences a replay found. Every replayed invoice is either compared, refused or not reproducible. All sums are
/// over the compared invoices, and every breakdown adds up to the same total.
/// </summary>
/// <param name="Plan">The plan of the document.</param>
/// <param name="Version">Its version.</param>
/// <param name="From">The first period, inclusive.</param>
/// <param name="To">The last period, inclusive.</param>
/// <param name="Plans">The plans whose invoices were replayed.</param>
/// <param name="Seconds">The duration of the replay, seconds.</param>
/// <param name="Accounts">Accounts with compared invoices.</param>
/// <param name="Total">All compared invoices.</param>
/// <param name="Classes">The same by class of customer, as invoiced.</param>
/// <param name="Lines">The same by bill line: every difference is attributed to a line.</param>
/// <param name="Deciles">
/// Households in ten groups of the same size, by what they were billed in the window: the first paid least.
/// </param>
/// <param name="Winners">The accounts that would have paid less, those with the largest difference first.</param>
/// <param name="Losers">The accounts that would have paid more, those with the largest difference first.</param>
/// <param name="Refused">Invoices that the document cannot rate.</param>
/// <param name="NotReproducible">Invoices that today's facts, rated by the plan that billed them, do not
/// reproduce.</param>
public sealed record WhatIfFindings(
    PlanCode Plan, int Version, BillingPeriod From, BillingPeriod To, IReadOnlyList<string> Plans, decimal Seconds,
    int Accounts, ComparedInvoices Total, IReadOnlyList<ComparedClass> Classes, IReadOnlyList<ComparedLine> Lines,
    IReadOnlyList<ComparedDecile> Deciles, IReadOnlyList<ComparedAccount> Winners,
    IReadOnlyList<ComparedAccount> Losers, RefusedInvoices Refused, IrreproducibleInvoices NotReproducible);

/// <summary>What was billed, and what would have been billed.</summary>
/// <param name="Invoices">How many invoices.</param>
/// <param name="Old">As billed, fen.</param>
/// <param name="New">With the document, fen.</param>
/// <param name="Difference">New − old, fen.</param>
public sealed record ComparedInvoices(long Invoices, Money Old, Money New, Money Difference);

/// <summary>A class of customers.</summary>
/// <param name="Class">The class.</param>
/// <param name="Invoices">How many invoices.</param>
/// <param name="Old">As billed, fen.</param>
/// <param name="New">With the document, fen.</param>
/// <param name="Difference">New − old, fen.</param>
public sealed record ComparedClass(CustomerClass Class, long Invoices, Money Old, Money New, Money Difference);

/// <summary>A bill line. A line that only one of the plans has is 0 in the other.</summary>
/// <param name="Id">The line.</param>
/// <param name="Component">The component that produces it.</param>
/// <param name="Label">Its name, in the document if it has the line.</param>
/// <param name="Old">As billed, fen.</param>
/// <param name="New">With the document, fen.</param>
/// <param name="Difference">New − old, fen.</param>
public sealed record ComparedLine(string Id, string Component, Label Label, Money Old, Money New, Money Difference);

/// <summary>A tenth of the households, ranked by what they were billed.</summary>
/// <param name="Number">1 for those billed least, 10 for those billed most.</param>
/// <param name="Accounts">How many households.</param>
/// <param name="Kwh">Their consumption, kWh; 0 for heat.</param>
/// <param name="Old">As billed, fen.</param>
/// <param name="New">With the document, fen.</param>
/// <param name="Difference">New − old, fen.</param>
/// <param name="PayMore">How many would have paid more.</param>
/// <param name="PayLess">How many would have paid less.</param>
/// <param name="PaySame">How many would have paid the same.</param>
public sealed record ComparedDecile(
    int Number, int Accounts, long Kwh, Money Old, Money New, Money Difference, int PayMore, int PayLess, int PaySame);

/// <summary>An account compared over the whole window, with its invoices.</summary>
/// <param name="Account">The account.</param>
/// <param name="Class">Its class on the last invoice.</param>
/// <param name="Old">As billed, fen.</param>
/// <param name="New">With the document, fen.</param>
/// <param name="Difference">New − old, fen.</param>
/// <param name="Invoices">Its invoices.</param>
public sealed record ComparedAccount(
    AccountNo Account, CustomerClass Class, Money Old, Money New, Money Difference,
    IReadOnlyList<ComparedInvoice> Invoices);

/// <summary>An invoice as billed and as it would have been, line by line.</summary>
/// <param name="Invoice">The invoice.</param>
/// <param name="Period">The billing period.</param>
/// <param name="Plan">The plan that billed it.</param>
/// <param name="Version">The version that billed it.</param>
/// <param name="Old">As billed, fen.</param>
/// <param name="New">With the document, fen.</param>
/// <param name="OldLines">The lines as billed.</param>
/// <param name="NewLines">The lines with the document.</param>
public sealed record ComparedInvoice(
    InvoiceNo Invoice, BillingPeriod Period, PlanCode Plan, int Version, Money Old, Money New,
    IReadOnlyList<QuotedLine> OldLines, IReadOnlyList<QuotedLine> NewLines);

/// <summary>Invoices that the document cannot rate; they are not in the compared sums.</summary>
/// <param name="Invoices">How many.</param>
/// <param name="Billed">The sum they were billed, fen.</param>
/// <param name="Reasons">Why, by code.</param>
public sealed record RefusedInvoices(long Invoices, Money Billed, IReadOnlyList<RefusalReason> Reasons);

/// <summary>A reason, how often, and the first invoice it concerns.</summary>
/// <param name="Code">The stable code of the reason.</param>
/// <param name="Message">The reason, for people.</param>
/// <param name="Invoices">How many invoices it concerns.</param>
/// <param name="Account">The account of the first.</param>
/// <param name="Invoice">The first.</param>
/// <param name="Period">The period of the first.</param>
public sealed record RefusalReason(
    string Code, string Message, long Invoices, AccountNo Account, InvoiceNo Invoice, BillingPeriod Period);

/// <summary>
/// Invoices that today's facts, rated by the plan that billed them, do not reproduce, for example because an area was
/// corrected since. They are left out of the comparison.
/// </summary>
/// <param name="Invoices">How many.</param>
/// <param name="Billed">The sum they were billed, fen.</param>
/// <param name="First">The first of them.</param>
public sealed record IrreproducibleInvoices(long Invoices, Money Billed, IReadOnlyList<IrreproducibleInvoice> First);

/// <summary>An invoice that cannot be reproduced.</summary>
/// <param name="Invoice">The invoice.</param>
/// <param name="Account">Its account.</param>
/// <param name="Period">The billing period.</param>
/// <param name="Plan">The plan that billed it.</param>
/// <param name="Version">The version that billed it.</param>
/// <param name="Billed">What was billed, fen.</param>
/// <param name="Today">What the same version gives with today's facts, fen; null when it refuses them.</param>
/// <param name="Code">The code of the refusal, or null.</param>
public sealed record IrreproducibleInvoice(
    InvoiceNo Invoice, AccountNo Account, BillingPeriod Period, PlanCode Plan, int Version, Money Billed, Money? Today,
    string? Code);
