using System.Globalization;
using System.Text.Json;
using Billing.Contracts;

namespace Billing.Rating;

/// <summary>
/// Tiers (阶梯电价): the more a household uses in the period, the more the next kWh costs. A boundary belongs to the
/// tier below it (rules.md E-3). By <c>SPLIT</c> each tier has its own price; by <c>INCREMENT</c> the tiers only add to
/// a price from another component, the one way that works when time of use meets tiers (rules.md E-4).
/// </summary>
public sealed class EnergyTiers : PlanComponent
{
    private readonly decimal[] _limits;
    private readonly decimal _largeHouseholdExtra;
    private readonly int _firstCharged;

    private EnergyTiers(string id, Label label, bool increment, Tier[] tiers, decimal largeHouseholdExtra)
        : base(id, label)
    {
        _largeHouseholdExtra = largeHouseholdExtra;
        _firstCharged = increment ? 1 : 0;
        _limits = Array.ConvertAll(tiers, tier => tier.UpTo ?? decimal.MaxValue);
        Lines = new LineTemplate[tiers.Length];
        for (var i = 0; i < tiers.Length; i++)
        {
            var name = label.With($"第{i + 1}档", $"tier {i + 1}");
            Lines[i] = new($"{id}.tier{i + 1}", name, Reason(tiers, i, increment), Unit.Kwh, tiers[i].Price);
        }
    }

    private sealed record Tier(decimal? UpTo, decimal Price)
    {
        public static Tier Read(JsonElement element, string path, List<PlanError> errors)
        {
            var json = new PlanObject(element, path, errors);
            decimal? upTo = json.Has("upTo") ? json.Number("upTo", 0m, 1_000_000_000m) : null;
            var tier = new Tier(upTo, json.Price("price"));
            json.Finish();
            return tier;
        }
    }

    internal override Utility Utility => Utility.Electricity;

    internal override LineTemplate[] Lines { get; }

    internal static EnergyTiers Read(PlanObject json, string id, Label label)
    {
        json.Choice("period", ("MONTH", 0));
        var increment = json.Choice("method", ("SPLIT", false), ("INCREMENT", true));
        var tiers = json.Array("tiers", 20, Tier.Read);
        for (var i = 0; i < tiers.Length; i++)
        {
            var below = i == 0 ? 0m : tiers[i - 1].UpTo ?? 0m;
            if (i == tiers.Length - 1 && tiers[i].UpTo is not null)
                json.Fail($"tiers[{i}].upTo", "the last tier is open: leave upTo out");
            else if (i < tiers.Length - 1 && tiers[i].UpTo is null)
                json.Fail($"tiers[{i}].upTo", "is missing: only the last tier is open");
            else if (tiers[i].UpTo <= below)
                json.Fail($"tiers[{i}].upTo", "must be more than the tier below");
        }
        if (increment && tiers.Length > 0 && tiers[0].Price != 0m)
            json.Fail("tiers[0].price", "must be 0: by increments the first tier adds nothing");
        var extra = json.Has("largeHouseholdExtra") ? json.Number("largeHouseholdExtra", 0m, 1_000_000m) : 0m;
        return new(id, label, increment, tiers, extra);
    }

    internal override RatingRefusal? Rate(ref BillBuilder bill)
    {
        if (bill.Usage.TotalKwh is not { } total)
            return RatingRefusal.TotalMissing;
        var extra = bill.Supply.LargeHousehold ? _largeHouseholdExtra : 0m;
        var below = 0m;
        for (var i = 0; i < _limits.Length; i++)
        {
            var limit = i == _limits.Length - 1 ? total : (_limits[i] + extra) * bill.Usage.Months;
            var inTier = Math.Min(total, limit) - below;
            // The first tier is shown even for a vacant flat: a bill with a meter says what the meter said.
            if (i >= _firstCharged && (inTier > 0m || i == 0))
                bill.Add(Lines[i], inTier);
            if (total <= limit)
                break;
            below = limit;
        }
        return null;
    }

    private static Label Reason(Tier[] tiers, int i, bool increment)
    {
        var from = Plain(i == 0 ? 0m : tiers[i - 1].UpTo ?? 0m);
        var (zh, en) = tiers[i].UpTo is { } upTo
            ? ($"每月超过 {from} 至 {Plain(upTo)} kWh 的部分", $"monthly use above {from} up to {Plain(upTo)} kWh")
            : ($"每月超过 {from} kWh 的部分", $"monthly use above {from} kWh");
        return increment ? new(zh + ",在原电价上加价", en + ", added to the price paid already") : new(zh, en);
    }

    private static string Plain(decimal number) => number.ToString("0.######", CultureInfo.InvariantCulture);
}
