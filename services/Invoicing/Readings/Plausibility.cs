using Billing.Contracts;

namespace Billing.Invoicing;

/// <summary>
/// Flags implausible consumption, so that a wrong digit is found before it is billed. The reading is accepted all the
/// same: the run holds its account back until a person releases it.
/// </summary>
internal static class Plausibility
{
    /// <summary>The flags that a person should check.</summary>
    /// <param name="used">The consumption.</param>
    /// <param name="days">The number of days measured.</param>
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
    /// The meter's average consumption per day from its own history, or from that of the meters it replaced; null when
    /// they cover too few days.
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
