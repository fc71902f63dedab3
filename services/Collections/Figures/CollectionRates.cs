using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Billing.Collections;

/// <summary>Collection rates by project, class or utility, for everything or for one billing period.</summary>
public static class CollectionRates
{
    public static void MapCollectionRates(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/rates/collection", Handle).WithName("CollectionRates")
            .RequireRight(Right.ReadFigures).FilteredByScope()
            .WithSummary("Returns the collection rates.");

    private static Task<Ok<Dated<GroupRates>>> Handle(
        HttpContext context, NpgsqlDataSource source, TimeProvider clock, CancellationToken cancellation,
        Breakdown? by = null, BillingPeriod? period = null, DateOnly? asOf = null)
    {
        var day = asOf ?? clock.Today();
        return Figures.Read(
            source, day,
            connection => Read(connection, Scope.Of(context), by ?? Breakdown.Project, period?.Value, day),
            cancellation);
    }

    private static async Task<GroupRates> Read(
        NpgsqlConnection connection, Scope scope, Breakdown by, string? period, DateOnly asOf)
    {
        var which = $"{(period is null ? "" : "and period = @period")} and {scope.Condition}";
        var rows = await connection.QueryAsync<Row>($"""
            with books as (
              select {by.Column} as key, sum(amount_fen - credited_fen) as charged, sum(allocated_fen) as collected,
                sum(amount_fen - credited_fen) filter (where due_on < @newYear) as old_charged,
                sum(allocated_fen) filter (where due_on < @newYear) as old_collected
              from receivable where amount_fen is not null {which} group by 1),
            before as (
              select {by.Column} as key, sum(a.amount_fen) as fen
              from allocation a join receivable r using (invoice_no)
              where moved_on < @newYear and due_on < @newYear {which} group by 1)
            select key as Key,
              (charged - coalesce(fen, 0))::bigint as Receivable,
              coalesce(old_charged - coalesce(fen, 0), 0)::bigint as OldReceivable,
              (collected - coalesce(fen, 0))::bigint as Collected,
              coalesce(old_collected - coalesce(fen, 0), 0)::bigint as OldCollected
            from books left join before using (key)
            """, new { newYear = new DateOnly(asOf.Year, 1, 1), period, scope.Regions, scope.Projects });
        GroupRate[] groups = [.. rows.Select(row => row.ToGroup()).OrderBy(group => group.Key, StringComparer.Ordinal)];
        return new(groups, Total([.. groups.Select(group => group.Rate)]));
    }

    private static CollectionRate Total(IReadOnlyList<CollectionRate> rates) => new(
        Money.Sum(rates.Select(rate => rate.Receivable)),
        Money.Sum(rates.Select(rate => rate.OldReceivable)),
        Money.Sum(rates.Select(rate => rate.Collected)),
        Money.Sum(rates.Select(rate => rate.OldCollected)));

    private sealed record Row(string Key, long Receivable, long OldReceivable, long Collected, long OldCollected)
    {
        public GroupRate ToGroup() =>
            new(Key, new(new(Receivable), new(OldReceivable), new(Collected), new(OldCollected)));
    }
}
