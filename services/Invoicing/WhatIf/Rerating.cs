using Billing.Contracts;
using Billing.Rating;

namespace Billing.Invoicing;

/// <summary>An issued invoice, as in its row.</summary>
internal readonly record struct IssuedInvoice(
    InvoiceNo Number, BillingPeriod Period, CustomerClass Class, PlanCode Plan, int Version, Money Amount);

/// <summary>What is known of an account: its supply, its invoices in the window, and its consumption.</summary>
/// <param name="account">The account.</param>
/// <param name="months">How many months of readings it can hold, from January of the window's first year.</param>
internal sealed class AccountHistory(AccountNo account, int months)
{
    public AccountNo Account => account;

    /// <summary>The first day of the contract; null while nothing is known about the supply.</summary>
    public DateOnly? OpenedOn { get; set; }

    public decimal AreaM2 { get; set; }

    public decimal? HeightM { get; set; }

    public string? UseClass { get; set; }

    /// <summary>Its invoices, in order of period.</summary>
    public List<IssuedInvoice> Invoices { get; } = [];

    public Metered[] Months { get; } = months == 0 ? [] : new Metered[months];

    /// <summary>The amount billed in each month; empty when no plan needs it.</summary>
    public Charged[] Charges { get; } = months == 0 ? [] : new Charged[months];

    /// <summary>The months in which the last meter was taken down.</summary>
    public HashSet<int> Endings { get; } = [];

    /// <summary>The closing readings of periods in which the price changes, with the period of each.</summary>
    public List<(BillingPeriod Period, PeriodReading Reading)> Closings { get; } = [];
}

/// <summary>
/// The versions that billed the invoices: the one the invoice names, or all that the run had pinned for a period in
/// which the price changed, including a version that made no line and is therefore named in none.
/// </summary>
/// <param name="single">Versions by their numbers.</param>
/// <param name="several">Several versions, by the plan, the period and the last of them.</param>
internal sealed class BilledBy(
    IReadOnlyDictionary<(PlanCode, int), PlanSchedule> single,
    IReadOnlyDictionary<(PlanCode, BillingPeriod, int), PlanSchedule> several)
{
    /// <summary>Whether a bill needs the consumption or charges before in the year.</summary>
    public bool NeedsYearToDate => single.Values.Concat(several.Values).Any(plan => plan.NeedsYearToDate);

    /// <summary>The periods in which a price changed.</summary>
    public IReadOnlyList<BillingPeriod> Changing { get; } = [.. several.Keys.Select(key => key.Item2).Distinct()];

    public PlanSchedule Of(IssuedInvoice invoice) =>
        several.Count > 0 && several.TryGetValue((invoice.Plan, invoice.Period, invoice.Version), out var timeline)
            ? timeline
            : single[(invoice.Plan, invoice.Version)];
}

/// <summary>
/// Rates an issued invoice twice: by the version that billed it, which shows whether the facts are still the same, and
/// by the document of the what-if. Pure, and safe to share between threads.
/// </summary>
/// <param name="question">The what-if's request.</param>
/// <param name="billedBy">The versions that billed the invoices.</param>
internal sealed class Rerating(Question question, BilledBy billedBy)
{
    private static readonly RatingRefusal SupplyUnknown = new(
        "supply-unknown", "Nothing is known about the account's supply.");
    private static readonly RatingRefusal NotYetOpened = new(
        Drafting.NotYetOpened.Code, Drafting.NotYetOpened.Message);

    private readonly int _firstMonth = question.From.Year * 12;

    public PlanSchedule Draft { get; } = PlanSchedule.Of(question.Draft);

    public PlanSchedule Billing(IssuedInvoice invoice) => billedBy.Of(invoice);

    /// <summary>Rates it as it was billed, with today's facts.</summary>
    public Rated Again(AccountHistory history, IssuedInvoice invoice) => Rate(Billing(invoice), history, invoice);

    /// <summary>Rates it by the document of the what-if.</summary>
    public Rated Instead(AccountHistory history, IssuedInvoice invoice) => Rate(Draft, history, invoice);

    /// <summary>The metered consumption of the invoice's month.</summary>
    public Metered MeteredIn(AccountHistory history, IssuedInvoice invoice) =>
        invoice.Period.IsSeason || history.Months.Length == 0
            ? default
            : history.Months[Question.MonthOf(invoice.Period) - _firstMonth];

    private Rated Rate(PlanSchedule plan, AccountHistory history, IssuedInvoice invoice)
    {
        if (history.OpenedOn is not { } openedOn)
            return SupplyUnknown;
        var days = plan.DaysOf(invoice.Period);
        if (openedOn > days.Last)
            return NotYetOpened;
        var supply = RatingFacts.Supply(
            invoice.Class, openedOn, history.AreaM2, history.HeightM, history.UseClass);
        return plan.Bill(supply, plan.Last.Utility == Utility.Heat
            ? RatingFacts.Heat(days, openedOn)
            : Electricity(plan, history, invoice, days));
    }

    private Usage Electricity(PlanSchedule plan, AccountHistory history, IssuedInvoice invoice, DateRange days)
    {
        var metered = MeteredIn(history, invoice);
        // No reading means unknown consumption, which cannot be rated; it is not a consumption of zero.
        if (metered.Readings == 0)
            return new(days);
        var usage = RatingFacts.Electricity(
            days, metered, plan.NeedsYearToDate ? YearBefore(history, invoice.Period) : default);
        if (plan.ChangesIn(days) is not { Count: > 0 } changes)
            return usage;
        var closings = history.Closings.FindAll(closing => closing.Period == invoice.Period);
        return usage with { Parts = RatingFacts.Parts(days, changes, closings.ConvertAll(item => item.Reading)) };
    }

    /// <summary>
    /// The consumption and charges of the year's earlier months; the charges are those actually billed.
    /// </summary>
    private YearSoFar YearBefore(AccountHistory history, BillingPeriod period)
    {
        var (first, end) = (period.Year * 12 - _firstMonth, Question.MonthOf(period) - _firstMonth);
        var (kwh, charges) = (0L, default(Charged));
        for (var month = first; month < end; month++)
        {
            kwh += history.Months[month].Kwh;
            charges += history.Charges[month];
        }
        return new(kwh, charges, period.Month.First.Month == 12 || history.Endings.Contains(end));
    }
}
