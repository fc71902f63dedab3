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
/// <param name="Document">The whole plan document; null when the withdrawal was recorded without it.</param>
public sealed record PlanWithdrawn(
    PlanCode Plan, int Version, string Reason, Origin Origin, JsonElement? Document = null);

/// <summary>
/// A published version ends earlier than its document says, because a later version follows it. Up to its last day it
/// stays in force. It may end again, still earlier, but never later: of two such facts the earlier last day holds.
/// </summary>
/// <param name="Plan">The plan.</param>
/// <param name="Version">The version that ends.</param>
/// <param name="BySuccessor">The version that is in force from the next day on.</param>
/// <param name="LastDay">The last day of validity that now counts, inclusive.</param>
/// <param name="Document">The whole document of the version that ends, as it was published.</param>
/// <param name="Origin">The event.</param>
public sealed record PlanSuperseded(
    PlanCode Plan, int Version, int BySuccessor, DateOnly LastDay, JsonElement Document, Origin Origin);
