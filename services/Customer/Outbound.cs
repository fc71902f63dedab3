using Billing.Contracts;
using Billing.Platform;
using Published = Billing.Contracts.Customer;

namespace Billing.Customers;

/// <summary>
/// The events this service publishes: the complete public state of an account after each of its events, many per
/// message.
/// </summary>
public static class Outbound
{
    public static readonly OutboundMap Map = new OutboundMap()
        .Pack<AccountOpened, Published.AccountChanged, Published.AccountsChanged>(
            (e, origin) => Picture(e.Account, e.Contract, e.Electricity, e.Heat, e.Contract.OpenedOn, origin),
            items => new(items))
        .Pack<SupplyChanged, Published.AccountChanged, Published.AccountsChanged>(
            (e, origin) => Picture(e.Account, e.Contract, e.Electricity, e.Heat, e.ChangedOn, origin),
            items => new(items))
        .Pack<HolderCorrected, Published.AccountChanged, Published.AccountsChanged>(
            (e, origin) => Picture(e.Account, e.Contract, e.Electricity, e.Heat, e.Since, origin),
            items => new(items))
        .Pack<HolderErased, Published.AccountChanged, Published.AccountsChanged>(
            (e, origin) => Picture(e.Account, e.Contract, e.Electricity, e.Heat, e.Since, origin),
            items => new(items));

    private static Published.AccountChanged Picture(
        AccountNo account, Contract contract, ElectricitySupply? electricity, HeatSupply? heat, DateOnly since,
        Origin origin) => new(
        account, contract.Customer, contract.MaskedName, contract.Region, contract.Project, contract.Class,
        electricity is null
            ? null
            : new(electricity.Plan, electricity.Voltage, [.. electricity.Meters.Select(InPlace)]),
        heat is null ? null : new(heat.Plan, heat.BillingAreaM2, heat.StoreyHeightM, heat.UseClass, heat.Metered),
        contract.OpenedOn, origin, since);

    private static Published.Meter InPlace(Meter meter) =>
        new(meter.MeterNo, meter.Multiplier, meter.Digits, meter.TimeOfUse);
}
