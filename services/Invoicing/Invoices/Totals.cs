using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Billing.Invoicing;

/// <summary>
/// The totals of all invoices and credit notes, for operations and audit. Output tax is the tax of the invoices less
/// that of the credit notes.
/// </summary>
public static class Totals
{
    public static void MapTotals(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/totals", Handle).WithName("Totals").RequireRight(Right.ReadFigures)
            .WithSummary("Returns the totals of invoices and credit notes.");

    private static async Task<Ok<InvoicingTotals>> Handle(NpgsqlDataSource source, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        var (invoices, amount, net, tax) = await connection.QuerySingleAsync<(long, long, long, long)>("""
            select count(*), coalesce(sum(amount_fen), 0)::bigint, coalesce(sum(net_fen), 0)::bigint,
              coalesce(sum(tax_fen), 0)::bigint from invoice
            """);
        var (credits, gross, lessNet, lessTax) = await connection.QuerySingleAsync<(long, long, long, long)>("""
            select count(*), coalesce(sum(amount_fen), 0)::bigint, coalesce(sum(net_fen), 0)::bigint,
              coalesce(sum(tax_fen), 0)::bigint from credit
            """);
        return TypedResults.Ok(new InvoicingTotals(
            invoices, new(amount), new(net), new(tax), credits, new(gross), new(lessNet), new(lessTax),
            new(tax - lessTax)));
    }
}
