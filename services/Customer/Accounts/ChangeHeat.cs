using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Billing.Customers;

/// <summary>
/// Changes the heat supply of an account from a day on: the area was measured again, the plan changed, a heat meter was
/// installed, or heat is supplied for the first time. Like <see cref="ChangeElectricity"/>, it is refused when older
/// than the last change or in the future.
/// </summary>
/// <param name="Number">The account.</param>
/// <param name="Supply">The supply from that day on.</param>
/// <param name="ChangedOn">The day of the change.</param>
/// <param name="Plans">The published plans.</param>
/// <param name="Today">Today's business date.</param>
public sealed record ChangeHeat(
    AccountNo Number, HeatSupply Supply, DateOnly ChangedOn, PublishedPlans Plans, DateOnly Today)
    : ICommand<Account, AccountEvent>
{
    /// <inheritdoc/>
    public Rejection? Refuse() => Supply.Check();

    public Decision<AccountEvent> Decide(Account state) => state switch
    {
        _ when Refuse() is { } wrong => wrong,
        Account.Open open when Supply == open.Heat => [],
        Account.Open open when Supply.Plan != open.Heat?.Plan && open.CheckPlan(
            Plans, Supply.Plan, Utility.Heat, ChangedOn) is { } mistake => mistake,
        Account.Open open when open.IsToCome(ChangedOn, Today) => ChangeElectricity.InFuture,
        Account.Open open when ChangedOn < open.HeatSince => ChangeElectricity.Outdated,
        Account.Open open =>
            [new SupplyChanged(Number, open.Contract, Utility.Heat, ChangedOn, open.Electricity, Supply)],
        _ => ChangeElectricity.AccountUnknown,
    };
}

public static class ChangeHeatEndpoint
{
    public static void MapChangeHeat(this IEndpointRouteBuilder routes) =>
        routes.MapPut("/accounts/{account}/heat", Handle)
            .WithName(nameof(ChangeHeat)).RequireRight(Right.ChangeSupply)
            .WithSummary("Changes the heat supply of an account.")
            .Refuses(typeof(ChangeHeat), typeof(ChangeElectricity), typeof(HeatSupply), typeof(PublishedPlans));

    private static async Task<Results<Ok, ProblemHttpResult>> Handle(
        AccountNo account, ChangeHeatRequest body, EventStore store, NpgsqlDataSource source, TimeProvider clock,
        CancellationToken cancellation)
    {
        var supply = new HeatSupply(body.Plan, body.BillingAreaM2, body.StoreyHeightM, body.UseClass, body.Metered);
        var command = new ChangeHeat(
            account, supply, body.ChangedOn, await PublishedPlans.Of(source, [body.Plan], cancellation), clock.Today());
        var executed = await store.Execute(Account.Stream(account), command, cancellation);
        return executed.Rejection is { } rejection ? rejection.ToProblem() : TypedResults.Ok();
    }
}
