using Billing.Contracts;

namespace Billing.Rating;

/// <summary>
/// The versions of a plan by day: versions that follow each other, each in force until its last day or the day before
/// the next one begins. A period in which the price changes is billed in slices, one for each version; the quantities
/// are divided as the later plan says: by days, or as they were read.
/// </summary>
public sealed class PlanSchedule
{
    private readonly List<(PlanDocument Plan, DateRange? Days)> _versions;
    private readonly bool _always;

    /// <summary>Creates a schedule of versions with their last days.</summary>
    /// <param name="versions">
    /// At least one, each with the last day on which it is in force, inclusive, or null while it is open; in any order.
    /// </param>
    public PlanSchedule(params IReadOnlyList<(PlanDocument Plan, DateOnly? Last)> versions)
        : this(versions, always: false)
    {
    }

    private PlanSchedule(IReadOnlyList<(PlanDocument Plan, DateOnly? Last)> versions, bool always)
    {
        ArgumentNullException.ThrowIfNull(versions);
        ArgumentOutOfRangeException.ThrowIfZero(versions.Count);
        var ordered = versions.OrderBy(version => version.Plan.ValidFrom).ToList();
        _versions = [.. ordered.Select((version, i) => (version.Plan, DaysOf(
            version.Plan, version.Last, i + 1 < ordered.Count ? ordered[i + 1].Plan.ValidFrom : null)))];
        (_always, Versions, Last) = (always, [.. ordered.Select(version => version.Plan)], ordered[^1].Plan);
        NeedsYearToDate = Versions.Any(version => version.NeedsYearToDate);
        NotBillable = Versions.FirstOrDefault(version => version.Obstacles.Count > 0) is { } plan
            ? RatingRefusal.PlanNotBillable with
            {
                Message = $"Plan {plan.Code} version {plan.Version} cannot be billed: "
                    + $"{string.Join("; ", plan.Obstacles)}.",
            }
            : null;
    }

    /// <summary>
    /// Creates a schedule of versions already selected: a single one applies to any day, as when a draft is tried on
    /// earlier months; several follow each other.
    /// </summary>
    /// <param name="versions">At least one.</param>
    public static PlanSchedule Of(params IReadOnlyList<PlanDocument> versions)
    {
        ArgumentNullException.ThrowIfNull(versions);
        return new([.. versions.Select(version => (version, (DateOnly?)null))], always: versions.Count == 1);
    }

    /// <summary>The versions in order of their days.</summary>
    public IReadOnlyList<PlanDocument> Versions { get; }

    /// <summary>The version in force last; it defines how quantities are divided.</summary>
    public PlanDocument Last { get; }

    /// <summary>Whether a bill needs the consumption or charges before in the year.</summary>
    public bool NeedsYearToDate { get; }

    /// <summary>
    /// Why these versions cannot be billed, or null. This is the last check, whatever put them in force: amounts in
    /// another currency would be taken for fen.
    /// </summary>
    public RatingRefusal? NotBillable { get; }

    /// <summary>The days of a billing period.</summary>
    public DateRange DaysOf(BillingPeriod period) => Last.DaysOf(period);

    /// <summary>The days of a period on which the price changes: the first day of every later version.</summary>
    public IReadOnlyList<DateOnly> ChangesIn(DateRange days) =>
        [.. Versions.Skip(1).Select(version => version.ValidFrom).Where(day => days.First < day && day <= days.Last)];

    /// <summary>
    /// The versions that cover the days of a period, one after the other and without a gap; empty when there is no
    /// version on its last day, or a gap before it.
    /// </summary>
    public IReadOnlyList<PlanDocument> Covering(BillingPeriod period)
    {
        var last = _versions.FindLastIndex(version => version.Days?.Contains(version.Plan.DaysOf(period).Last) == true);
        if (last < 0)
            return [];
        var (first, begin) = (last, _versions[last].Plan.DaysOf(period).First);
        while (first > 0 && _versions[first].Days!.Value.First > begin
            && _versions[first - 1].Days is { } before && before.Last < _versions[first].Plan.ValidFrom
            && before.Last.AddDays(1) == _versions[first].Plan.ValidFrom)
            first--;
        return _versions[first].Days!.Value.First <= begin
            ? [.. _versions[first..(last + 1)].Select(version => version.Plan)]
            : [];
    }

    /// <summary>Rates a usage for a bill: refused when the versions cannot be billed.</summary>
    /// <param name="supply">Facts about the supply.</param>
    /// <param name="usage">The usage of the supply.</param>
    public Rated Bill(SupplyFacts supply, Usage usage) => NotBillable ?? Rate(supply, usage);

    /// <summary>Rates a usage.</summary>
    /// <param name="supply">Facts about the supply.</param>
    /// <param name="usage">The usage of the supply.</param>
    public Rated Rate(SupplyFacts supply, Usage usage)
    {
        ArgumentNullException.ThrowIfNull(supply);
        ArgumentNullException.ThrowIfNull(usage);
        if (_always)
            return Last.Rate(supply, usage);
        if (Slices(usage.Period) is not { } slices)
            return RatingRefusal.OutsideValidity;
        if (_versions.Count == 1)
            return Last.Rate(supply, usage);
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

    /// <summary>The name, the reason and the calculation of a line, from the version that made it.</summary>
    public LineExplanation Explain(BillLine line) => _always
        ? Last.Explain(line)
        : Versions.First(version => line.Version == 0 ? version.Makes(line) : version.Version == line.Version)
            .Explain(line);

    /// <summary>The days of a version; null when it is in force on no day.</summary>
    private static DateRange? DaysOf(PlanDocument plan, DateOnly? last, DateOnly? next)
    {
        var end = last ?? plan.ValidTo ?? DateOnly.MaxValue;
        if (next?.AddDays(-1) is { } before && before < end)
            end = before;
        return end < plan.ValidFrom ? null : new(plan.ValidFrom, end);
    }

    private List<(PlanDocument Plan, DateRange Days)>? Slices(DateRange period)
    {
        var slices = new List<(PlanDocument, DateRange)>();
        var next = period.First;
        foreach (var (plan, inForce) in _versions)
        {
            if (inForce is not { } range || period.Intersect(range) is not { } days)
                continue;
            if (days.First != next)
                return null;
            slices.Add((plan, days));
            next = days.Last < DateOnly.MaxValue ? days.Last.AddDays(1) : days.Last;
        }
        return slices.Count > 0 && slices[^1].Item2.Last == period.Last ? slices : null;
    }
}
