using Billing.Contracts;

namespace Billing.Rating;

/// <summary>
/// The refund for days without supply (rules.md H-16): for each day, a day's share of the lines that charge the heated
/// days. Whether an outage counts depends on its hours, or on the number of days in all.
/// </summary>
public sealed class HeatOutage : PlanComponent
{
    private readonly LineSet _of;
    private readonly decimal _hours;
    private readonly int? _cumulatedDays;
    private readonly LineTemplate _line;

    private HeatOutage(ComponentHead head, LineSet of, decimal hours, int? cumulatedDays)
        : base(head)
    {
        (_of, _hours, _cumulatedDays) = (of, hours, cumulatedDays);
        _line = head.Line(Unit.Yuan, -1m, new("停供天数退费", "refund for the days without supply"));
        Lines = [_line];
    }

    internal override Utility? Utility => Contracts.Utility.Heat;

    internal override Prices Prices => Prices.Outages;

    internal override LineTemplate[] Lines { get; }

    internal static HeatOutage Read(PlanObject json, ComponentHead head, IReadOnlyList<PlanComponent> above) => new(
        head, LineSet.Read(json, above), json.OptionalNumber("hours", 0m, 8784m) ?? 0m,
        json.OptionalWhole("cumulatedDays", 0, 366));

    private protected override RatingRefusal? Add(ref BillBuilder bill)
    {
        var (counted, all) = (0, 0);
        if (HeatedDays.Of(in bill, out var heated) is { } refusal)
            return refusal;
        foreach (var outage in bill.Usage.Interruptions.Outages)
        {
            if (outage.Days.Intersect(heated.Range) is not { } days)
                continue;
            all += days.Days;
            if ((outage.Hours ?? 24m * outage.Days.Days) >= _hours)
                counted += days.Days;
        }
        if (_cumulatedDays is { } enough && all > enough)
            counted = all;
        if (counted > 0)
            bill.Add(_line, bill.SumOf(_of), 1m, new(counted, heated.Days));
        return null;
    }
}

/// <summary>
/// The days for which a season fee was charged, from which a day's fee is computed. A day's fee is never rounded
/// (H-21).
/// </summary>
/// <param name="Range">The supplied days in the season.</param>
/// <param name="Days">How many of them were charged.</param>
internal readonly record struct HeatedDays(DateRange Range, int Days)
{
    public static RatingRefusal? Of(in BillBuilder bill, out HeatedDays heated)
    {
        heated = default;
        AreaPrice? area = null;
        foreach (var component in bill.Plan.Components)
            area ??= component.Applies(bill.Supply) ? component.Area : null;
        if (area is null)
            return RatingRefusal.AreaMissing;
        if (area.Measure(in bill, out var part) is { } refusal)
            return refusal;
        _ = bill.Plan.Season!.Find(bill.Usage.Period, out var season);
        heated = new(bill.Usage.Period.Intersect(season)!.Value, part.HeatedDays);
        return heated.Days > 0 ? null : RatingRefusal.OutsideSeason;
    }
}
