using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;

namespace Billing.Customers;

/// <summary>
/// An electricity supply point as the contract describes it; two are equal when their plans, voltages and meters are.
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

    /// <summary>Why this is not a valid supply, or null.</summary>
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
