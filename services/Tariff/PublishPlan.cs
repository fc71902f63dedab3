using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;
using Billing.Rating;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Billing.Tariffs;

/// <summary>
/// Publishes a drafted version: it is in force on its days. From then on invoices may be based on it, so no two
/// published versions of a plan share a day, and it takes two people: somebody proposes it, and somebody else, who is
/// not the author of the document either, approves. A version that begins later than one in force, and lasts at least
/// as long, supersedes it: the earlier one ends the day before. A version that a run could not bill, for example with
/// prices in another currency, is refused.
/// </summary>
/// <param name="Plan">The plan.</param>
/// <param name="Version">The version.</param>
/// <param name="By">The person who approves that it is published.</param>
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

/// <summary>The version that somebody proposes to publish.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Version">The version.</param>
public sealed record PlanToPublish(PlanCode Plan, int Version);

/// <summary>
/// Publishing takes two people (docs/adr/0017); what they see is the document by its hash, and its days.
/// </summary>
public sealed class PublishPlanKind : ApprovalKind<PlanToPublish>
{
    /// <summary>Registers the kind with its rights and refusals.</summary>
    public PublishPlanKind()
        : base("publish-plan", Right.DraftPlan, Right.PublishPlan) =>
        (Refuses, Refusals) = ([typeof(PublishPlan)], [PricePlan.VersionUnknown]);

    /// <inheritdoc/>
    protected override IEnumerable<string> StreamsOf(PlanToPublish request) => [PricePlan.Stream(request.Plan).Id];

    /// <inheritdoc/>
    protected override async Task<Consequence> CarryOut(
        PlanToPublish request, Attempt attempt, CancellationToken cancellation)
    {
        var stream = PricePlan.Stream(request.Plan);
        var state = await attempt.Load(stream, cancellation);
        var decision = new PublishPlan(request.Plan, request.Version, attempt.Decider ?? "").Decide(state);
        if (decision.Rejection is { } rejection)
            return Consequence.Refused(rejection);
        if (decision.Events.Count == 0)
            return Consequence.Nothing;
        attempt.Session.Append(stream, state, decision.Events);
        var draft = state[request.Version]!;
        return new(null,
        [
            new("status", $"{draft.Status}", $"{PlanVersionStatus.Published}"),
            new("valid-from", null, Text(draft.ValidFrom)), new("valid-to", null, Text(draft.ValidTo)),
            new("document", null, Convert.ToHexStringLower(
                SHA256.HashData(Encoding.UTF8.GetBytes(draft.Document.GetRawText())))),
            new("drafted-by", null, draft.DraftedBy),
            .. decision.Events.OfType<PlanSuperseded>().Select(earlier => new ProposedChange(
                $"last-day-of-version-{earlier.Version}", Text(state[earlier.Version]!.ValidTo),
                Text(earlier.LastDay))),
        ]);
    }

    private static string? Text(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}

public static class PublishPlanEndpoint
{
    public static void MapPublishPlan(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/plans/{plan}/versions/{version:int}/publish", Handle)
            .WithName(nameof(PublishPlan)).RequireRight(Right.DraftPlan)
            .WithSummary("Proposes to publish a drafted plan version; another person has to approve it.")
            .Refuses(typeof(PublishPlan)).Refuses(PricePlan.VersionUnknown).RefusesProposals();

    private static async Task<Results<Ok, Accepted<ProposalDetails>, ProblemHttpResult>> Handle(
        PlanCode plan, int version, EventStore store, Approvals approvals, PublishPlanKind kind,
        CancellationToken cancellation)
    {
        var proposing = await approvals.Propose(
            kind, $"{plan}-{version}", new(plan, version), reason: null, cancellation);
        if (proposing.Waits is { } proposal)
            return proposal.ToAccepted();
        if (proposing.Refusal is not { } rejection)
            return TypedResults.Ok();
        if (rejection != PublishPlan.NotBillable)
            return rejection.ToProblem();
        var (state, _) = await store.Load(PricePlan.Stream(plan), cancellation);
        return DraftPlanEndpoint.Invalid(rejection, PublishPlan.ObstaclesOf(state[version]!));
    }
}
