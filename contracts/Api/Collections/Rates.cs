namespace Billing.Contracts.Api;

/// <summary>
/// What was receivable during a year, and what was collected of it (rules.md K-1). Old is what was still open of
/// invoices due in earlier years when the year began; credit notes reduce the receivable.
/// </summary>
/// <param name="Receivable">Everything receivable in the year, fen, old included.</param>
/// <param name="OldReceivable">The part of it that was due in earlier years, fen.</param>
/// <param name="Collected">Everything collected of it, fen, old included.</param>
/// <param name="OldCollected">The part of it that was collected for old debts, fen.</param>
public sealed record CollectionRate(Money Receivable, Money OldReceivable, Money Collected, Money OldCollected)
{
    /// <summary>Collected in percent of everything receivable, one decimal; null when nothing was receivable.</summary>
    public decimal? Percent => Of(Collected, Receivable);

    /// <summary>Collected in percent of the year's own debts, one decimal; null when there are none.</summary>
    public decimal? CurrentPercent => Of(Collected - OldCollected, Receivable - OldReceivable);

    /// <summary>Collected in percent of the old debts, one decimal; null when there are none.</summary>
    public decimal? OldPercent => Of(OldCollected, OldReceivable);

    /// <summary>
    /// Collected in percent of receivable, to one decimal, half away from zero; null when nothing was receivable.
    /// </summary>
    public static decimal? Of(Money collected, Money receivable) => receivable.IsZero
        ? null
        : decimal.Round(100m * collected.Fen / receivable.Fen, 1, MidpointRounding.AwayFromZero);
}

/// <summary>The collection rate of one group.</summary>
/// <param name="Key">The project, class or utility.</param>
/// <param name="Rate">Its rate.</param>
public sealed record GroupRate(string Key, CollectionRate Rate);

/// <summary>Collection rates of all groups.</summary>
/// <param name="Groups">The groups in order of their keys.</param>
/// <param name="Total">The rate of all of them.</param>
public sealed record GroupRates(IReadOnlyList<GroupRate> Groups, CollectionRate Total);
