using System.Text.Json;
using Billing.Contracts;
using Billing.Platform;

namespace Billing.Tariffs;

/// <summary>What happens to a version of a plan.</summary>
public abstract record PricePlanEvent(PlanCode Plan, int Version);

/// <summary>Somebody wrote a version, or wrote it again; older events do not say who.</summary>
[StoredAs("plan-drafted.v1")]
public sealed record PlanDrafted(
    PlanCode Plan, int Version, DateOnly ValidFrom, DateOnly? ValidTo, JsonElement Document, string? By = null)
    : PricePlanEvent(Plan, Version);

/// <summary>Somebody put a version into force, exactly as it is here.</summary>
[StoredAs("plan-published.v1")]
public sealed record PlanPublished(
    PlanCode Plan, int Version, DateOnly ValidFrom, DateOnly? ValidTo, JsonElement Document, string By)
    : PricePlanEvent(Plan, Version);

/// <summary>Somebody took a published version out of use; older events do not repeat its document.</summary>
[StoredAs("plan-withdrawn.v1")]
public sealed record PlanWithdrawn(
    PlanCode Plan, int Version, string Reason, string By, JsonElement? Document = null)
    : PricePlanEvent(Plan, Version);

/// <summary>A published version ends the day before its successor begins; its document stays as it is.</summary>
[StoredAs("plan-superseded.v1")]
public sealed record PlanSuperseded(
    PlanCode Plan, int Version, int BySuccessor, DateOnly LastDay, JsonElement Document)
    : PricePlanEvent(Plan, Version);
