using Billing.Contracts;

namespace Billing.Rating;

/// <summary>
/// Tiers (阶梯): the price per unit rises with the quantity. A boundary belongs to the tier below it (rules.md E-3).
/// Tiers count per bill, month, day or calendar year, for any register, energy or demand.
/// </summary>
public sealed class Tiers : PlanComponent
{
    private readonly Measured _measured;
    private readonly TierLimits _limits;
    private readonly Method _method;
    private readonly PartMonth _partMonth;
    private readonly LineTemplate[] _tiers;
    private readonly LineTemplate?[] _fixed;

    private Tiers(
        ComponentHead head, Measured measured, TierLimits limits, Method method, PartMonth partMonth, Tier[] tiers)
        : base(head)
    {
        (_measured, _limits, _method, _partMonth) = (measured, limits, method, partMonth);
        _tiers = new LineTemplate[tiers.Length];
        _fixed = new LineTemplate?[tiers.Length];
        for (var i = 0; i < tiers.Length; i++)
        {
            var name = new Label($"第{i + 1}档", $"tier {i + 1}");
            var reason = limits.Reason(tiers, i, measured.Unit);
            if (method == Method.Increment)
                reason = reason.With("在原电价上加价", "added to the price paid already");
            _tiers[i] = head.Line(measured.Unit, tiers[i].Price, reason, $"tier{i + 1}", name);
            if (tiers[i].Fixed is { } amount)
                _fixed[i] = head.Line(
                    Unit.Month, amount, new("用量所在档的固定费", "the fixed fee of the tier that was reached"),
                    $"fixed{i + 1}", name);
        }
        Lines = [.. _tiers, .. _fixed.OfType<LineTemplate>()];
    }

    private enum Method
    {
        /// <summary>Each part of the quantity at the price of its tier.</summary>
        Split,

        /// <summary>Tiers are increments on a price from another component (rules.md E-4).</summary>
        Increment,

        /// <summary>The whole quantity at the price of the tier it reaches.</summary>
        Whole,
    }

    internal override LineTemplate[] Lines { get; }

    internal override bool NeedsYearToDate => _limits.IsYearly;

    internal override (string Member, string Message)? Obstacle(PlanDocument plan) =>
        !_limits.IsYearly ? null
        : plan.Utility != Contracts.Utility.Electricity ? ("period", "no year of heat is counted")
        : !_measured.IsTotal ? ("register", "a run knows how much of total the year used, of nothing else")
        : null;

    internal static Tiers Read(PlanObject json, ComponentHead head)
    {
        var method = json.Choice(
            "method", ("SPLIT", Method.Split), ("INCREMENT", Method.Increment), ("WHOLE", Method.Whole));
        var tiers = json.Array("tiers", 20, Tier.Read);
        Tier.Check(tiers, json);
        if (method == Method.Increment && tiers.Length > 0 && tiers[0].Price != 0m)
            json.Fail("tiers[0].price", "must be 0: by increments the first tier adds nothing");
        var measured = Measured.Read(json);
        var limits = TierLimits.Read(json, tiers, measured.Unit);
        if (limits.IsYearly && head.Window is not null)
            json.Fail("window", "cannot be: annual tiers apply all year");
        return new(head, measured, limits, method, PartMonths.Read(json), tiers);
    }

    private protected override RatingRefusal? Add(ref BillBuilder bill)
    {
        if (_measured.Find(in bill, out var found) is { } refusal)
            return refusal;
        if (found is not { } total)
            return null;
        var part = _partMonth.Of(in bill);
        if (_limits.Scale(in bill, total, part, out var scale) is { } unknown)
            return unknown;
        var months = _measured.MonthsOf(in bill);
        var demandPart = _measured.Unit.AddsUp() ? Part.Whole : part;
        var (below, reached) = (0m, 0);
        for (var i = 0; i < _tiers.Length; i++)
        {
            var limit = i == _tiers.Length - 1 ? total : Math.Min(total, _limits.At(i, in scale));
            var inTier = limit - below;
            if (inTier > 0m)
                reached = i;
            // The first tier is shown even at zero consumption, so that a bill of a metered supply always shows the
            // consumption.
            if (_method != Method.Whole && (inTier > 0m || (i == 0 && total == 0m)) &&
                (i > 0 || _method == Method.Split))
                bill.Add(_tiers[i], inTier, months, demandPart);
            below = Math.Max(below, limit);
        }
        if (_method == Method.Whole)
            bill.Add(_tiers[reached], total, months, demandPart);
        if (_fixed[reached] is { } charge)
            bill.Add(charge, bill.Usage.Months, 1m, part);
        return null;
    }
}

/// <summary>A tier: an upper limit, or none; a price per unit, and optionally a fixed fee when it is reached.</summary>
internal sealed record Tier(decimal? UpTo, decimal Price, decimal? Fixed)
{
    public static Tier Read(System.Text.Json.JsonElement element, string path, List<PlanError> errors)
    {
        var json = new PlanObject(element, path, errors);
        var tier = new Tier(
            json.OptionalNumber("upTo", 0m, 1_000_000_000m), json.SignedPrice("price"),
            json.OptionalNumber("fixed", 0m, 1_000_000m));
        json.Finish();
        return tier;
    }

    public static void Check(Tier[] tiers, PlanObject json)
    {
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
    }
}
