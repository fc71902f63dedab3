using System.Text.Json;
using Billing.Contracts;
using Billing.Platform;
using Billing.Rating;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Billing.Tariffs;

/// <summary>
/// Writes a draft of a plan version. A draft may be rewritten any number of times; a version that was once published
/// keeps its document for ever, because bills refer to it.
/// </summary>
/// <param name="Plan">The plan.</param>
/// <param name="Version">The version.</param>
/// <param name="Document">The document as given.</param>
/// <param name="Parsed">The same document, parsed and valid.</param>
/// <param name="By">Who writes it; another person has to publish it.</param>
public sealed record DraftPlan(PlanCode Plan, int Version, JsonElement Document, PlanDocument Parsed, string By)
    : ICommand<PricePlan, PricePlanEvent>
{
    private const int MostVersions = 500;

    public static readonly Rejection DocumentInvalid = Rejection.Invalid(
        "plan-document-invalid", "The document is not a valid price plan; see errors.");

    public static readonly Rejection DocumentOfAnother = Rejection.Invalid(
        "plan-document-of-another", "The document's code or version is not the one it was sent to.");

    public static readonly Rejection NeverChanges = Rejection.Conflict(
        "plan-version-never-changes", "A version that was published keeps its document; write a new version.");

    public static readonly Rejection TooManyVersions = Rejection.Conflict(
        "plan-versions-too-many", "A plan has at most 500 versions.");

    /// <inheritdoc/>
    public Rejection? Refuse() => Parsed.Code != Plan || Parsed.Version != Version ? DocumentOfAnother : null;

    public Decision<PricePlanEvent> Decide(PricePlan state) => state[Version] switch
    {
        _ when Refuse() is { } wrong => wrong,
        null when state.Versions.Count >= MostVersions => TooManyVersions,
        { } known when known.Has(Document) => [],
        null or PlanVersion.Drafted => [new PlanDrafted(Plan, Version, Parsed.ValidFrom, Parsed.ValidTo, Document, By)],
        _ => NeverChanges,
    };
}

public static class DraftPlanEndpoint
{
    private const long LargestDocument = 1 << 20;

    public static void MapDraftPlan(this IEndpointRouteBuilder routes) =>
        routes.MapPut("/plans/{plan}/versions/{version:int}", Handle)
            .WithMetadata(new RequestSizeLimitAttribute(LargestDocument))
            .WithName(nameof(DraftPlan)).RequireRight(Right.DraftPlan)
            .WithSummary("Drafts a plan version, or replaces its draft.")
            .Refuses(typeof(DraftPlan));

    private static async Task<Results<Created, Ok, ProblemHttpResult>> Handle(
        PlanCode plan, int version, JsonElement document, EventStore store, CancellationToken cancellation)
    {
        if (!PlanDocument.TryParse(document, out var parsed, out var errors))
            return Invalid(DraftPlan.DocumentInvalid, errors);
        var command = new DraftPlan(plan, version, document, parsed, Actor.Current.By);
        var executed = await store.Execute(PricePlan.Stream(plan), command, cancellation);
        return executed switch
        {
            { Rejection: { } rejection } => rejection.ToProblem(),
            { Changed: true } => TypedResults.Created($"/plans/{plan}/versions/{version}"),
            _ => TypedResults.Ok(),
        };
    }

    /// <summary>The problem that lists every mistake under its JSON path.</summary>
    internal static ProblemHttpResult Invalid(Rejection rejection, IReadOnlyList<PlanError> errors)
    {
        var problem = rejection.ToProblem();
        problem.ProblemDetails.Extensions["errors"] = errors
            .GroupBy(error => error.Path, error => error.Message, StringComparer.Ordinal)
            .ToDictionary(path => path.Key, path => path.ToArray(), StringComparer.Ordinal);
        return problem;
    }
}
