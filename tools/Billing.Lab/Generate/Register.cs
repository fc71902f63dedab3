namespace Billing.Tools;

/// <summary>
/// The registers of an installed meter: they count up, are shown with two decimals, and restart at zero when they are
/// full.
/// </summary>
internal sealed class Register(MeterRow meter, Load load, decimal start)
{
    private readonly decimal _full = (decimal)Math.Pow(10, meter.Digits);
    private decimal _total = start;
    private decimal _peak = Cut(start * (decimal)load.PeakShare);
    private decimal _valley = Cut(start * (decimal)load.ValleyShare);

    public MeterRow Meter => meter;

    public Registers Shown => meter.TimeOfUse
        ? new(_total % _full, _peak % _full, _valley % _full)
        : new(_total % _full, null, null);

    /// <summary>A meter that has been in use for years.</summary>
    public static Register InUse(MeterRow meter, Load load, Chance chance)
    {
        var years = chance.Between(0.5, 11.0);
        var start = Cut((decimal)(Math.Max(load.MonthlyKwh, 20) * 12 * years / meter.Multiplier));
        return new(meter, load, Math.Min(start, (decimal)Math.Pow(10, meter.Digits) * 0.9m));
    }

    /// <summary>A meter that will roll over within the month.</summary>
    public static Register AlmostFull(MeterRow meter, Load load) => new(
        meter, load,
        (decimal)Math.Pow(10, meter.Digits) - Cut((decimal)(load.MonthlyKwh / meter.Multiplier * 0.3)) - 0.01m);

    /// <summary>Counts energy, kWh after the multiplier.</summary>
    public void Count(double kwh)
    {
        var steps = (decimal)kwh / meter.Multiplier;
        _total += Cut(steps);
        _peak += Cut(steps * (decimal)load.PeakShare);
        _valley += Cut(steps * (decimal)load.ValleyShare);
    }

    private static decimal Cut(decimal value) => decimal.Round(value, 2, MidpointRounding.ToZero);
}
