using Billing.Contracts;
using Billing.Platform;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Billing.Collections;

/// <summary>
/// What was to come in during a year, and what did (rules.md K-1). Old is what was still open of earlier years' debts
/// when the year began; credit notes make the receivable smaller.
/// </summary>
/// <param name="Receivable">All that was to come in, old included.</param>
/// <param name="OldReceivable">The part of it that was due in earlier years.</param>
/// <param name="Collected">All that came in for it, old included.</param>
/// <param name="OldCollected">The part of it that came in for old debts.</param>
public sealed record CollectionRate(Money Receivable, Money OldReceivable, Money Collected, Money OldCollected)
{
    /// <summary>Percent of everything, one decimal.</summary>
    public decimal? Percent => Of(Collected, Receivable);

    /// <summary>Percent of the year's own debts, one decimal.</summary>
    public decimal? CurrentPercent => Of(Collected - OldCollected, Receivable - OldReceivable);

    /// <summary>Percent of the old debts, one decimal.</summary>
    public decimal? OldPercent => Of(OldCollected, OldReceivable);

    /// <summary>
    /// Collected in percent of receivable, to one decimal, half away from zero; null when nothing was to come in.
    /// </summary>
    public static decimal? Of(Money collected, Money receivable) => receivable.IsZero
        ? null
        : decimal.Round(100m * collected.Fen / receivable.Fen, 1, MidpointRounding.AwayFromZero);
}

/// <summary>Collection rates by project, class or utility, for everything or for one billing period.</summary>
public static class CollectionRates
{
    /// <summary>One group's rate.</summary>
    public sealed record Group(string Key, CollectionRate Rate);

    /// <summary>All groups and their total.</summary>
    public sealed record Rates(IReadOnlyList<Group> Groups, CollectionRate Total);

    public static void MapCollectionRates(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/rates/collection", Handle).WithName("CollectionRates");

    private static Task<Ok<Dated<Rates>>> Handle(
        NpgsqlDataSource source, TimeProvider clock, CancellationToken cancellation,
        Breakdown? by = null, BillingPeriod? period = null, DateOnly? asOf = null)
    {
        var day = asOf ?? clock.Today();
        return Figures.Read(
            source, day, connection => Read(connection, by ?? Breakdown.Project, period?.Value, day), cancellation);
    }

    private static async Task<Rates> Read(NpgsqlConnection connection, Breakdown by, string? period, DateOnly asOf)
    {
        var ofPeriod = period is null ? "" : "and period = @period";
        var rows = await connection.QueryAsync<Row>($"""
            with books as (
              select {by.Column} as key, sum(amount_fen - credited_fen) as charged, sum(allocated_fen) as collected,
                sum(amount_fen - credited_fen) filter (where due_on < @newYear) as old_charged,
                sum(allocated_fen) filter (where due_on < @newYear) as old_collected
              from receivable where amount_fen is not null {ofPeriod} group by 1),
            before as (
              select {by.Column} as key, sum(a.amount_fen) as fen
              from allocation a join receivable r using (invoice_no)
              where moved_on < @newYear and due_on < @newYear {ofPeriod} group by 1)
            select key as Key,
              (charged - coalesce(fen, 0))::bigint as Receivable,
              coalesce(old_charged - coalesce(fen, 0), 0)::bigint as OldReceivable,
              (collected - coalesce(fen, 0))::bigint as Collected,
              coalesce(old_collected - coalesce(fen, 0), 0)::bigint as OldCollected
            from books left join before using (key)
            """, new { newYear = new DateOnly(asOf.Year, 1, 1), period });
        Group[] groups = [.. rows.Select(row => row.ToGroup()).OrderBy(group => group.Key, StringComparer.Ordinal)];
        return new(groups, Total([.. groups.Select(group => group.Rate)]));
    }

    private static CollectionRate Total(IReadOnlyList<CollectionRate> rates) => new(
        Money.Sum(rates.Select(rate => rate.Receivable)),
        Money.Sum(rates.Select(rate => rate.OldReceivable)),
        Money.Sum(rates.Select(rate => rate.Collected)),
        Money.Sum(rates.Select(rate => rate.OldCollected)));

    private sealed record Row(string Key, long Receivable, long OldReceivable, long Collected, long OldCollected)
    {
        public Group ToGroup() =>
            new(Key, new(new(Receivable), new(OldReceivable), new(Collected), new(OldCollected)));
    }
}
