using Billing.Contracts;

namespace Billing.Invoicing;

/// <summary>
/// Whether a consumption is what one would expect, so that a slipped digit is found before it is billed. It is accepted
/// all the same: the run holds it back until a person released it.
/// </summary>
internal static class Plausibility
{
    /// <summary>What a person should look at.</summary>
    /// <param name="used">The consumption.</param>
    /// <param name="days">The days it took.</param>
    /// <param name="book">What is known of the account.</param>
    /// <param name="meter">The meter that was read.</param>
    public static List<ReadingFlag> FlagsOf(Consumption used, int days, MeterBook.Open book, MeterStay meter)
    {
        var (flags, limits) = (new List<ReadingFlag>(), book.Limits);
        if (used.RolledOver)
            flags.Add(ReadingFlag.RolledOver);
        if (used.Kwh == 0)
            flags.Add(ReadingFlag.Zero);
        if (DailyAverage(book, meter) is { } average)
        {
            var expected = average * days;
            if (used.Kwh > expected * limits.HighTimes && used.Kwh - expected > limits.RemarkableKwh)
                flags.Add(ReadingFlag.High);
            if (used.Kwh * limits.LowTimes < expected && expected - used.Kwh > limits.RemarkableKwh)
                flags.Add(ReadingFlag.Low);
        }
        else if (used.Kwh > limits.KwhPerDay[book.Class] * days && used.Kwh > limits.RemarkableKwh)
            flags.Add(ReadingFlag.High);
        return flags;
    }

    /// <summary>
    /// What the meter uses a day by its own history, or by that of the meters it came for; null when they tell too
    /// little.
    /// </summary>
    private static decimal? DailyAverage(MeterBook.Open book, MeterStay meter)
    {
        var predecessors = book.Meters.Where(stay => stay.To is { } gone && gone == meter.From).Select(s => s.MeterNo);
        var closings = predecessors.Prepend(meter.MeterNo).Distinct()
            .SelectMany(number => book.Past.GetValueOrDefault(number, []).Where(reading => reading.From is not null))
            .Take(MeterBook.Remembered).ToList();
        var days = closings.Sum(reading => reading.ReadOn.DayNumber - reading.From!.Value.DayNumber);
        return days < book.Limits.DaysForAverage ? null : closings.Sum(reading => (decimal)reading.Kwh!.Value) / days;
    }
}
