using Billing.Contracts;
using Billing.Platform;

namespace Billing.Customers;

/// <summary>
/// The part that every event of an account repeats, because the public fact is always its complete state.
/// </summary>
/// <param name="Customer">The holder.</param>
/// <param name="MaskedName">The holder's name, masked.</param>
/// <param name="Region">The supply region.</param>
/// <param name="Project">The compound or site (小区).</param>
/// <param name="Class">The holder's class.</param>
/// <param name="OpenedOn">The first day of the contract.</param>
public sealed record Contract(
    CustomerNo Customer, string MaskedName, Region Region, Project Project, CustomerClass Class, DateOnly OpenedOn);

public abstract record AccountEvent
{
    private protected AccountEvent()
    {
    }
}

/// <summary>An account was opened. The address is personal data and stays in this service.</summary>
[StoredAs("account-opened.v1")]
public sealed record AccountOpened(
    AccountNo Account, Contract Contract, string Address, ElectricitySupply? Electricity, HeatSupply? Heat)
    : AccountEvent;

/// <summary>
/// The supply was changed: a meter was exchanged, a plan or an area changed, or a supply was added. Both supplies as
/// they are afterwards.
/// </summary>
[StoredAs("supply-changed.v1")]
public sealed record SupplyChanged(
    AccountNo Account, Contract Contract, Utility Changed, DateOnly ChangedOn, ElectricitySupply? Electricity,
    HeatSupply? Heat) : AccountEvent;
