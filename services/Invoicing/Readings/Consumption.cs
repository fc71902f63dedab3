using Billing.Contracts;
using Billing.Contracts.Customer;
using Billing.Platform;

namespace Billing.Invoicing;

/// <summary>What a meter measured between two readings, or why the readings are impossible.</summary>
/// <param name="Kwh">Whole kWh after the multiplier, rounded half up (rules.md E-21).</param>
/// <param name="Peak">The peak part, or null.</param>
/// <param name="Valley">The valley part, or null.</param>
/// <param name="RolledOver">Whether a register rolled over.</param>
/// <param name="Refusal">The refusal, or null.</param>
public readonly record struct Consumption(long Kwh, long? Peak, long? Valley, bool RolledOver, Rejection? Refusal)
{
    /// <summary>
    /// A register counts as rolled over only when it was in its last tenth before and is in its first tenth now: any
    /// other decrease is a wrong reading or a wrong meter (rules.md E-22).
    /// </summary>
    private const decimal LastPart = 0.9m, FirstPart = 0.1m;

    /// <summary>Computes the consumption between two readings of the same meter.</summary>
    public static Consumption Between(PastReading before, AcceptReading after, Meter meter)
    {
        if (Used(before.Total, after.Total, meter.Digits, out var rolled) is not { } total)
            return new(0, null, null, false, AcceptReading.Backwards);
        if (!meter.TimeOfUse)
            return new(Whole(total * meter.Multiplier), null, null, rolled, null);

        // The values of the part registers when they were added are not known, and are not assumed to be zero.
        if (before is not { Peak: { } peakBefore, Valley: { } valleyBefore })
            return new(0, null, null, false, AcceptReading.RegistersUnread);
        var peak = Used(peakBefore, after.Peak!.Value, meter.Digits, out var peakRolled);
        var valley = Used(valleyBefore, after.Valley!.Value, meter.Digits, out var valleyRolled);
        if (peak is not { } inPeak || valley is not { } inValley)
            return new(0, null, null, false, AcceptReading.Backwards);
        if (inPeak + inValley > total)
            return new(0, null, null, false, AcceptReading.RegistersExceedTotal);
        // The total has priority (rules.md E-23): rounding three registers separately must not make two of them exceed
        // the third.
        var kwh = Whole(total * meter.Multiplier);
        var peakKwh = Math.Min(Whole(inPeak * meter.Multiplier), kwh);
        var valleyKwh = Math.Min(Whole(inValley * meter.Multiplier), kwh - peakKwh);
        return new(kwh, peakKwh, valleyKwh, rolled || peakRolled || valleyRolled, null);
    }

    /// <summary>
    /// The consumption of a register, before the multiplier; null when it decreased without rolling over.
    /// </summary>
    public static decimal? Used(decimal before, decimal after, int digits, out bool rolledOver)
    {
        rolledOver = false;
        if (after >= before)
            return after - before;
        var capacity = Capacity(digits);
        if (before < capacity * LastPart || after > capacity * FirstPart)
            return null;
        rolledOver = true;
        return capacity - before + after;
    }

    /// <summary>The first number that does not fit on the register.</summary>
    public static decimal Capacity(int digits)
    {
        var capacity = 1m;
        for (var i = 0; i < digits; i++)
            capacity *= 10m;
        return capacity;
    }

    private static long Whole(decimal kwh) =>
        decimal.ToInt64(decimal.Round(kwh, 0, MidpointRounding.AwayFromZero));
}
