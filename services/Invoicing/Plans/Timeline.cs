using Billing.Contracts;
using Billing.Rating;

namespace Billing.Invoicing;

/// <summary>
/// The versions of a plan that bill a period. Mostly there is one, and a bill is then just what that version makes of
/// it; when the price changes in the period, every version bills its days and every line says its version.
/// </summary>
/// <param name="versions">The versions in order of their days, at least one.</param>
public sealed class Timeline(params IReadOnlyList<PlanDocument> versions)
{
    private readonly (PlanDocument, DateOnly?)[] _versions = [.. versions.Select(v => (v, (DateOnly?)null))];

    private readonly RatingRefusal? _notBillable = NotBillable(versions);

    /// <summary>The versions in order of their days.</summary>
    public IReadOnlyList<PlanDocument> Versions => versions;

    /// <summary>The version in force on the last day; it says how quantities are divided.</summary>
    public PlanDocument Last { get; } = versions[^1];

    /// <summary>Whether a bill needs what was used, or charged, earlier in the year.</summary>
    public bool NeedsYearToDate { get; } = versions.Any(version => version.NeedsYearToDate);

    /// <summary>The days of a billing period.</summary>
    public DateRange DaysOf(BillingPeriod period) => Last.DaysOf(period);

    /// <summary>The days of a period on which the price changes: the first day of every later one.</summary>
    public IReadOnlyList<DateOnly> ChangesIn(DateRange days) => versions.Count == 1
        ? []
        : [.. versions.Select(version => version.ValidFrom).Where(day => days.First < day && day <= days.Last)];

    /// <summary>
    /// What a supply owes. Here ends every plan that cannot be billed, however it came to be in force: one in another
    /// currency would turn yen into fen.
    /// </summary>
    public Rated Rate(SupplyFacts supply, Usage usage) =>
        _notBillable is { } refusal ? refusal
        : versions.Count == 1 ? Last.Rate(supply, usage)
        : PlanTimeline.Rate(_versions, supply, usage);

    /// <summary>What a line is called, why it is there, and its calculation: by the version that made it.</summary>
    public LineExplanation Explain(BillLine line) => versions.Count == 1
        ? Last.Explain(line)
        : PlanTimeline.Explain(_versions, line);

    private static RatingRefusal? NotBillable(IReadOnlyList<PlanDocument> versions) =>
        versions.FirstOrDefault(version => version.Obstacles.Count > 0) is { } plan
            ? new(
                "rating-plan-not-billable",
                $"Plan {plan.Code} version {plan.Version} cannot be billed: {string.Join("; ", plan.Obstacles)}.")
            : null;
}
