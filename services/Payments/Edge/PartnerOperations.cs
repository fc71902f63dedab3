using Billing.Contracts;
using Billing.Platform;

namespace Billing.Payments;

/// <summary>Describes what partners call.</summary>
internal static class PartnerOperations
{
    /// <summary>Declares an operation that only reads.</summary>
    public static RouteHandlerBuilder ForPartners(this RouteHandlerBuilder endpoint, string name, Right right) =>
        endpoint.WithName(name).RequireRightAtEdge(right).Refuses(PartnerEdge.Refusals);

    /// <summary>Declares an operation that changes something.</summary>
    public static RouteHandlerBuilder ChangedByPartners(this RouteHandlerBuilder endpoint, string name, Right right) =>
        endpoint.WithName(name).RequireRightAtEdge(right).Refuses(PartnerEdge.RefusalsOfChanges);
}
