namespace Billing.Contracts.Api;

/// <summary>A version of one of Tariff's plans as another service knows it, and how late it came to know it.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Version">The version.</param>
/// <param name="State">What is known of it.</param>
/// <param name="Utility">What it prices; null while only a withdrawal without document is known.</param>
/// <param name="Currency">The currency of its prices; null like the utility.</param>
/// <param name="ValidFrom">First day, inclusive; null like the utility.</param>
/// <param name="ValidTo">The last day that counts, inclusive; null while open.</param>
/// <param name="SupersededBy">The version that follows it, or null.</param>
/// <param name="RecordedAt">When Tariff recorded the newest fact about it, UTC.</param>
/// <param name="AppliedAt">When that fact was applied here, UTC.</param>
/// <param name="DelayMs">The time between, milliseconds, by the clocks of two databases.</param>
public sealed record KnownPlanVersion(
    string Plan, int Version, KnownPlanState State, string? Utility, string? Currency, DateOnly? ValidFrom,
    DateOnly? ValidTo, int? SupersededBy, DateTime RecordedAt, DateTime AppliedAt, double DelayMs);

/// <summary>A page of known versions.</summary>
/// <param name="Sequence">The newest of Tariff's events that came in, by its number there; 0 for none.</param>
/// <param name="Versions">The versions in order.</param>
/// <param name="Next">Ask for the page after this plan; null at the end.</param>
public sealed record KnownPlanPage(long Sequence, IReadOnlyList<KnownPlanVersion> Versions, string? Next);
