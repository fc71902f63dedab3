using System.Text.Json;

namespace Billing.Contracts.Tariff;

/// <summary>A version of a price plan came into force and never changes again; replicas need nothing else.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Version">The version of the plan, 1, 2, 3 ….</param>
/// <param name="ValidFrom">First day of validity, inclusive.</param>
/// <param name="ValidTo">Last day of validity, inclusive, or null while open.</param>
/// <param name="Document">The whole plan document.</param>
/// <param name="Origin">The event.</param>
public sealed record PlanPublished(
    PlanCode Plan, int Version, DateOnly ValidFrom, DateOnly? ValidTo, JsonElement Document, Origin Origin);

/// <summary>A published version must not be used for new invoices any more.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Version">The withdrawn version.</param>
/// <param name="Reason">Why, for people.</param>
/// <param name="Origin">The event.</param>
public sealed record PlanWithdrawn(PlanCode Plan, int Version, string Reason, Origin Origin);
