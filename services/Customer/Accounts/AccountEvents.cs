using Billing.Contracts;
using Billing.Platform;

namespace Billing.Customers;

/// <summary>
/// What every event of an account repeats, because what others see of an account is always the whole.
/// </summary>
/// <param name="Customer">The holder.</param>
/// <param name="MaskedName">The holder's name as others may see it.</param>
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

/// <summary>A contract began. The address is personal and stays in this service.</summary>
[StoredAs("account-opened.v1")]
public sealed record AccountOpened(
    AccountNo Account, Contract Contract, string Address, ElectricitySupply? Electricity, HeatSupply? Heat)
    : AccountEvent;

/// <summary>
/// A meter was exchanged, a plan or an area changed, a supply was added. Both supplies as they are afterwards.
/// </summary>
[StoredAs("supply-changed.v1")]
public sealed record SupplyChanged(
    AccountNo Account, Contract Contract, Utility Changed, DateOnly ChangedOn, ElectricitySupply? Electricity,
    HeatSupply? Heat) : AccountEvent;
