using Billing.Contracts;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Billing.Invoicing;

/// <summary>
/// The sums over everything that was billed and credited, for operations and audit. Output tax is the tax of the
/// invoices less that of the credits.
/// </summary>
public static class Totals
{
    /// <summary>Sums.</summary>
    /// <param name="Invoices">How many invoices.</param>
    /// <param name="Amount">Their sum with tax.</param>
    /// <param name="Net">Their sum without tax.</param>
    /// <param name="Tax">The tax in it.</param>
    /// <param name="Credits">How many credit notes.</param>
    /// <param name="Credited">Their sum with tax.</param>
    /// <param name="CreditedNet">Their sum without tax.</param>
    /// <param name="CreditedTax">The tax in it.</param>
    /// <param name="OutputTax">The tax of the invoices less that of the credits: what the tax office gets.</param>
    public sealed record Answer(
        long Invoices, Money Amount, Money Net, Money Tax, long Credits, Money Credited, Money CreditedNet,
        Money CreditedTax, Money OutputTax);

    public static void MapTotals(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/totals", Handle).WithName("Totals");

    private static async Task<Ok<Answer>> Handle(NpgsqlDataSource source, CancellationToken cancellation)
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
        return TypedResults.Ok(new Answer(
            invoices, new(amount), new(net), new(tax), credits, new(gross), new(lessNet), new(lessTax),
            new(tax - lessTax)));
    }
}
