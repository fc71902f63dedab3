using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;

namespace Billing.Customers;

/// <summary>
/// An electricity supply point as the contract describes it; two are equal when plan, voltage and meters are.
/// </summary>
/// <param name="Plan">The price plan.</param>
/// <param name="Voltage">The voltage class, such as <c>&lt;1kV</c>.</param>
/// <param name="Meters">The meters in place.</param>
public sealed record ElectricitySupply(PlanCode Plan, string Voltage, IReadOnlyList<Meter> Meters)
{
    private const int MostMeters = 20;

    public static readonly Rejection PlanInvalid = Rejection.Invalid(
        "electricity-plan-invalid", $"The electricity plan is {PlanCode.Form}.");

    public static readonly Rejection VoltageInvalid = Rejection.Invalid(
        "electricity-voltage-invalid", "A voltage class is 1 to 16 characters, such as <1kV or 10kV.");

    public static readonly Rejection MetersInvalid = Rejection.Invalid(
        "electricity-meters-invalid", "An electricity supply has 1 to 20 meters, each of them once.");

    internal static ElectricitySupply? From(ElectricitySupplyPoint? point) =>
        point is null ? null : new(point.Plan, point.Voltage, [.. point.Meters.Select(Meter.From)]);

    internal ElectricitySupplyPoint ToWire() => new(Plan, Voltage, [.. Meters.Select(meter => meter.ToWire())]);

    /// <summary>Why this cannot be a supply, or null.</summary>
    public Rejection? Check() =>
        Plan.Value.Length == 0 ? PlanInvalid
        : !PlainText.IsValid(Voltage, 16) ? VoltageInvalid
        : Meters.Count is 0 or > MostMeters ? MetersInvalid
        : Meters.Select(meter => meter.Check()).FirstOrDefault(mistake => mistake is not null)
            ?? (Meters.DistinctBy(meter => meter.MeterNo).Count() < Meters.Count ? MetersInvalid : null);

    /// <inheritdoc/>
    public bool Equals(ElectricitySupply? other) =>
        other is not null && Plan == other.Plan && Voltage == other.Voltage && Meters.SequenceEqual(other.Meters);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Plan, Voltage, Meters.Count);
}

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

    /// <summary>Why this cannot be a meter, or null.</summary>
    public Rejection? Check() =>
        MeterNo == default ? NumberInvalid
        : Multiplier is <= 0m or > 1_000_000m || Multiplier.Scale > 4 ? MultiplierInvalid
        : Digits is < 4 or > 9 ? DigitsInvalid
        : null;
}

/// <summary>A heat supply point as the contract describes it.</summary>
/// <param name="Plan">The price plan.</param>
/// <param name="BillingAreaM2">The billing area, m² (rules.md H-5).</param>
/// <param name="StoreyHeightM">The storey height, m, or null when it is ordinary.</param>
/// <param name="UseClass">The use class on the contract.</param>
/// <param name="Metered">Whether heat is metered and billed in two parts.</param>
public sealed record HeatSupply(
    PlanCode Plan, decimal BillingAreaM2, decimal? StoreyHeightM, string UseClass, bool Metered)
{
    public static readonly Rejection PlanInvalid = Rejection.Invalid(
        "heat-plan-invalid", $"The heat plan is {PlanCode.Form}.");

    public static readonly Rejection AreaInvalid = Rejection.Invalid(
        "heat-area-invalid", "A billing area is more than 0 and at most 10,000,000 m² with at most 4 decimals.");

    public static readonly Rejection HeightInvalid = Rejection.Invalid(
        "heat-height-invalid", "A storey height is more than 0 and at most 100 m with at most 4 decimals.");

    public static readonly Rejection UseClassInvalid = Rejection.Invalid(
        "heat-use-class-invalid", "A use class is 1 to 32 characters.");

    internal static HeatSupply? From(HeatSupplyPoint? point) => point is null
        ? null
        : new(point.Plan, point.BillingAreaM2, point.StoreyHeightM, point.UseClass, point.Metered);

    internal HeatSupplyPoint ToWire() => new(Plan, BillingAreaM2, StoreyHeightM, UseClass, Metered);

    /// <summary>Why this cannot be a supply, or null.</summary>
    public Rejection? Check() =>
        Plan.Value.Length == 0 ? PlanInvalid
        : BillingAreaM2 is <= 0m or > 10_000_000m || BillingAreaM2.Scale > 4 ? AreaInvalid
        : StoreyHeightM is <= 0m or > 100m || StoreyHeightM?.Scale > 4 ? HeightInvalid
        : !PlainText.IsValid(UseClass, 32) ? UseClassInvalid
        : null;
}
