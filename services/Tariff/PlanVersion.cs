using System.Diagnostics;
using System.Text.Json;
using Billing.Contracts;
using Billing.Platform;

namespace Billing.Tariffs;

/// <summary>One version of a plan.</summary>
/// <param name="Document">The document.</param>
/// <param name="ValidFrom">First day of validity, inclusive.</param>
/// <param name="ValidTo">
/// Last day of validity that counts, inclusive, or null while open: the document's own, or the day before a successor.
/// </param>
/// <param name="DraftedBy">Who wrote the last draft; null for versions drafted before names were recorded.</param>
public abstract record PlanVersion(JsonElement Document, DateOnly ValidFrom, DateOnly? ValidTo, string? DraftedBy)
{
    /// <summary>A draft; it bills nobody.</summary>
    public sealed record Drafted(JsonElement Document, DateOnly ValidFrom, DateOnly? ValidTo, string? DraftedBy)
        : PlanVersion(Document, ValidFrom, ValidTo, DraftedBy);

    /// <summary>In force on its days; its document never changes again.</summary>
    public sealed record Published(
        JsonElement Document, DateOnly ValidFrom, DateOnly? ValidTo, string? DraftedBy, string By,
        int? SupersededBy = null)
        : PlanVersion(Document, ValidFrom, ValidTo, DraftedBy);

    /// <summary>Not to be used for new invoices; invoices it billed keep their explanation.</summary>
    public sealed record Withdrawn(Published Before, string Reason, string By)
        : PlanVersion(Before.Document, Before.ValidFrom, Before.ValidTo, Before.DraftedBy);

    /// <summary>Its status in lists.</summary>
    public PlanVersionStatus Status => this switch
    {
        Drafted => PlanVersionStatus.Drafted,
        Published => PlanVersionStatus.Published,
        Withdrawn => PlanVersionStatus.Withdrawn,
        _ => throw new UnreachableException(),
    };

    /// <summary>The version as it was published, also after it was withdrawn; null for a draft.</summary>
    public Published? Publication => this switch
    {
        Published published => published,
        Withdrawn withdrawn => withdrawn.Before,
        _ => null,
    };

    /// <summary>Whether a document equals this version's; the order of its members does not matter.</summary>
    public bool Has(JsonElement document) => JsonElement.DeepEquals(Document, document);

    /// <summary>Whether two versions share a day.</summary>
    public bool Overlaps(PlanVersion other) =>
        ValidFrom <= (other.ValidTo ?? DateOnly.MaxValue) && other.ValidFrom <= (ValidTo ?? DateOnly.MaxValue);

    /// <summary>Whether this version can supersede another: it begins later and does not end before it.</summary>
    public bool Succeeds(PlanVersion other) =>
        ValidFrom > other.ValidFrom && (ValidTo ?? DateOnly.MaxValue) >= (other.ValidTo ?? DateOnly.MaxValue);

    /// <summary>Whether all days of a range are within the validity.</summary>
    public bool Covers(DateRange days) => ValidFrom <= days.First && days.Last <= (ValidTo ?? DateOnly.MaxValue);
}
