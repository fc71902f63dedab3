using System.Text.Json;

namespace Billing.Contracts.Api;

/// <summary>A version of a price plan in a list.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Version">The version.</param>
/// <param name="Status">What became of it.</param>
/// <param name="NameZh">What it is called, in Chinese.</param>
/// <param name="NameEn">What it is called, in English.</param>
/// <param name="Utility">What it prices.</param>
/// <param name="Region">Where.</param>
/// <param name="ValidFrom">First day, inclusive.</param>
/// <param name="ValidTo">The last day that counts, inclusive; null while open.</param>
/// <param name="SupersededBy">The version that follows it, or null.</param>
public sealed record PlanVersionRow(
    string Plan, int Version, PlanVersionStatus Status, string NameZh, string NameEn, string Utility, string Region,
    DateOnly ValidFrom, DateOnly? ValidTo, int? SupersededBy);

/// <summary>A page of plans with all their versions.</summary>
/// <param name="Versions">The versions, by plan and number.</param>
/// <param name="Next">What to ask <c>after</c> for the next page; null on the last.</param>
public sealed record PlanPage(IReadOnlyList<PlanVersionRow> Versions, string? Next);

/// <summary>A version with its document and with those who answer for it.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Version">The version.</param>
/// <param name="Status">What became of it.</param>
/// <param name="ValidFrom">First day, inclusive.</param>
/// <param name="ValidTo">The last day that counts, inclusive; null while open.</param>
/// <param name="DraftedBy">Who wrote it last; null for versions written before names were kept.</param>
/// <param name="PublishedBy">Who put it into force, or null.</param>
/// <param name="WithdrawnBy">Who withdrew it, or null.</param>
/// <param name="SupersededBy">The version that follows it, or null.</param>
/// <param name="Document">The document, in the form of <c>contracts/schemas/plan.schema.json</c>.</param>
public sealed record PlanVersionDetails(
    PlanCode Plan, int Version, PlanVersionStatus Status, DateOnly ValidFrom, DateOnly? ValidTo, string? DraftedBy,
    string? PublishedBy, string? WithdrawnBy, int? SupersededBy, JsonElement Document);

/// <summary>A published version must not bill anybody any more.</summary>
/// <param name="Reason">Why, 1 to 400 characters.</param>
public sealed record WithdrawPlanRequest(string Reason);
