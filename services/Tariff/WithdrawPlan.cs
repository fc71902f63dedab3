using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Billing.Tariffs;

/// <summary>
/// Withdraws a published version: it bills nobody from now on; who decided it, and why, is recorded. A version that it
/// had superseded stays ended: what follows it is a decision about prices, which is drafted and published as one.
/// </summary>
/// <param name="Plan">The plan.</param>
/// <param name="Version">The version.</param>
/// <param name="Reason">Why, for people.</param>
/// <param name="By">The person who decides it.</param>
public sealed record WithdrawPlan(PlanCode Plan, int Version, string Reason, string By)
    : ICommand<PricePlan, PricePlanEvent>
{
    private const int LongestReason = 400;

    public static readonly Rejection ReasonInvalid = Rejection.Invalid(
        "plan-withdrawal-reason-invalid", "A reason is 1 to 400 characters, one of them visible.");

    public static readonly Rejection NotPublished = Rejection.Conflict(
        "plan-version-not-published", "Only a published version can be withdrawn.");

    public static readonly Rejection WithdrawnOtherwise = Rejection.Conflict(
        "plan-version-withdrawn-otherwise", "This version was withdrawn for another reason.");

    /// <inheritdoc/>
    public Rejection? Refuse() => Reasons.IsGiven(Reason, LongestReason) ? null : ReasonInvalid;

    public Decision<PricePlanEvent> Decide(PricePlan state) => state[Version] switch
    {
        _ when Refuse() is { } wrong => wrong,
        null => PricePlan.VersionUnknown,
        PlanVersion.Drafted => NotPublished,
        PlanVersion.Withdrawn known => known.Reason == Reason ? [] : WithdrawnOtherwise,
        { } version => [new PlanWithdrawn(Plan, Version, Reason, By, version.Document)],
    };
}

public static class WithdrawPlanEndpoint
{
    public static void MapWithdrawPlan(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/plans/{plan}/versions/{version:int}/withdraw", Handle)
            .WithName(nameof(WithdrawPlan)).RequireRight(Right.WithdrawPlan)
            .WithSummary("Withdraws a published plan version.")
            .Refuses(typeof(WithdrawPlan)).Refuses(PricePlan.VersionUnknown);

    private static async Task<Results<Ok, ProblemHttpResult>> Handle(
        PlanCode plan, int version, WithdrawPlanRequest body, EventStore store, CancellationToken cancellation)
    {
        var command = new WithdrawPlan(plan, version, body.Reason, Actor.Current.By);
        var executed = await store.Execute(PricePlan.Stream(plan), command, cancellation);
        return executed.Rejection is { } rejection ? rejection.ToProblem() : TypedResults.Ok();
    }
}
