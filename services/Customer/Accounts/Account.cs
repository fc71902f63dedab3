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
