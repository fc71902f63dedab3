using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Billing.Collections;

public static class Totals
{
    public static void MapTotals(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/totals", Handle).WithName("Totals").RequireRight(Right.ReadFigures)
            .WithSummary("Returns the totals of receivables.");

    private static Task<Ok<Dated<CollectionTotals>>> Handle(
        NpgsqlDataSource source, TimeProvider clock, CancellationToken cancellation, DateOnly? asOf = null)
    {
        var day = asOf ?? clock.Today();
        return Figures.Read(source, day, connection => Read(connection, day), cancellation);
    }

    private static async Task<CollectionTotals> Read(NpgsqlConnection connection, DateOnly asOf)
    {
        var row = await connection.QuerySingleAsync<Row>("""
            select count(amount_fen) as Invoices, coalesce(sum(amount_fen), 0)::bigint as Charges,
              coalesce(sum(credited_fen) filter (where amount_fen is not null), 0)::bigint as Credits,
              coalesce(sum(allocated_fen) filter (where amount_fen is not null), 0)::bigint as Allocated,
              coalesce(sum(open_fen), 0)::bigint as Open,
              count(*) filter (where open_fen <> 0) as OpenInvoices,
              coalesce(sum(open_fen) filter (where open_fen > 0 and due_on < @asOf), 0)::bigint as Overdue,
              (select coalesce(sum(advance_fen), 0)::bigint from account_advance) as Advance,
              count(*) filter (where amount_fen is null) as AheadInvoices,
              coalesce(sum(credited_fen) filter (where amount_fen is null), 0)::bigint as AheadCredits,
              coalesce(sum(allocated_fen) filter (where amount_fen is null), 0)::bigint as AheadAllocated
            from receivable
            """, new { asOf });
        return new(
            row.Invoices, new(row.Charges), new(row.Credits), new(row.Allocated), new(row.Open), row.OpenInvoices,
            new(row.Overdue), new(row.Advance),
            new(row.AheadInvoices, new(row.AheadCredits), new(row.AheadAllocated)));
    }

    private sealed record Row(
        long Invoices, long Charges, long Credits, long Allocated, long Open, long OpenInvoices, long Overdue,
        long Advance, long AheadInvoices, long AheadCredits, long AheadAllocated);
}
