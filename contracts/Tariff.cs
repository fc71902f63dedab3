using System.Text.Json;

namespace Billing.Contracts.Tariff;

/// <summary>
/// A version of a price plan was published and never changes again; the message carries all that a replica needs.
/// </summary>
/// <param name="Plan">The plan.</param>
/// <param name="Version">The version of the plan, 1, 2, 3 ….</param>
/// <param name="ValidFrom">First day of validity, inclusive.</param>
/// <param name="ValidTo">Last day of validity, inclusive, or null while open.</param>
/// <param name="Document">The whole plan document.</param>
/// <param name="Origin">The event.</param>
public sealed record PlanPublished(
    PlanCode Plan, int Version, DateOnly ValidFrom, DateOnly? ValidTo, JsonElement Document, Origin Origin);

/// <summary>A published version was withdrawn and must not be used for new invoices.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Version">The withdrawn version.</param>
/// <param name="Reason">The reason, for people.</param>
/// <param name="Origin">The event.</param>
/// <param name="Document">The whole plan document; null when the withdrawal was recorded without it.</param>
public sealed record PlanWithdrawn(
    PlanCode Plan, int Version, string Reason, Origin Origin, JsonElement? Document = null);

/// <summary>
/// A published version ends earlier than its document says, because a later version succeeds it. It stays in force up
/// to its last day. Its end may be moved earlier again, never later: of two such facts the one with the earlier last
/// day holds.
/// </summary>
/// <param name="Plan">The plan.</param>
/// <param name="Version">The version that ends.</param>
/// <param name="BySuccessor">The version that is in force from the next day on.</param>
/// <param name="LastDay">The last day of validity that counts from now on, inclusive.</param>
/// <param name="Document">The whole document of the version that ends, as it was published.</param>
/// <param name="Origin">The event.</param>
public sealed record PlanSuperseded(
    PlanCode Plan, int Version, int BySuccessor, DateOnly LastDay, JsonElement Document, Origin Origin);
