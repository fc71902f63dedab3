using Billing.Contracts;
using Billing.Rating;

namespace Billing.Invoicing;

/// <summary>An issued invoice, as its row has it.</summary>
internal readonly record struct IssuedInvoice(
    InvoiceNo Number, BillingPeriod Period, CustomerClass Class, PlanCode Plan, int Version, Money Amount);

/// <summary>What is known of an account: its supply, its invoices in the window, and what its meters said.</summary>
/// <param name="account">The account.</param>
/// <param name="months">How many months of readings can be kept, from January of the window's first year.</param>
internal sealed class AccountHistory(AccountNo account, int months)
{
    public AccountNo Account => account;

    /// <summary>The first day of the contract; null while nothing is known about the supply.</summary>
    public DateOnly? OpenedOn { get; set; }

    public decimal AreaM2 { get; set; }

    public decimal? HeightM { get; set; }

    public string? UseClass { get; set; }

    /// <summary>In order of period.</summary>
    public List<IssuedInvoice> Invoices { get; } = [];

    public Metered[] Months { get; } = months == 0 ? [] : new Metered[months];
}

/// <summary>
/// Rates an issued invoice twice: by the version that billed it, which tells whether the facts are still the same, and
/// by the document in question. Pure, and safe to share between threads.
/// </summary>
/// <param name="question">What is asked.</param>
/// <param name="billedBy">The versions that billed the invoices.</param>
internal sealed class Rerating(Question question, IReadOnlyDictionary<(PlanCode, int), PlanDocument> billedBy)
{
    private static readonly RatingRefusal SupplyUnknown = new(
        "supply-unknown", "Nothing is known about the account's supply.");
    private static readonly RatingRefusal NotYetOpened = new(
        Drafting.NotYetOpened.Code, Drafting.NotYetOpened.Message);

    private readonly int _firstMonth = question.From.Year * 12;

    public PlanDocument Draft => question.Draft;

    public PlanDocument Billing(IssuedInvoice invoice) => billedBy[(invoice.Plan, invoice.Version)];

    /// <summary>As it was billed, with the facts of today.</summary>
    public Rated Again(AccountHistory history, IssuedInvoice invoice) => Rate(Billing(invoice), history, invoice);

    /// <summary>As it would have been billed.</summary>
    public Rated Instead(AccountHistory history, IssuedInvoice invoice) => Rate(question.Draft, history, invoice);

    /// <summary>What the meters said in the invoice's month.</summary>
    public Metered MeteredIn(AccountHistory history, IssuedInvoice invoice) =>
        invoice.Period.IsSeason || history.Months.Length == 0
            ? default
            : history.Months[Question.MonthOf(invoice.Period) - _firstMonth];

    private Rated Rate(PlanDocument plan, AccountHistory history, IssuedInvoice invoice)
    {
        if (history.OpenedOn is not { } openedOn)
            return SupplyUnknown;
        var days = plan.DaysOf(invoice.Period);
        if (openedOn > days.Last)
            return NotYetOpened;
        var supply = RatingFacts.Supply(
            invoice.Class, openedOn, history.AreaM2, history.HeightM, history.UseClass);
        return plan.Rate(supply, plan.Utility == Utility.Heat
            ? RatingFacts.Heat(days, openedOn)
            : Electricity(plan, history, invoice, days));
    }

    private Usage Electricity(PlanDocument plan, AccountHistory history, IssuedInvoice invoice, DateRange days)
    {
        var metered = MeteredIn(history, invoice);
        // Without a reading there is nothing to rate, which is not the same as nothing used.
        return metered.Readings == 0
            ? new(days)
            : RatingFacts.Electricity(
                days, metered, RatingFacts.NeedYear(plan) ? YearBefore(history, invoice.Period) : null);
    }

    private long YearBefore(AccountHistory history, BillingPeriod period)
    {
        var (first, end, kwh) = (period.Year * 12 - _firstMonth, Question.MonthOf(period) - _firstMonth, 0L);
        for (var month = first; month < end; month++)
            kwh += history.Months[month].Kwh;
        return kwh;
    }
}
