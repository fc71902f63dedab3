using Billing.Contracts;

namespace Billing.Rating;

/// <summary>
/// Checks of facts before they are rated: limits that keep every product of valid figures far within 64 bits of fen,
/// and days that are consistent.
/// </summary>
internal static class FactChecks
{
    public static RatingRefusal? Refuse(SupplyFacts supply, Usage usage) =>
        !InRange(supply.AreaM2) || supply.AreaM2 > 10_000_000m || supply.HeightM is < 0m or > 100m ||
            !AllInRange(supply.Quantities) || !AreInRange(usage) || usage.Months is < 1 or > 24
            ? RatingRefusal.QuantityOutOfRange
        : supply.HeatFactor is { } factor && (factor is <= 0m or > 10m || factor.Scale > 10)
            ? RatingRefusal.FactorOutOfRange
        : usage.Prepaid < Money.Zero ? RatingRefusal.PrepaidNegative
        : usage.Cycle is { } cycle && (!cycle.Contains(usage.Period.First) || !cycle.Contains(usage.Period.Last))
            ? RatingRefusal.OutsideCycle
        : usage.Parts.Count > 0 && !MakeUp(usage) ? RatingRefusal.PartsDoNotAddUp
        : usage.Interruptions != Interruptions.None ? Refuse(usage.Interruptions)
        : null;

    private static RatingRefusal? Refuse(Interruptions happened)
    {
        foreach (var spell in happened.Cold)
        {
            if (spell.Celsius is < -50m or > 60m || !InRange(spell.AffectedM2) || !InRange(spell.Hours))
                return RatingRefusal.QuantityOutOfRange;
        }
        foreach (var one in happened.Sealed)
        {
            if (!InRange(one.Kva))
                return RatingRefusal.QuantityOutOfRange;
        }
        foreach (var outage in happened.Outages)
        {
            if (!InRange(outage.Hours))
                return RatingRefusal.QuantityOutOfRange;
        }
        // Two transformers may be sealed on the same day, so those are not checked.
        return Overlap([.. happened.Disconnected]) || Overlap([.. happened.Outages.Select(outage => outage.Days)]) ||
            Overlap([.. happened.Cold.Select(spell => spell.Days)])
            ? RatingRefusal.InterruptionsOverlap
            : null;
    }

    /// <summary>Whether two of the ranges share a day.</summary>
    public static bool Overlap(DateRange[] ranges)
    {
        System.Array.Sort(ranges, (left, right) => left.First.CompareTo(right.First));
        for (var i = 1; i < ranges.Length; i++)
        {
            if (ranges[i].First <= ranges[i - 1].Last)
                return true;
        }
        return false;
    }

    /// <summary>
    /// Whether the parts follow each other from the first to the last day, and add up to the known quantities.
    /// </summary>
    private static bool MakeUp(Usage usage)
    {
        var period = usage.Whole ?? usage.Period;
        var (next, total, complete) = (period.First, 0m, true);
        foreach (var part in usage.Parts)
        {
            if (part.Period.First != next || part.Parts.Count > 0)
                return false;
            next = part.Period.Last.AddDays(1);
            total += part.TotalKwh ?? 0m;
            complete &= part.TotalKwh is not null;
        }
        return next == period.Last.AddDays(1) && (!complete || usage.TotalKwh is null || total == usage.TotalKwh);
    }

    private static bool AreInRange(Usage usage)
    {
        foreach (var part in usage.Parts)
        {
            if (!AreInRange(part))
                return false;
        }
        return InRange(usage.TotalKwh) && InRange(usage.PeakKwh) && InRange(usage.ValleyKwh) &&
            InRange(usage.HeatKwh) && InRange(usage.HeatGj) && InRange(usage.YearToDateKwh) &&
            InRange(usage.YearToDateCharges) && InRange(usage.YearToDateNet) &&
            (usage.YearToDateLines is null || usage.YearToDateLines.Values.All(amount => InRange(amount))) &&
            AllInRange(usage.Registers);
    }

    private static bool AllInRange(IReadOnlyDictionary<string, decimal> quantities)
    {
        if (quantities.Count == 0)
            return true;
        foreach (var (_, quantity) in quantities)
        {
            if (!InRange(quantity))
                return false;
        }
        return true;
    }

    private static bool InRange(Money? amount) =>
        amount is not { Fen: > 100_000_000_000_000 or < -100_000_000_000_000 };

    private static bool InRange(decimal? quantity) =>
        quantity is not { } value || (value >= 0m && value <= 10_000_000_000m && value.Scale <= 6);
}
