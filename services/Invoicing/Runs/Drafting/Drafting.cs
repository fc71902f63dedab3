using Billing.Contracts;
using Billing.Platform;
using Billing.Rating;

namespace Billing.Invoicing;

/// <summary>The terms of a run, the same for every account.</summary>
/// <param name="Run">The run.</param>
/// <param name="Utility">The utility billed.</param>
/// <param name="Period">The billing period.</param>
/// <param name="IssuedOn">Day of issue.</param>
/// <param name="DueOn">Due date.</param>
public sealed record DraftTerms(RunName Run, Utility Utility, BillingPeriod Period, DateOnly IssuedOn, DateOnly DueOn);

/// <summary>The result for one account: a draft, an exception, or a draft that a person has to check first.</summary>
/// <param name="Invoice">The invoice without its number, or null.</param>
/// <param name="Exception">Why a person has to check it, or null; the code is stable.</param>
public readonly record struct Outcome(InvoiceIssued? Invoice, Rejection? Exception);

/// <summary>Makes the draft of one account. Pure: the same basis and plan give the same invoice.</summary>
public static class Drafting
{
    public static readonly Rejection PlanMissing = Rejection.Conflict(
        "plan-missing", "The account's plan has no versions in force for the whole period.");
    public static readonly Rejection SupplyEnded = Rejection.Conflict(
        "supply-ended", "The account no longer has this supply.");
    public static readonly Rejection NotYetOpened = Rejection.Conflict(
        "not-yet-opened", "The account was opened after the period.");
    public static readonly Rejection AmountZero = Rejection.Conflict(
        "amount-zero", "There is nothing to pay; no invoice is issued.");
    public static readonly Rejection AmountNegative = Rejection.Conflict(
        "amount-negative", "The bill is less than nothing.");
    public static readonly Rejection AmountTooLarge = Rejection.Conflict(
        "amount-too-large", "The bill is over 900,000,000 yuan; put the readings or the price right.");
    public static readonly Rejection SeveralPayers = Rejection.Conflict(
        "several-payers", "Somebody else pays a part of this bill; a run can bill the whole of it to one payer only.");
    public static readonly Rejection RatingFault = Rejection.Conflict(
        "rating-fault", "The bill of this account could not be computed.");
    public static readonly Rejection RolledOver = Rejection.Conflict(
        "usage-rolled-over", "A register passed its last digit; compare with the meter.");
    public static readonly Rejection High = Rejection.Conflict(
        "usage-high", "Far more was used than this meter's own average, or than is usual while it has none.");
    public static readonly Rejection Low = Rejection.Conflict(
        "usage-low", "Far less was used than this meter's own average.");

    /// <summary>
    /// The largest amount of a bill, inclusive. The largest factories pay half of it a month, and as many bills as a
    /// period has numbers for, 99,999,999, still add up in 64 bits, so that no account's mistake can spoil the sums of
    /// others.
    /// </summary>
    public static readonly Money Most = new(900_000_000_00);

    /// <summary>Makes the draft of one account.</summary>
    /// <param name="terms">The terms of the run.</param>
    /// <param name="basis">The basis of the account.</param>
    /// <param name="plan">The pinned versions of the plan, or null when there are none.</param>
    /// <param name="last">The last reading of a meter that the period's own readings do not settle, or null.</param>
    public static Outcome Draft(
        DraftTerms terms, BillingBasis basis, PlanSchedule? plan, Func<MeterNo, LastReading?> last)
    {
        if (basis.Plan is null)
            return new(null, SupplyEnded);
        if (plan is null)
            return new(null, PlanMissing);
        var days = plan.DaysOf(terms.Period);
        if (basis.OpenedOn > days.Last)
            return new(null, NotYetOpened);
        if (terms.Utility == Utility.Electricity && MetersRead.Missing(basis, terms.Period, last) is { } missing)
            return new(null, missing);

        var closings = basis.Readings.FindAll(reading => reading.From is not null);
        var rated = plan.Bill(
            RatingFacts.Supply(basis.Class, basis.OpenedOn, basis.AreaM2, basis.HeightM, basis.UseClass),
            UsageOf(terms, basis, plan, closings, days));
        if (!rated.IsBill)
            return new(null, Rejection.Conflict(rated.Refusal.Code, rated.Refusal.Message));
        if (Unbillable(rated.Bill) is { } unbillable)
            return new(null, unbillable);
        return new(
            InvoiceOf(terms, basis, plan.Last, rated.Bill, closings),
            MetersRead.Twice(basis) ?? Remarkable(closings));
    }

    /// <summary>
    /// Why a run issues no invoice for a bill, or null. A bill's total is what the customer owes only when no other
    /// payer owes a part of it (rules.md H-19) and nothing of it was billed before.
    /// </summary>
    public static Rejection? Unbillable(Bill bill) =>
        bill.Due != bill.Total ? SeveralPayers
        : bill.Total.IsZero ? AmountZero
        : bill.Total < Money.Zero ? AmountNegative
        : bill.Total > Most ? AmountTooLarge
        : null;

    private static Usage UsageOf(
        DraftTerms terms, BillingBasis basis, PlanSchedule plan, List<PeriodReading> closings, DateRange days)
    {
        if (terms.Utility == Utility.Heat)
            return RatingFacts.Heat(days, basis.OpenedOn);
        var metered = new Metered();
        foreach (var closing in closings)
            metered.Add(closing.Kwh, closing.Peak, closing.Valley, closing.Months);
        var usage = RatingFacts.Electricity(days, metered, basis.YearSoFar(terms.Period));
        return plan.ChangesIn(days) is { Count: > 0 } changes
            ? usage with { Parts = RatingFacts.Parts(days, changes, closings) }
            : usage;
    }

    private static InvoiceIssued InvoiceOf(
        DraftTerms terms, BillingBasis basis, PlanDocument plan, Bill bill, List<PeriodReading> closings) => new(
        default, basis.Account, terms.Utility, terms.Period, basis.Class, basis.Region, basis.Project, bill.Total,
        bill.Net, bill.Tax, plan.Code, plan.Version, bill.Lines,
        closings.Count == 0
            ? []
            : [.. closings.Select(c => new Used(c.Meter, c.From!.Value, c.ReadOn, c.Kwh, c.Peak, c.Valley))],
        terms.IssuedOn, terms.DueOn, terms.Run);

    private static Rejection? Remarkable(List<PeriodReading> closings)
    {
        foreach (var closing in closings)
        {
            if (closing.Flags.Length == 0)
                continue;
            if (closing.Flags.Contains(nameof(ReadingFlag.RolledOver), StringComparison.Ordinal))
                return RolledOver;
            if (closing.Flags.Contains(nameof(ReadingFlag.High), StringComparison.Ordinal))
                return High;
            if (closing.Flags.Contains(nameof(ReadingFlag.Low), StringComparison.Ordinal))
                return Low;
        }
        return null;
    }
}
