namespace Billing.Contracts.Api;

/// <summary>
/// A version of one of Tariff's plans as replicated in another service, with the delay of the replication.
/// </summary>
/// <param name="Plan">The plan.</param>
/// <param name="Version">The version.</param>
/// <param name="State">Its state in the replica.</param>
/// <param name="Utility">The utility it prices; null while only a withdrawal without document was received.</param>
/// <param name="Currency">The currency of its prices; null under the same condition as the utility.</param>
/// <param name="ValidFrom">First day of validity, inclusive; null under the same condition as the utility.</param>
/// <param name="ValidTo">The last day of validity that counts, inclusive; null while open.</param>
/// <param name="SupersededBy">The version that follows it, or null.</param>
/// <param name="RecordedAt">When Tariff recorded the newest fact about it, UTC.</param>
/// <param name="AppliedAt">When that fact was applied here, UTC.</param>
/// <param name="DelayMs">Applied less recorded, milliseconds; the two times come from the clocks of two
/// databases.</param>
public sealed record KnownPlanVersion(
    PlanCode Plan, int Version, KnownPlanState State, Utility? Utility, string? Currency, DateOnly? ValidFrom,
    DateOnly? ValidTo, int? SupersededBy, DateTime RecordedAt, DateTime AppliedAt, double DelayMs);

/// <summary>A page of replicated plan versions.</summary>
/// <param name="Sequence">The newest of Tariff's events received, by its sequence number there; 0 for none.</param>
/// <param name="Versions">The versions in order.</param>
/// <param name="Next">The value of <c>after</c> that asks for the next page; null on the last.</param>
public sealed record KnownPlanPage(long Sequence, IReadOnlyList<KnownPlanVersion> Versions, string? Next);
