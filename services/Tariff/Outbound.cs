using Billing.Platform;
using Published = Billing.Contracts.Tariff;

namespace Billing.Tariffs;

/// <summary>
/// What leaves this service: versions that come into force, with their whole document, and those withdrawn.
/// </summary>
public static class Outbound
{
    public static readonly OutboundMap Map = new OutboundMap()
        .Single<PlanPublished, Published.PlanPublished>(
            PlanPublished.Name,
            (e, origin) => new(e.Plan, e.Version, e.ValidFrom, e.ValidTo, e.Document, origin))
        .Single<PlanWithdrawn, Published.PlanWithdrawn>(
            PlanWithdrawn.Name,
            (e, origin) => new(e.Plan, e.Version, e.Reason, origin));
}
