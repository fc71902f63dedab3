using Billing.Contracts;

namespace Billing.Rating;

/// <summary>
/// A heat price per square metre (rules.md H-1, H-4): for the season, a month or a day; of an area measured on a named
/// basis; for the whole season or only for the heated days in it (rules.md H-13, H-14).
/// </summary>
internal sealed record AreaPrice(decimal Price, AreaPer Per, bool ByDay, decimal AreaFactor)
{
    /// <summary>The reason that lines at this price give.</summary>
    public Label Reason { get; } = Per switch
    {
        AreaPer.Season => new("面积 × 采暖季单价", "area × price for the season"),
        AreaPer.Month => new("面积 × 月单价 × 月数", "area × price for a month × months"),
        _ => new("面积 × 日单价 × 天数", "area × price for a day × days"),
    };

    public static AreaPrice Read(PlanObject json)
    {
        var price = json.Price("price");
        var per = json.Choice("per", ("SEASON", AreaPer.Season), ("MONTH", AreaPer.Month), ("DAY", AreaPer.Day));
        // The basis says which area the contract must state; only a rented area is converted (rules.md H-5).
        var rented = json.Choice(
            "basis", ("BUILDING", false), ("INNER", false), ("USABLE", false), ("BILLING", false), ("RENTED", true));
        var factor = 1m;
        if (rented)
            factor = json.Number("basisFactor", 0.01m, 10m);
        else if (json.Has("basisFactor"))
            json.Fail("basisFactor", "only a RENTED area has a factor");
        var byDay = json.Choice("proration", ("BY_DAY", true), ("NONE", false));
        json.Finish();
        return new(price, per, byDay, factor);
    }

    /// <summary>Measures a supply: which area, and which part of the season.</summary>
    public RatingRefusal? Measure(in BillBuilder bill, out AreaPart part)
    {
        part = default;
        if (bill.Supply.AreaM2 <= 0m)
            return RatingRefusal.AreaMissing;
        if (bill.Plan.Season!.Find(bill.Usage.Period, out var season) is { } refusal)
            return refusal;
        var days = ByDay ? bill.Usage.Period.Intersect(season)!.Value.Days : season.Days;
        var (times, of) = Per == AreaPer.Day ? (days, 1) : days == season.Days ? (1, 1) : (days, season.Days);
        part = new(
            bill.Supply.AreaM2 * AreaFactor, Per == AreaPer.Month ? bill.Plan.Season.Months!.Value : 1m, times, of);
        return null;
    }

    /// <summary>The whole fee by area.</summary>
    public Money Fee(in AreaPart part) =>
        Money.FromYuan(BillLine.Exact(part.AreaM2, Price, part.Months, part.Times, part.Of));
}

/// <summary>What an area price is for.</summary>
internal enum AreaPer
{
    Season,
    Month,
    Day,
}

/// <summary>An area during a part of a season: the figures beside the price.</summary>
internal readonly record struct AreaPart(decimal AreaM2, decimal Months, int Times, int Of);
