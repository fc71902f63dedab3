using Billing.Platform;
using Published = Billing.Contracts.Tariff;

namespace Billing.Tariffs;

/// <summary>
/// The events this service publishes: versions that are published, superseded or withdrawn, each with its document.
/// </summary>
public static class Outbound
{
    public static readonly OutboundMap Map = new OutboundMap()
        .Single<PlanPublished, Published.PlanPublished>(
            (e, origin) => new(e.Plan, e.Version, e.ValidFrom, e.ValidTo, e.Document, origin))
        .Single<PlanWithdrawn, Published.PlanWithdrawn>(
            (e, origin) => new(e.Plan, e.Version, e.Reason, origin, e.Document))
        .Single<PlanSuperseded, Published.PlanSuperseded>(
            (e, origin) => new(e.Plan, e.Version, e.BySuccessor, e.LastDay, e.Document, origin));
}
