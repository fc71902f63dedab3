namespace Billing.Contracts.Customer;

/// <summary>Accounts were opened or their supply changed; one message carries many.</summary>
/// <param name="Items">The facts, at most some hundreds.</param>
public sealed record AccountsChanged(IReadOnlyList<AccountChanged> Items);

/// <summary>
/// The complete public state of one account after an event. Of two states the one with the larger
/// <see cref="Origin.Order"/> is the newer.
/// </summary>
/// <param name="Account">The account.</param>
/// <param name="Customer">The contract holder.</param>
/// <param name="MaskedName">The holder's name as a bank may show it, such as 张* (rules.md I-9); never the full
/// name.</param>
/// <param name="Region">The supply region, such as 海淀区.</param>
/// <param name="Project">The residential compound or site (小区), such as 阳光花园.</param>
/// <param name="Class">The customer's class.</param>
/// <param name="Electricity">The electricity supply, or null.</param>
/// <param name="Heat">The heat supply, or null.</param>
/// <param name="OpenedOn">The first day of the contract.</param>
/// <param name="Origin">The event.</param>
/// <param name="Since">The day from which the supplies are as given, inclusive: the first day of the contract or the
/// day of the change. A meter in the previous state but not in this one was taken down on this day. Null in messages
/// from before this member existed.</param>
public sealed record AccountChanged(
    AccountNo Account,
    CustomerNo Customer,
    string MaskedName,
    Region Region,
    Project Project,
    CustomerClass Class,
    ElectricitySupply? Electricity,
    HeatSupply? Heat,
    DateOnly OpenedOn,
    Origin Origin,
    DateOnly? Since = null);

/// <summary>An electricity supply point and its meters.</summary>
/// <param name="Plan">The price plan.</param>
/// <param name="Voltage">The supply voltage class, such as <c>&lt;1kV</c> or <c>10kV</c>.</param>
/// <param name="Meters">The meters in place, at least one.</param>
public sealed record ElectricitySupply(PlanCode Plan, string Voltage, IReadOnlyList<Meter> Meters);

/// <summary>A meter in place.</summary>
/// <param name="MeterNo">The number on the meter.</param>
/// <param name="Multiplier">PT ratio × CT ratio (rules.md E-21); 1 for a direct meter, more than zero.</param>
/// <param name="Digits">Whole digits of the register, for roll-over (rules.md E-22); 4 to 9.</param>
/// <param name="TimeOfUse">Whether the meter has peak and valley registers beside the total.</param>
public sealed record Meter(MeterNo MeterNo, decimal Multiplier, int Digits, bool TimeOfUse);

/// <summary>A heat supply point.</summary>
/// <param name="Plan">The price plan.</param>
/// <param name="BillingAreaM2">The billing area, m², more than zero (rules.md H-5).</param>
/// <param name="StoreyHeightM">The storey height, m, or null when it is ordinary.</param>
/// <param name="UseClass">The use class on the contract, such as 住宅 or 商铺.</param>
/// <param name="Metered">Whether heat is metered and billed in two parts.</param>
public sealed record HeatSupply(
    PlanCode Plan, decimal BillingAreaM2, decimal? StoreyHeightM, string UseClass, bool Metered);
