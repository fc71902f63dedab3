using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json;
using Billing.Contracts;
using Billing.Platform;

namespace Billing.Tariffs;

/// <summary>A price plan (价格方案): its versions, each with the document that defines its prices.</summary>
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
