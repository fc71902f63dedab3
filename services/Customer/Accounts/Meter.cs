using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;

namespace Billing.Customers;

/// <summary>A meter in place.</summary>
/// <param name="MeterNo">The number on it; the default value for one that is malformed.</param>
/// <param name="Multiplier">PT ratio × CT ratio (rules.md E-21).</param>
/// <param name="Digits">Whole digits of the register (rules.md E-22).</param>
/// <param name="TimeOfUse">Whether it has peak and valley registers.</param>
public sealed record Meter(MeterNo MeterNo, decimal Multiplier, int Digits, bool TimeOfUse)
{
    public static readonly Rejection NumberInvalid = Rejection.Invalid(
        "meter-number-invalid", $"A meter number is {Contracts.MeterNo.Form}.");

    public static readonly Rejection MultiplierInvalid = Rejection.Invalid(
        "meter-multiplier-invalid", "A multiplier is more than 0 and at most 1,000,000 with at most 4 decimals.");

    public static readonly Rejection DigitsInvalid = Rejection.Invalid(
        "meter-digits-invalid", "A register has 4 to 9 digits.");

    internal static Meter From(InstalledMeter meter)
    {
        Contracts.MeterNo.TryParse(meter.MeterNo, null, out var number);
        return new(number, meter.Multiplier, meter.Digits, meter.TimeOfUse);
    }

    internal InstalledMeter ToWire() => new(MeterNo.Value, Multiplier, Digits, TimeOfUse);

    /// <summary>Why this is not a valid meter, or null.</summary>
    public Rejection? Check() =>
        MeterNo == default ? NumberInvalid
        : Multiplier is <= 0m or > 1_000_000m || Multiplier.Scale > 4 ? MultiplierInvalid
        : Digits is < 4 or > 9 ? DigitsInvalid
        : null;
}
