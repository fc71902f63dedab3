using System.Diagnostics;
using Billing.Contracts;
using Billing.Platform;

namespace Billing.Customers;

/// <summary>A contract account (户): one place of supply, its holder, and what is supplied there.</summary>
public abstract record Account
{
    public sealed record None : Account;

    /// <summary>
    /// An open account. The opening is kept beside the present contract and supply, so that the same opening is
    /// recognised after a correction or a meter exchange.
    /// </summary>
    public sealed record Open(
        AccountOpened Opening, Contract Contract, ElectricitySupply? Electricity, DateOnly ElectricitySince,
        HeatSupply? Heat, DateOnly HeatSince) : Account
    {
        /// <summary>
        /// Whether a change with this day is still in the future and so too early. The first day of a contract that has
        /// not begun is allowed, because nothing is billed before it.
        /// </summary>
        public bool IsToCome(DateOnly day, DateOnly today) => day > today && day > Contract.OpenedOn;

        /// <summary>The refusal of a plan for the account, or null when it may change to it.</summary>
        public Rejection? CheckPlan(PublishedPlans plans, PlanCode plan, Utility utility, DateOnly day) =>
            plans.Check(plan, utility, Contract.Class, day, day);

        /// <summary>The event that the facts about the holder were corrected.</summary>
        internal HolderCorrected Corrected(string maskedName, string reason) => new(
            Opening.Account, Contract with { MaskedName = maskedName }, Since, Electricity, Heat, reason);

        /// <summary>The event that the personal data of the holder was erased.</summary>
        internal HolderErased Erased(string reason) => new(
            Opening.Account, Contract with { MaskedName = Mask.Erased }, Since, Electricity, Heat, reason);

        private DateOnly Since => ElectricitySince > HeatSince ? ElectricitySince : HeatSince;
    }

    public static readonly StreamType<Account, AccountEvent> Streams = new(
        "account", new None(), Evolve,
        AccountList.Project, AccountList.Accounts);

    public static StreamName<Account, AccountEvent> Stream(AccountNo account) => Streams.Named(account.Value);

    private static Account Evolve(Account state, AccountEvent @event) => (state, @event) switch
    {
        (None, AccountOpened e) => new Open(
            e, e.Contract, e.Electricity, e.Contract.OpenedOn, e.Heat, e.Contract.OpenedOn),
        (Open open, SupplyChanged { Changed: Utility.Electricity } e) =>
            open with { Electricity = e.Electricity, ElectricitySince = e.ChangedOn },
        (Open open, SupplyChanged { Changed: Utility.Heat } e) => open with { Heat = e.Heat, HeatSince = e.ChangedOn },
        (Open open, HolderCorrected e) => open with { Contract = e.Contract },
        (Open open, HolderErased e) => open with { Contract = e.Contract },
        _ => throw new UnreachableException($"{@event.GetType().Name} cannot follow {state.GetType().Name}."),
    };
}
