using System.Text.Json;

namespace Billing.Contracts.Api;

/// <summary>A version of a price plan in a list.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Version">The version.</param>
/// <param name="Status">Its status.</param>
/// <param name="NameZh">Its name in Chinese.</param>
/// <param name="NameEn">Its name in English.</param>
/// <param name="Utility">The utility it prices.</param>
/// <param name="Region">The supply region in which it applies.</param>
/// <param name="ValidFrom">First day, inclusive.</param>
/// <param name="ValidTo">The last day of validity that counts, inclusive; null while open.</param>
/// <param name="SupersededBy">The version that follows it, or null.</param>
public sealed record PlanVersionRow(
    PlanCode Plan, int Version, PlanVersionStatus Status, string NameZh, string NameEn, Utility Utility,
    Region Region, DateOnly ValidFrom, DateOnly? ValidTo, int? SupersededBy);

/// <summary>A page of plans with all their versions.</summary>
/// <param name="Versions">The versions, by plan and number.</param>
/// <param name="Next">The value of <c>after</c> that asks for the next page; null on the last.</param>
public sealed record PlanPage(IReadOnlyList<PlanVersionRow> Versions, string? Next);

/// <summary>A version with its document and the people who wrote, published and withdrew it.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Version">The version.</param>
/// <param name="Status">Its status.</param>
/// <param name="ValidFrom">First day, inclusive.</param>
/// <param name="ValidTo">The last day of validity that counts, inclusive; null while open.</param>
/// <param name="DraftedBy">Who wrote the last draft; null for versions drafted before names were recorded.</param>
/// <param name="PublishedBy">Who published it, or null.</param>
/// <param name="WithdrawnBy">Who withdrew it, or null.</param>
/// <param name="SupersededBy">The version that follows it, or null.</param>
/// <param name="Document">The document, in the form of <c>contracts/schemas/plan.schema.json</c>.</param>
public sealed record PlanVersionDetails(
    PlanCode Plan, int Version, PlanVersionStatus Status, DateOnly ValidFrom, DateOnly? ValidTo, string? DraftedBy,
    string? PublishedBy, string? WithdrawnBy, int? SupersededBy, JsonElement Document);

/// <summary>Withdraws a published version: it bills nobody from now on.</summary>
/// <param name="Reason">Why, 1 to 400 characters.</param>
public sealed record WithdrawPlanRequest(string Reason);
