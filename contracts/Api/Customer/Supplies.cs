namespace Billing.Contracts.Api;

/// <summary>An electricity supply point as the contract describes it.</summary>
/// <param name="Plan">The price plan.</param>
/// <param name="Voltage">The voltage class, such as <c>&lt;1kV</c>.</param>
/// <param name="Meters">The meters in place.</param>
public sealed record ElectricitySupplyPoint(PlanCode Plan, string Voltage, IReadOnlyList<InstalledMeter> Meters);

/// <summary>A meter in place.</summary>
/// <param name="MeterNo">The number on it.</param>
/// <param name="Multiplier">PT ratio × CT ratio (rules.md E-21), more than 0.</param>
/// <param name="Digits">Whole digits of the register (rules.md E-22), 4 to 9.</param>
/// <param name="TimeOfUse">Whether it has peak and valley registers.</param>
public sealed record InstalledMeter(string MeterNo, decimal Multiplier, int Digits, bool TimeOfUse);

/// <summary>A heat supply point as the contract describes it.</summary>
/// <param name="Plan">The price plan.</param>
/// <param name="BillingAreaM2">The billing area, m² (rules.md H-5).</param>
/// <param name="StoreyHeightM">The storey height, m, or null when it is ordinary.</param>
/// <param name="UseClass">The use class on the contract.</param>
/// <param name="Metered">Whether heat is metered and billed in two parts.</param>
public sealed record HeatSupplyPoint(
    PlanCode Plan, decimal BillingAreaM2, decimal? StoreyHeightM, string UseClass, bool Metered);

/// <summary>
/// Changes the electricity supply of an account from a day on; the values given replace the present ones.
/// </summary>
/// <param name="ChangedOn">The day of the change, inclusive; not after today.</param>
/// <param name="Plan">The price plan from that day on.</param>
/// <param name="Voltage">The voltage class.</param>
/// <param name="Meters">The meters in place.</param>
public sealed record ChangeElectricityRequest(
    DateOnly ChangedOn, PlanCode Plan, string Voltage, IReadOnlyList<InstalledMeter> Meters);

/// <summary>Changes the heat supply of an account from a day on; the values given replace the present ones.</summary>
/// <param name="ChangedOn">The day of the change, inclusive; not after today.</param>
/// <param name="Plan">The price plan from that day on.</param>
/// <param name="BillingAreaM2">The billing area, m².</param>
/// <param name="StoreyHeightM">The storey height, m, or null when it is ordinary.</param>
/// <param name="UseClass">The use class on the contract.</param>
/// <param name="Metered">Whether heat is metered and billed in two parts.</param>
public sealed record ChangeHeatRequest(
    DateOnly ChangedOn, PlanCode Plan, decimal BillingAreaM2, decimal? StoreyHeightM, string UseClass, bool Metered);
