using Billing.Contracts;

namespace Billing.Rating;

/// <summary>
/// A heat price per square metre (rules.md H-1, H-4): for the season, a month or a day; for an area measured on a named
/// basis, increased for high rooms and certain uses; for the whole season or only for the heated part of it (rules.md
/// H-13, H-14).
/// </summary>
internal sealed record AreaPrice(
    decimal Price, AreaPer Per, Proration Proration, decimal AreaFactor, HeightSurcharge? Height,
    (string Use, decimal Factor)[] Uses, decimal? LossShare)
{
    /// <summary>The reason stated by lines at this price.</summary>
    public Label Reason { get; } = ReasonOf(Per, Height is not null, Uses.Length > 0);

    public static AreaPrice Read(PlanObject json)
    {
        var price = json.Price("price");
        var per = json.Choice("per", ("SEASON", AreaPer.Season), ("MONTH", AreaPer.Month), ("DAY", AreaPer.Day));
        // The basis names the area that the contract must state; only a rented area is converted (rules.md H-5).
        var rented = json.Choice(
            "basis", ("BUILDING", false), ("INNER", false), ("USABLE", false), ("BILLING", false), ("RENTED", true));
        var factor = 1m;
        if (rented)
            factor = json.Number("basisFactor", 0.01m, 10m);
        else if (json.Has("basisFactor") && !json.Failed("basis"))
            json.Fail("basisFactor", "only a RENTED area has a factor");
        var proration = json.Choice(
            "proration", ("BY_DAY", Proration.ByDay), ("NONE", Proration.None), ("BY_MONTH", Proration.ByMonth),
            ("BY_HALF_MONTH", Proration.ByHalfMonth));
        if (per == AreaPer.Day && proration is Proration.ByMonth or Proration.ByHalfMonth)
            json.Fail("proration", "a price per day is by days");
        var height = json.OptionalObject("height") is { } surcharge ? HeightSurcharge.Read(surcharge) : null;
        var uses = json.OptionalArray("useFactors", 50, (element, path, errors) =>
        {
            var one = new PlanObject(element, path, errors);
            var use = (one.Text("use"), one.Number("factor", 0m, 10m));
            one.Finish();
            return use;
        });
        for (var i = 0; i < uses.Length; i++)
        {
            if (System.Array.FindIndex(uses, other => other.Item1 == uses[i].Item1) < i)
                json.Fail($"useFactors[{i}].use", "is there twice");
        }
        var loss = json.OptionalNumber("stoppedShare", 0m, 1m);
        json.Finish();
        return new(price, per, proration, factor, height, uses, loss);
    }

    /// <summary>Computes the area of a supply, and the part of the season that is charged.</summary>
    public RatingRefusal? Measure(in BillBuilder bill, out AreaPart part)
    {
        part = default;
        var (usage, supply) = (bill.Usage, bill.Supply);
        if (supply.AreaM2 <= 0m)
            return RatingRefusal.AreaMissing;
        if (bill.Plan.Season!.Find(usage.Period, out var season) is { } refusal)
            return refusal;
        var heated = usage.Period.Intersect(season)!.Value;
        var factor = (Height?.Factor(supply) ?? 1m) * UseFactor(supply.UseClass);
        if (Per == AreaPer.Month)
            factor *= bill.Plan.Season.Months!.Value;
        var stopped = 0;
        foreach (var cut in usage.Interruptions.Disconnected)
            stopped += cut.Intersect(heated)?.Days ?? 0;
        var whole = Proration == Proration.None || usage.Interruptions.Suspended;
        var days = (whole ? season.Days : heated.Days) - stopped;
        part = new(supply.AreaM2 * AreaFactor, factor, Charged(days, season.Days), Charged(stopped, season.Days))
        {
            HeatedDays = days,
        };
        if (Proration is Proration.ByMonth or Proration.ByHalfMonth && !whole)
            part = part with { Charged = Months(bill.Plan.Season, season, heated) };
        return null;
    }

    /// <summary>The whole fee by area, yuan, not rounded.</summary>
    public decimal Fee(in AreaPart part) =>
        BillLine.Exact(part.AreaM2, Price, part.Factor, part.Charged.Times, part.Charged.Of);

    private Part Charged(int days, int of) => Per == AreaPer.Day ? new(days, 1) : Part.Days(days, of);

    /// <summary>
    /// The months charged, of those of the season, in halves: a supply that opens up to the 15th pays the whole month,
    /// a later one half of it or nothing (rules.md H-13 c).
    /// </summary>
    private Part Months(Season plan, DateRange season, DateRange heated)
    {
        var all = 2 * plan.Months!.Value;
        if (heated == season)
            return Part.Whole;
        var halves = 2 * (12 * (heated.Last.Year - heated.First.Year) + heated.Last.Month - heated.First.Month + 1);
        if (heated.First > season.First && heated.First.Day > 15)
            halves -= Proration == Proration.ByHalfMonth ? 1 : 2;
        return Part.Days(Math.Min(halves, all), all);
    }

    private decimal UseFactor(string? use)
    {
        foreach (var (known, factor) in Uses)
        {
            if (known == use)
                return factor;
        }
        return 1m;
    }

    private static Label ReasonOf(AreaPer per, bool height, bool uses)
    {
        var reason = per switch
        {
            AreaPer.Season => new Label("面积 × 采暖季单价", "area × price for the season"),
            AreaPer.Month => new("面积 × 月单价 × 月数", "area × price for a month × months"),
            _ => new("面积 × 日单价 × 天数", "area × price for a day × days"),
        };
        if (height)
            reason = new(reason.Zh + "(超高按系数)", reason.En + ", high rooms by their factor");
        return uses ? new(reason.Zh + "(用途按系数)", reason.En + ", uses by their factor") : reason;
    }
}

/// <summary>The period of an area price.</summary>
internal enum AreaPer
{
    Season,
    Month,
    Day,
}

/// <summary>How a supply is charged that existed for a part of the season only (rules.md H-13).</summary>
internal enum Proration
{
    ByDay,
    None,
    ByMonth,
    ByHalfMonth,
}

/// <summary>The area and the parts of the season: the figures multiplied with the price.</summary>
/// <param name="AreaM2">The billing area.</param>
/// <param name="Factor">The product of the factors for months, height and use.</param>
/// <param name="Charged">The part of the season that is charged in full.</param>
/// <param name="Disconnected">The part in which the supply was cut off.</param>
internal readonly record struct AreaPart(decimal AreaM2, decimal Factor, Part Charged, Part Disconnected)
{
    /// <summary>The number of days with heat.</summary>
    public int HeatedDays { get; init; }
}
