using Billing.Contracts;

namespace Billing.Rating;

/// <summary>
/// Versions of a plan that follow each other. A period in which the price changes is billed in slices, one for each
/// version; the quantities are divided as the later plan says: by days, or as they were read.
/// </summary>
public static class PlanTimeline
{
    /// <summary>What a supply owes under versions that are in force one after the other.</summary>
    /// <param name="versions">
    /// The versions, each with the last day on which it is in force or null while it is open; in any order.
    /// </param>
    /// <param name="supply">Facts about the supply.</param>
    /// <param name="usage">What was supplied and when.</param>
    public static Rated Rate(
        IEnumerable<(PlanDocument Plan, DateOnly? Last)> versions, SupplyFacts supply, Usage usage)
    {
        ArgumentNullException.ThrowIfNull(versions);
        ArgumentNullException.ThrowIfNull(supply);
        ArgumentNullException.ThrowIfNull(usage);
        var ordered = versions.OrderBy(version => version.Plan.ValidFrom).ToList();
        var slices = Slices(ordered, usage.Period);
        if (slices is null)
            return RatingRefusal.OutsideValidity;
        if (ordered.Count == 1)
            return ordered[0].Plan.Rate(supply, usage);
        if (FactChecks.Refuse(supply, usage) is { } wrong)
            return wrong;
        if (slices.Exists(slice => slice.Plan.Currency != slices[0].Plan.Currency))
            return RatingRefusal.CurrenciesDiffer;
        if (slices.Count == 1)
            return PlanDocument.Rate([(slices[0].Plan, usage)], supply, usage);
        var (split, used) = (slices[^1].Plan.Split, 0m as decimal?);
        var parts = new List<(PlanDocument Plan, Usage Usage)>();
        foreach (var (plan, days) in slices)
        {
            parts.Add((plan, usage with
            {
                Period = days,
                Whole = usage.Period,
                SplitBy = split,
                YearToDateKwh = usage.YearToDateKwh + used,
                ClosesYear = usage.ClosesYear && days.Last == usage.Period.Last,
            }));
            used += split.Of(usage, "total", Unit.Kwh, [days]);
        }
        return PlanDocument.Rate(parts, supply, usage);
    }

    /// <summary>What a line of a bill is called, why it is there, and its calculation.</summary>
    /// <param name="versions">The versions that the bill was rated by.</param>
    /// <param name="line">The line.</param>
    public static LineExplanation Explain(IEnumerable<(PlanDocument Plan, DateOnly? Last)> versions, BillLine line) =>
        versions.First(version => line.Version == 0
            ? version.Plan.Makes(line)
            : version.Plan.Version == line.Version).Plan.Explain(line);

    private static List<(PlanDocument Plan, DateRange Days)>? Slices(
        List<(PlanDocument Plan, DateOnly? Last)> versions, DateRange period)
    {
        var slices = new List<(PlanDocument, DateRange)>();
        var next = period.First;
        for (var i = 0; i < versions.Count; i++)
        {
            var (plan, last) = versions[i];
            var end = last ?? plan.ValidTo ?? DateOnly.MaxValue;
            if (i + 1 < versions.Count && versions[i + 1].Plan.ValidFrom.AddDays(-1) is var before && before < end)
                end = before;
            if (end < plan.ValidFrom || period.Intersect(new(plan.ValidFrom, end)) is not { } days)
                continue;
            if (days.First != next)
                return null;
            slices.Add((plan, days));
            next = days.Last < DateOnly.MaxValue ? days.Last.AddDays(1) : days.Last;
        }
        return slices.Count > 0 && slices[^1].Item2.Last == period.Last ? slices : null;
    }
}
