using System.Text.Json;
using Billing.Contracts;

namespace Billing.Tools;

// What the services answer, as far as the tool reads it.

/// <summary>A line of a file that was refused.</summary>
internal sealed record RefusedLine(long Line, string Account, string Code, string Message);

/// <summary>What became of a file of accounts or readings.</summary>
internal sealed record Imported(
    long Lines, long Unchanged, long RefusedTotal, IReadOnlyList<RefusedLine> Refused, long Opened = 0,
    long Accepted = 0)
{
    /// <summary>What is new.</summary>
    public long New => Opened + Accepted;
}

/// <summary>What a service knows of Tariff's plans.</summary>
internal sealed record KnownPlans(IReadOnlyList<KnownPlan> Versions, string? Next);

/// <summary>One version.</summary>
internal sealed record KnownPlan(string Plan, int Version);

/// <summary>How far a service's consumers are.</summary>
internal sealed record Lag(IReadOnlyList<ConsumerLag> Consumers)
{
    public long Items(string consumer) => Consumers.FirstOrDefault(known => known.Consumer == consumer)?.Items ?? 0;
}

/// <summary>One consumer.</summary>
internal sealed record ConsumerLag(string Consumer, long Items);

/// <summary>A partner's conventions.</summary>
internal sealed record PartnerTerms(
    string Name, Channel Channel, string AmountRule, TimeOnly DayCut, string Encoding = "UTF-8", int LateDays = 31);

/// <summary>An invoice as a partner sees it.</summary>
internal sealed record OpenInvoice(
    string Invoice, Utility Utility, string Period, DateOnly IssuedOn, DateOnly DueOn, Money Amount, Money Open);

/// <summary>What an account owes.</summary>
internal sealed record OpenBill(
    string Account, string MaskedName, Money Due, Money Advance, IReadOnlyList<OpenInvoice> Invoices);

/// <summary>What a partner pays.</summary>
internal sealed record Pay(string Account, Money Amount);

/// <summary>What a partner takes back.</summary>
internal sealed record Reverse(string Account, string Reason);

/// <summary>A payment that was taken.</summary>
internal sealed record Paid(string Payment, string Receipt, Money Amount, Money Advance, Money Balance);

/// <summary>A payment that was taken back.</summary>
internal sealed record Reversed(string Payment, string Status, Money Amount);

/// <summary>One side of a reconciled day.</summary>
internal sealed record Side(int Count, Money Amount);

/// <summary>What one side says of a payment.</summary>
internal sealed record ReportedPayment(string Serial, string Account, Money Amount, bool IsActive);

/// <summary>A payment that is not the same on both sides.</summary>
internal sealed record Difference(
    string Serial, string Class, ReportedPayment? Bank, ReportedPayment? Ours, DateOnly? OtherDay);

/// <summary>A partner's day, compared.</summary>
internal sealed record ReconciledDay(
    string Partner, DateOnly BankDate, Side Bank, Side Ours, IReadOnlyDictionary<string, int> Classes,
    IReadOnlyList<Difference> Differences);

/// <summary>What a partner brought on a day.</summary>
internal sealed record CashOfDay(DateOnly Day, string Partner, Money Received, Money Net);

/// <summary>The sums of Payments.</summary>
internal sealed record PaymentTotals(
    long Invoices, Money Charges, Money Credits, Money Allocated, Money Open, Money Advance, long Payments,
    Money Received,
    Money Reversed, Money Refunded);

/// <summary>The sums of Collections.</summary>
internal sealed record CollectionTotals(
    long Invoices, Money Charges, Money Credits, Money Allocated, Money Open, long OpenInvoices, Money Overdue,
    Money Advance);

/// <summary>A figure of Collections.</summary>
internal sealed record Dated<T>(T Figure, DateOnly AsOf);

/// <summary>What is open in a project, by age.</summary>
internal sealed record AgeingGroup(string Key, Money Open, long Count, IReadOnlyList<AgeingBucket> Buckets);

/// <summary>What is open of one age.</summary>
internal sealed record AgeingBucket(string Name, Money Open, long Count);

/// <summary>What came in of what was to come in.</summary>
internal sealed record Rate(Money Receivable, Money Collected, decimal? Percent);

/// <summary>The rate of a project.</summary>
internal sealed record RateGroup(string Key, Rate Rate);

/// <summary>The rates of all projects.</summary>
internal sealed record Rates(IReadOnlyList<RateGroup> Groups, Rate Total);

/// <summary>What a sweep found.</summary>
internal sealed record Swept(DateOnly AsOf, int BecameOverdue, int ArrearsCleared);

/// <summary>One thing that happened to an account.</summary>
internal sealed record TimelineEntry(
    DateTimeOffset At, string Source, string Kind, long? AmountFen, JsonElement Detail);

/// <summary>A page of an account's history.</summary>
internal sealed record Timeline(IReadOnlyList<TimelineEntry> Entries, string? Next);

/// <summary>The sums of Invoicing.</summary>
internal sealed record InvoicingTotals(long Invoices, Money Amount, Money Net, Money Tax, long Credits, Money Credited);

/// <summary>An entry of a statement.</summary>
internal sealed record StatementEntry(
    DateOnly On, string Kind, string Reference, string Note, Money Amount, Money Balance);

/// <summary>What was billed to an account and what it paid.</summary>
internal sealed record StatementOf(string Account, Money Opening, IReadOnlyList<StatementEntry> Entries, Money Closing);

/// <summary>A name in two languages.</summary>
internal sealed record Words(string Zh, string En);

/// <summary>A line of an invoice with its calculation.</summary>
internal sealed record ExplainedLine(string Id, Words Label, Words Reason, string Formula, Money Amount);

/// <summary>A reading behind an invoice.</summary>
internal sealed record ExplainedReading(
    string Meter, DateOnly ReadOn, string Kind, decimal Total, long? Kwh, string Flags);

/// <summary>The plan behind an invoice.</summary>
internal sealed record ExplainedPlan(string Code, int Version, Words Name, string LegalDocument, string Source);

/// <summary>How an invoice came about.</summary>
internal sealed record Explained(
    string Invoice, string Account, IReadOnlyList<ExplainedPlan> Plans, IReadOnlyList<ExplainedLine> Lines,
    Money Amount, Money Net, Money Tax, IReadOnlyList<ExplainedReading> Readings,
    IReadOnlyList<ExplainedCredit> Credits, Money Left, Money LeftNet, Money LeftTax);

/// <summary>A credit note of an invoice.</summary>
internal sealed record ExplainedCredit(string Note, Money Amount, Money Net, Money Tax, string Reason);

/// <summary>An account of a run that needs a person.</summary>
internal sealed record RunException(string Account, string Code, string Message, string State, Money? Amount);

/// <summary>A page of them.</summary>
internal sealed record RunExceptionPage(IReadOnlyList<RunException> Items, string? Next);

/// <summary>How far a billing run is.</summary>
internal sealed record RunProgress(
    string State, int Draft, int Cohort, RunPhase Drafting, RunPhase Posting, IReadOnlyList<ExceptionCount> Exceptions,
    PeriodTotal Previous, IReadOnlyList<ChunkFailure> Failures, Abandonment? Abandoned)
{
    /// <summary>Accounts held back because what their draft rests on changed after it.</summary>
    public int Outdated => Exceptions.Where(count => count is { Code: "draft-outdated", State: "open" })
        .Sum(count => count.Accounts);

    /// <summary>Accounts held back.</summary>
    public int Open => Exceptions.Where(count => count.State == "open").Sum(count => count.Accounts);

    /// <summary>Accounts taken out.</summary>
    public int Excluded => Exceptions.Where(count => count.State == "excluded").Sum(count => count.Accounts);
}

/// <summary>The draft or the posting of a run.</summary>
internal sealed record RunPhase(int AccountsDone, int Invoices, Money Amount, double Seconds);

/// <summary>A piece of a run whose work failed.</summary>
internal sealed record ChunkFailure(int Chunk, string First, string Last, int Attempts, string Reason);

/// <summary>Who gave a run up, and why.</summary>
internal sealed record Abandonment(string By, string Reason);

/// <summary>Accounts held back for one reason.</summary>
internal sealed record ExceptionCount(string Code, string State, int Accounts);

/// <summary>What was billed in the period before.</summary>
internal sealed record PeriodTotal(string Period, int Invoices, Money Amount);
