using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Billing.Customers;

/// <summary>
/// Changes the electricity supply of an account from a day on: a meter was exchanged, the plan or the voltage changed,
/// or electricity is supplied for the first time. A change older than the last one is refused, so that a late
/// repetition cannot undo a newer change. So is one with a future day: Invoicing receives it at once and would price
/// the days before it by it, too.
/// </summary>
/// <param name="Number">The account.</param>
/// <param name="Supply">The supply from that day on.</param>
/// <param name="ChangedOn">The day of the change.</param>
/// <param name="Plans">The published plans.</param>
/// <param name="Today">Today's business date.</param>
public sealed record ChangeElectricity(
    AccountNo Number, ElectricitySupply Supply, DateOnly ChangedOn, PublishedPlans Plans, DateOnly Today)
    : ICommand<Account, AccountEvent>
{
    public static readonly Rejection AccountUnknown = Rejection.NotFound(
        "account-unknown", "There is no account with this number.");

    public static readonly Rejection Outdated = Rejection.Conflict(
        "supply-change-outdated", "The supply was opened or changed after this day.");

    public static readonly Rejection InFuture = Rejection.Invalid(
        "change-in-future", "A change is told on its day or afterwards; this day is still to come.");

    /// <inheritdoc/>
    public Rejection? Refuse() => Supply.Check();

    public Decision<AccountEvent> Decide(Account state) => state switch
    {
        _ when Refuse() is { } wrong => wrong,
        Account.Open open when Supply == open.Electricity => [],
        Account.Open open when Supply.Plan != open.Electricity?.Plan && open.CheckPlan(
            Plans, Supply.Plan, Utility.Electricity, ChangedOn) is { } mistake => mistake,
        Account.Open open when open.IsToCome(ChangedOn, Today) => InFuture,
        Account.Open open when ChangedOn < open.ElectricitySince => Outdated,
        Account.Open open =>
            [new SupplyChanged(Number, open.Contract, Utility.Electricity, ChangedOn, Supply, open.Heat)],
        _ => AccountUnknown,
    };
}

public static class ChangeElectricityEndpoint
{
    public static void MapChangeElectricity(this IEndpointRouteBuilder routes) =>
        routes.MapPut("/accounts/{account}/electricity", Handle)
            .WithName(nameof(ChangeElectricity)).RequireRight(Right.ChangeSupply)
            .WithSummary("Changes the electricity supply of an account.")
            .Refuses(
                typeof(ChangeElectricity), typeof(ElectricitySupply), typeof(Meter), typeof(PublishedPlans));

    private static async Task<Results<Ok, ProblemHttpResult>> Handle(
        AccountNo account, ChangeElectricityRequest body, EventStore store, NpgsqlDataSource source, TimeProvider clock,
        CancellationToken cancellation)
    {
        var command = new ChangeElectricity(
            account, new(body.Plan, body.Voltage, [.. body.Meters.Select(Meter.From)]), body.ChangedOn,
            await PublishedPlans.Of(source, [body.Plan], cancellation), clock.Today());
        var executed = await store.Execute(Account.Stream(account), command, cancellation);
        return executed.Rejection is { } rejection ? rejection.ToProblem() : TypedResults.Ok();
    }
}
