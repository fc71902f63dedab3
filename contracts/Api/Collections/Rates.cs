namespace Billing.Contracts.Api;

/// <summary>
/// What was to come in during a year, and what did (rules.md K-1). Old is what was still open of earlier years' debts
/// when the year began; credit notes make the receivable smaller.
/// </summary>
/// <param name="Receivable">All that was to come in, fen, old included.</param>
/// <param name="OldReceivable">The part of it that was due in earlier years, fen.</param>
/// <param name="Collected">All that came in for it, fen, old included.</param>
/// <param name="OldCollected">The part of it that came in for old debts, fen.</param>
public sealed record CollectionRate(Money Receivable, Money OldReceivable, Money Collected, Money OldCollected)
{
    /// <summary>Percent of everything, one decimal; null when nothing was to come in.</summary>
    public decimal? Percent => Of(Collected, Receivable);

    /// <summary>Percent of the year's own debts, one decimal; null when there are none.</summary>
    public decimal? CurrentPercent => Of(Collected - OldCollected, Receivable - OldReceivable);

    /// <summary>Percent of the old debts, one decimal; null when there are none.</summary>
    public decimal? OldPercent => Of(OldCollected, OldReceivable);

    /// <summary>
    /// Collected in percent of receivable, to one decimal, half away from zero; null when nothing was to come in.
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
