using Billing.Contracts;
using Billing.Platform;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Billing.Collections;

/// <summary>
/// The sums that must agree with those of Invoicing and Payments: charges − credits − allocated = open. Money for
/// invoices that have not been heard of yet is counted apart, so that a difference is explained and not hidden.
/// </summary>
/// <param name="Invoices">Invoices known.</param>
/// <param name="Charges">Sum of their amounts.</param>
/// <param name="Credits">What was credited of them.</param>
/// <param name="Allocated">What was paid of them.</param>
/// <param name="Open">Charges − credits − allocated.</param>
/// <param name="OpenInvoices">How many of them are open.</param>
/// <param name="Overdue">What of the open is overdue: the arrears.</param>
/// <param name="Advance">Advance held by all accounts.</param>
/// <param name="Ahead">Money that came before its invoice.</param>
public sealed record CollectionTotals(
    long Invoices, Money Charges, Money Credits, Money Allocated, Money Open, long OpenInvoices, Money Overdue,
    Money Advance, Ahead Ahead);

/// <summary>Money for invoices that have not been heard of yet.</summary>
/// <param name="Invoices">How many invoices.</param>
/// <param name="Credits">What was credited of them.</param>
/// <param name="Allocated">What was paid of them.</param>
public sealed record Ahead(long Invoices, Money Credits, Money Allocated);

public static class Totals
{
    public static void MapTotals(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/totals", Handle).WithName("Totals");

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
