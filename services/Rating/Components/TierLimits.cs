using System.Globalization;
using Billing.Contracts;

namespace Billing.Rating;

/// <summary>
/// The upper limits of the tiers for one bill: those of the plan, scaled to the period and the supply.
/// </summary>
internal sealed class TierLimits
{
    private readonly decimal[] _limits;
    private readonly Per _per;
    private readonly bool _byMonths;
    private readonly (string Category, decimal PerMonth)[] _extras;
    private readonly string? _perUnitOf;
    private readonly string? _shareOf;
    private readonly Unit _unit;

    private TierLimits(
        decimal[] limits, Per per, bool byMonths, (string, decimal)[] extras, string? perUnitOf, string? shareOf,
        Unit unit)
    {
        (_limits, _per, _byMonths, _extras) = (limits, per, byMonths, extras);
        (_perUnitOf, _shareOf, _unit) = (perUnitOf, shareOf, unit);
    }

    private enum Per
    {
        Bill,
        Month,
        Day,
        Year,
    }

    /// <summary>Whether tiers count from 1 January.</summary>
    public bool IsYearly => _per == Per.Year;

    public static TierLimits Read(PlanObject json, Tier[] tiers, Unit unit)
    {
        var per = json.Choice(
            "period", ("MONTH", Per.Month), ("YEAR", Per.Year), ("DAY", Per.Day), ("BILL", Per.Bill));
        var midYear = json.Has("midYear")
            ? json.Choice("midYear", ("BY_MONTHS", true), ("WHOLE", false))
            : per == Per.Year;
        if (per != Per.Year && json.Has("midYear") && !json.Failed("period"))
            json.Fail("midYear", "is only for tiers by the year");
        if (per == Per.Year && unit != Unit.Kwh)
            json.Fail("unit", "cannot be: tiers by the year count kWh");
        var extras = json.OptionalArray("extras", 10, (element, path, errors) =>
        {
            var extra = new PlanObject(element, path, errors);
            var read = (extra.Text("for"), extra.Number("perMonth", 0m, 1_000_000m));
            extra.Finish();
            return read;
        });
        return new(
            System.Array.ConvertAll(tiers, tier => tier.UpTo ?? decimal.MaxValue), per, midYear, extras,
            json.Has("perUnitOf") ? json.Name("perUnitOf") : null, json.Has("shareOf") ? json.Name("shareOf") : null,
            unit);
    }

    /// <summary>Computes the factor and the addend of a bill's limits, and how much of them has been used.</summary>
    public RatingRefusal? Scale(in BillBuilder bill, decimal total, Part part, out Scaling scale)
    {
        var usage = bill.Usage;
        (var factor, var extraMonths, var used) = _per switch
        {
            // A demand does not grow with the length of the period: months and days are in its price.
            _ when !_unit.AddsUp() && (_unit != Unit.Each || _per != Per.Month) => (1m, 1m, 0m),
            Per.Bill => ((decimal)bill.Slice.Times / bill.Slice.Of, bill.Months, 0m),
            Per.Day => (bill.Days, bill.Months, 0m),
            Per.Year => (MonthsOfYear(in bill) / 12m, MonthsOfYear(in bill), usage.YearToDateKwh ?? -1m),
            _ => ((decimal)usage.Months * part.Times / part.Of, (decimal)usage.Months * part.Times / part.Of, 0m),
        };
        scale = default;
        if (used < 0m)
            return RatingRefusal.YearMissing;
        if (_perUnitOf is not null)
        {
            if (bill.Quantity(_perUnitOf, Unit.Kw) is not { } units)
                return bill.Missing(_perUnitOf);
            factor *= units;
        }
        if (_shareOf is not null)
        {
            if (bill.Quantity(_shareOf, Unit.Kwh) is not { } whole)
                return bill.Missing(_shareOf);
            factor = whole == 0m ? 0m : factor * total / whole;
        }
        var extra = 0m;
        foreach (var (category, perMonth) in _extras)
        {
            if (bill.Supply.Is(category))
                extra += perMonth * extraMonths;
        }
        scale = new(factor, extra, used);
        return null;
    }

    /// <summary>
    /// The upper limit of a tier for one bill, to six decimals, less what was used before in the year.
    /// </summary>
    public decimal At(int tier, in Scaling scale) => Math.Max(
        0m,
        decimal.Round(_limits[tier] * scale.Factor + scale.Extra, 6, MidpointRounding.AwayFromZero) - scale.Used);

    /// <summary>The range of a tier, for people.</summary>
    public Label Reason(Tier[] tiers, int i, Unit unit)
    {
        var (zh, en) = _per switch
        {
            Per.Year => ("每年", "yearly"),
            Per.Day => ("每日", "daily"),
            Per.Bill => ("每期", "the period's"),
            _ => ("每月", "monthly"),
        };
        var symbol = _perUnitOf is null ? unit.Symbol() : $"{unit.Symbol()}/{_perUnitOf}";
        var from = Plain(i == 0 ? 0m : tiers[i - 1].UpTo ?? 0m);
        var reason = tiers[i].UpTo is { } upTo
            ? new Label($"{zh}超过 {from} 至 {Plain(upTo)} {symbol} 的部分",
                $"{en} use above {from} up to {Plain(upTo)} {symbol}")
            : new($"{zh}超过 {from} {symbol} 的部分", $"{en} use above {from} {symbol}");
        foreach (var (category, perMonth) in _extras)
        {
            reason = new(
                $"{reason.Zh}({category} 每月另加 {Plain(perMonth)})",
                $"{reason.En} ({category}: {Plain(perMonth)} more a month)");
        }
        return reason;
    }

    /// <summary>
    /// The months of the year that have a quota: all twelve, or from the month in which the household got it (rules.md
    /// E-5: opened in July, 6 of 12).
    /// </summary>
    private int MonthsOfYear(in BillBuilder bill) =>
        _byMonths && bill.Supply.QuotaSince is { } since && since.Year == bill.Usage.Period.Last.Year
            ? 13 - since.Month
            : 12;

    private static string Plain(decimal number) => number.ToString("0.######", CultureInfo.InvariantCulture);

    /// <summary>How the limits of one bill are computed from those of the plan.</summary>
    internal readonly record struct Scaling(decimal Factor, decimal Extra, decimal Used);
}
