using Billing.Contracts;
using Billing.Platform;
using Billing.Rating;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Billing.Tariffs;

/// <summary>
/// Publishes a drafted version: it is in force on its days. From then on invoices may be based on it, so no two
/// published versions of a plan share a day, and it takes two people: the author of the document cannot publish it. A
/// version that begins later than one in force, and lasts at least as long, supersedes it: the earlier one ends the day
/// before. A version that a run could not bill, for example with prices in another currency, is refused.
/// </summary>
/// <param name="Plan">The plan.</param>
/// <param name="Version">The version.</param>
/// <param name="By">The person who publishes it.</param>
public sealed record PublishPlan(PlanCode Plan, int Version, string By) : ICommand<PricePlan, PricePlanEvent>
{
    public static readonly Rejection SamePerson = Rejection.Conflict(
        "plan-approval-same-person", "Whoever wrote this version last cannot publish it; somebody else has to.");

    public static readonly Rejection ValidityOverlaps = Rejection.Conflict(
        "plan-validity-overlaps",
        "Another published version is valid on some of these days; a successor begins later and does not end earlier.");

    public static readonly Rejection WithdrawnForGood = Rejection.Conflict(
        "plan-version-withdrawn", "A withdrawn version does not come back; write a new version.");

    public static readonly Rejection NotBillable = Rejection.Invalid(
        "plan-not-billable", "The document says what a billing run cannot bill; see errors.");

    public Decision<PricePlanEvent> Decide(PricePlan state) => state[Version] switch
    {
        null => PricePlan.VersionUnknown,
        PlanVersion.Published => [],
        PlanVersion.Withdrawn => WithdrawnForGood,
        { DraftedBy: { } writer } when string.Equals(writer, By, StringComparison.OrdinalIgnoreCase) => SamePerson,
        { } draft when ObstaclesOf(draft).Count > 0 => NotBillable,
        { } draft => InForce(state, draft) switch
        {
            [] => [Published(draft)],
            [var (number, other)] when draft.Succeeds(other) =>
            [
                new PlanSuperseded(Plan, number, Version, draft.ValidFrom.AddDays(-1), other.Document),
                Published(draft),
            ],
            _ => ValidityOverlaps,
        },
    };

    /// <summary>The obstacles in a version: what a billing run could not bill.</summary>
    internal static IReadOnlyList<PlanError> ObstaclesOf(PlanVersion version) =>
        PlanDocument.Parse(version.Document).Obstacles;

    /// <summary>The published versions that share days with a draft.</summary>
    private static KeyValuePair<int, PlanVersion>[] InForce(PricePlan state, PlanVersion draft) =>
        [.. state.Versions.Where(other => other.Value is PlanVersion.Published && other.Value.Overlaps(draft))];

    private PlanPublished Published(PlanVersion draft) =>
        new(Plan, Version, draft.ValidFrom, draft.ValidTo, draft.Document, By);
}

public static class PublishPlanEndpoint
{
    public static void MapPublishPlan(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/plans/{plan}/versions/{version:int}/publish", Handle)
            .WithName(nameof(PublishPlan)).RequireRight(Right.PublishPlan)
            .WithSummary("Publishes a drafted plan version; the publisher must be another person.")
            .Refuses(typeof(PublishPlan)).Refuses(PricePlan.VersionUnknown);

    private static async Task<Results<Ok, ProblemHttpResult>> Handle(
        PlanCode plan, int version, EventStore store, CancellationToken cancellation)
    {
        var command = new PublishPlan(plan, version, Actor.Current.By);
        var executed = await store.Execute(PricePlan.Stream(plan), command, cancellation);
        if (executed.Rejection is not { } rejection)
            return TypedResults.Ok();
        if (rejection != PublishPlan.NotBillable)
            return rejection.ToProblem();
        var (state, _) = await store.Load(PricePlan.Stream(plan), cancellation);
        return DraftPlanEndpoint.Invalid(rejection, PublishPlan.ObstaclesOf(state[version]!));
    }
}
