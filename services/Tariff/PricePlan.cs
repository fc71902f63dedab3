using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json;
using Billing.Contracts;
using Billing.Platform;

namespace Billing.Tariffs;

/// <summary>A price plan (价格方案): its versions, each with the document that says everything about its prices.</summary>
/// <param name="Versions">The versions by number.</param>
public sealed record PricePlan(ImmutableSortedDictionary<int, PlanVersion> Versions)
{
    public static readonly StreamType<PricePlan, PricePlanEvent> Streams = new(
        "plan", new(ImmutableSortedDictionary<int, PlanVersion>.Empty), Evolve,
        PlanList.Project, PlanList.Versions);

    public static readonly Rejection VersionUnknown = Rejection.NotFound(
        "plan-version-unknown", "There is no such version of this plan.");

    public static StreamName<PricePlan, PricePlanEvent> Stream(PlanCode plan) => Streams.Named(plan.Value);

    /// <summary>A version, or null.</summary>
    public PlanVersion? this[int version] => Versions.GetValueOrDefault(version);

    private static PricePlan Evolve(PricePlan state, PricePlanEvent @event) => (@event, state[@event.Version]) switch
    {
        (PlanDrafted e, null or PlanVersion.Drafted) =>
            state.With(e, new PlanVersion.Drafted(e.Document, e.ValidFrom, e.ValidTo, e.By)),
        (PlanPublished e, PlanVersion.Drafted draft) =>
            state.With(e, new PlanVersion.Published(e.Document, e.ValidFrom, e.ValidTo, draft.DraftedBy, e.By)),
        (PlanSuperseded e, PlanVersion.Published published) =>
            state.With(e, published with { ValidTo = e.LastDay, SupersededBy = e.BySuccessor }),
        (PlanWithdrawn e, PlanVersion.Published published) =>
            state.With(e, new PlanVersion.Withdrawn(published, e.Reason, e.By)),
        var (_, before) => throw new UnreachableException($"{@event.GetType().Name} cannot follow {before}."),
    };

    private PricePlan With(PricePlanEvent @event, PlanVersion version) =>
        new(Versions.SetItem(@event.Version, version));
}

/// <summary>One version of a plan.</summary>
/// <param name="Document">The document.</param>
/// <param name="ValidFrom">First day of validity, inclusive.</param>
/// <param name="ValidTo">
/// Last day of validity that counts, inclusive, or null while open: the document's own, or the day before a successor.
/// </param>
/// <param name="DraftedBy">Who wrote it last; null for versions written before names were kept.</param>
public abstract record PlanVersion(JsonElement Document, DateOnly ValidFrom, DateOnly? ValidTo, string? DraftedBy)
{
    /// <summary>Still being written; bills nobody.</summary>
    public sealed record Drafted(JsonElement Document, DateOnly ValidFrom, DateOnly? ValidTo, string? DraftedBy)
        : PlanVersion(Document, ValidFrom, ValidTo, DraftedBy);

    /// <summary>In force in its days, and its document never changed again.</summary>
    public sealed record Published(
        JsonElement Document, DateOnly ValidFrom, DateOnly? ValidTo, string? DraftedBy, string By,
        int? SupersededBy = null)
        : PlanVersion(Document, ValidFrom, ValidTo, DraftedBy);

    /// <summary>Not to be used for new invoices; what it billed keeps its explanation.</summary>
    public sealed record Withdrawn(Published Before, string Reason, string By)
        : PlanVersion(Before.Document, Before.ValidFrom, Before.ValidTo, Before.DraftedBy);

    /// <summary>What it is called in lists.</summary>
    public PlanVersionStatus Status => this switch
    {
        Drafted => PlanVersionStatus.Drafted,
        Published => PlanVersionStatus.Published,
        Withdrawn => PlanVersionStatus.Withdrawn,
        _ => throw new UnreachableException(),
    };

    /// <summary>The version as it was published, also after it was withdrawn; null for a draft.</summary>
    public Published? Publication => this switch
    {
        Published published => published,
        Withdrawn withdrawn => withdrawn.Before,
        _ => null,
    };

    /// <summary>Whether a document is this one; the order of its members does not matter.</summary>
    public bool Has(JsonElement document) => JsonElement.DeepEquals(Document, document);

    /// <summary>Whether two versions share a day.</summary>
    public bool Overlaps(PlanVersion other) =>
        ValidFrom <= (other.ValidTo ?? DateOnly.MaxValue) && other.ValidFrom <= (ValidTo ?? DateOnly.MaxValue);

    /// <summary>Whether a version can take over from another: it begins later and does not end before it.</summary>
    public bool Succeeds(PlanVersion other) =>
        ValidFrom > other.ValidFrom && (ValidTo ?? DateOnly.MaxValue) >= (other.ValidTo ?? DateOnly.MaxValue);

    /// <summary>Whether all days of a range are within the validity.</summary>
    public bool Covers(DateRange days) => ValidFrom <= days.First && days.Last <= (ValidTo ?? DateOnly.MaxValue);
}

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
