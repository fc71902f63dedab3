using System.Diagnostics;
using Billing.Contracts;
using Billing.Platform;

namespace Billing.Customers;

/// <summary>A contract account (户): one place, its holder, and what is supplied there.</summary>
public abstract record Account
{
    public sealed record None : Account;

    /// <summary>
    /// The opening is kept beside what is supplied now, so that the same opening is recognised after a meter exchange.
    /// </summary>
    public sealed record Open(
        AccountOpened Opening, ElectricitySupply? Electricity, DateOnly ElectricitySince, HeatSupply? Heat,
        DateOnly HeatSince) : Account
    {
        /// <summary>
        /// Whether a change of this day would be told too early. What holds from the first day of a contract that has
        /// not begun is not: nothing is billed before it.
        /// </summary>
        public bool IsToCome(DateOnly day, DateOnly today) => day > today && day > Opening.Contract.OpenedOn;

        /// <summary>Why the account cannot go over to a plan, or null.</summary>
        public Rejection? CheckPlan(PublishedPlans plans, PlanCode plan, Utility utility, DateOnly day) =>
            plans.Check(plan, utility, Opening.Contract.Class, day, day);
    }

    public static readonly StreamType<Account, AccountEvent> Streams = new(
        "account", new None(), Evolve,
        AccountList.Project, AccountList.Accounts);

    public static StreamName<Account, AccountEvent> Stream(AccountNo account) => Streams.Named(account.Value);

    private static Account Evolve(Account state, AccountEvent @event) => (state, @event) switch
    {
        (None, AccountOpened e) => new Open(e, e.Electricity, e.Contract.OpenedOn, e.Heat, e.Contract.OpenedOn),
        (Open open, SupplyChanged { Changed: Utility.Electricity } e) =>
            open with { Electricity = e.Electricity, ElectricitySince = e.ChangedOn },
        (Open open, SupplyChanged { Changed: Utility.Heat } e) => open with { Heat = e.Heat, HeatSince = e.ChangedOn },
        _ => throw new UnreachableException($"{@event.GetType().Name} cannot follow {state.GetType().Name}."),
    };
}

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
