using System.Text.Json;
using Billing.Contracts;
using Billing.Platform;

namespace Billing.Tariffs;

/// <summary>An event of a version of a plan.</summary>
public abstract record PricePlanEvent(PlanCode Plan, int Version);

/// <summary>A version was drafted, or its draft was rewritten; older events do not contain the author.</summary>
[StoredAs("plan-drafted.v1")]
public sealed record PlanDrafted(
    PlanCode Plan, int Version, DateOnly ValidFrom, DateOnly? ValidTo, JsonElement Document, string? By = null)
    : PricePlanEvent(Plan, Version);

/// <summary>A version was published, with its document as it is here.</summary>
[StoredAs("plan-published.v1")]
public sealed record PlanPublished(
    PlanCode Plan, int Version, DateOnly ValidFrom, DateOnly? ValidTo, JsonElement Document, string By)
    : PricePlanEvent(Plan, Version);

/// <summary>A published version was withdrawn; older events do not repeat its document.</summary>
[StoredAs("plan-withdrawn.v1")]
public sealed record PlanWithdrawn(
    PlanCode Plan, int Version, string Reason, string By, JsonElement? Document = null)
    : PricePlanEvent(Plan, Version);

/// <summary>A published version ends the day before its successor begins; its document stays as it is.</summary>
[StoredAs("plan-superseded.v1")]
public sealed record PlanSuperseded(
    PlanCode Plan, int Version, int BySuccessor, DateOnly LastDay, JsonElement Document)
    : PricePlanEvent(Plan, Version);
