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

/// <summary>An account was opened. The address is personal data, sealed under the holder's key.</summary>
[StoredAs("account-opened.v2")]
public sealed record AccountOpened(
    AccountNo Account, Contract Contract, Sealed Address, ElectricitySupply? Electricity, HeatSupply? Heat)
    : AccountEvent;

/// <summary>
/// The supply was changed: a meter was exchanged, a plan or an area changed, or a supply was added. Both supplies as
/// they are afterwards.
/// </summary>
[StoredAs("supply-changed.v1")]
public sealed record SupplyChanged(
    AccountNo Account, Contract Contract, Utility Changed, DateOnly ChangedOn, ElectricitySupply? Electricity,
    HeatSupply? Heat) : AccountEvent;

/// <summary>The facts about the holder were corrected; the masked name is the new one.</summary>
/// <param name="Account">The account.</param>
/// <param name="Contract">The contract as it is afterwards.</param>
/// <param name="Since">The day of the last change of a supply.</param>
/// <param name="Electricity">The electricity supply, unchanged.</param>
/// <param name="Heat">The heat supply, unchanged.</param>
/// <param name="Reason">The reason of the correction.</param>
[StoredAs("holder-corrected.v1")]
public sealed record HolderCorrected(
    AccountNo Account, Contract Contract, DateOnly Since, ElectricitySupply? Electricity, HeatSupply? Heat,
    string Reason) : AccountEvent;

/// <summary>The personal data of the holder was erased; the masked name is a neutral mark.</summary>
/// <param name="Account">The account.</param>
/// <param name="Contract">The contract as it is afterwards.</param>
/// <param name="Since">The day of the last change of a supply.</param>
/// <param name="Electricity">The electricity supply, unchanged.</param>
/// <param name="Heat">The heat supply, unchanged.</param>
/// <param name="Reason">The reason of the erasure.</param>
[StoredAs("holder-erased.v1")]
public sealed record HolderErased(
    AccountNo Account, Contract Contract, DateOnly Since, ElectricitySupply? Electricity, HeatSupply? Heat,
    string Reason) : AccountEvent;
