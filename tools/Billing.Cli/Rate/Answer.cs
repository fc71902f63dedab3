using Billing.Contracts;
using Billing.Rating;

namespace Billing.Tools;

/// <summary>The result of a case: bills, a penalty, a deadline, or a refusal.</summary>
/// <param name="Id">The case.</param>
/// <param name="Bills">One for each period; empty when the case is of another kind.</param>
/// <param name="Penalty">The penalty, or null.</param>
/// <param name="Suspension">Whether the application is accepted, and the last day on which it would be; or
/// null.</param>
/// <param name="Refusal">Why there is no penalty or deadline, or null.</param>
internal sealed record Answer(
    string Id, IReadOnlyList<RatedBill> Bills, PenaltyBill? Penalty, SuspensionAnswer? Suspension,
    RatingRefusal? Refusal)
{
    public bool IsRefused => Refusal is not null || Bills.Any(bill => bill.Refusal is not null);

    public static Answer To(RatingCase one, int index, IReadOnlyList<(PlanDocument Plan, DateOnly? Last)> versions)
    {
        var id = one.Id.Length > 0 ? one.Id : $"{index + 1}";
        if (one.Usages.Count > 0)
            return new(id, RatedBill.All(one, versions), null, null, null);
        var latest = versions.MaxBy(version => version.Plan.ValidFrom).Plan;
        if (one.Debt is { } debt)
        {
            RatingRefusal? refusal = RatingRefusal.NoPenalty;
            var penalty = latest.Penalty?.Accrue(debt, out refusal);
            return new(id, [], penalty, null, penalty is null ? refusal : null);
        }
        if (latest is not { Suspension: { } terms, Season: { } season })
            return new(id, [], null, null, RatingRefusal.NoSuspension);
        var days = season.BeginningIn(one.Season);
        return new(
            id, [], null, new(terms.Accepts(one.AppliedOn!.Value, days), terms.LastDay(days), days, terms), null);
    }
}

/// <summary>The result of an application for suspension.</summary>
internal sealed record SuspensionAnswer(bool Accepted, DateOnly? LastDay, DateRange Season, Suspension Terms);

/// <summary>One bill of a case with its explanation, or why there is none.</summary>
internal sealed record RatedBill(
    DateRange Period, Bill? Bill, IReadOnlyList<(BillLine Line, LineExplanation Words)> Lines, RatingRefusal? Refusal,
    string Currency)
{
    public static IReadOnlyList<RatedBill> All(
        RatingCase one, IReadOnlyList<(PlanDocument Plan, DateOnly? Last)> versions)
    {
        var currency = versions[0].Plan.Currency;
        var schedule = new PlanSchedule(versions);
        return [.. one.Rate(schedule).Zip(one.Usages, (rated, usage) => rated.Bill is { } bill
            ? new RatedBill(usage.Period, bill, [.. bill.Lines.Select(Explained)], null, currency)
            : new RatedBill(usage.Period, null, [], rated.Refusal, currency))];

        (BillLine, LineExplanation) Explained(BillLine line) => (line, schedule.Explain(line));
    }
}
