using Billing.Contracts;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Billing.Payments;

/// <summary>
/// All money of this service, from one state of the database. Whatever happened, charges − credits − allocated = open,
/// and received − reversed − refunded = allocated + advance.
/// </summary>
/// <param name="Invoices">How many invoices are known.</param>
/// <param name="Charges">What they were issued for.</param>
/// <param name="Credits">What credit notes took back.</param>
/// <param name="Allocated">Money that stands against invoices.</param>
/// <param name="Open">What is still owed.</param>
/// <param name="Advance">Money that stands against no invoice.</param>
/// <param name="Payments">How many payments came, also those that went back.</param>
/// <param name="Received">What they brought.</param>
/// <param name="Reversed">What went back to partners.</param>
/// <param name="Refunded">What went back to customers.</param>
public sealed record Totals(
    long Invoices, Money Charges, Money Credits, Money Allocated, Money Open, Money Advance,
    long Payments, Money Received, Money Reversed, Money Refunded)
{
    private const string Sql = """
        select c.*, b.*, p.*, r.* from
          (select count(*), coalesce(sum(amount_fen), 0)::bigint, coalesce(sum(credited_fen), 0)::bigint,
             coalesce(sum(allocated_fen), 0)::bigint, coalesce(sum(open_fen), 0)::bigint from open_charge)
            c(Invoices, Charges, Credits, Allocated, Open),
          (select coalesce(sum(advance_fen), 0)::bigint from account_balance) b(Advance),
          (select count(*) filter (where status <> 'Blocked'), coalesce(sum(amount_fen), 0)::bigint,
             coalesce(sum(amount_fen) filter (where status = 'Reversed'), 0)::bigint from payment)
            p(Payments, Received, Reversed),
          (select coalesce(sum(amount_fen), 0)::bigint from refund) r(Refunded)
        """;

    /// <summary>Adds everything up.</summary>
    public static async Task<Totals> Read(NpgsqlDataSource source, CancellationToken cancellation = default)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        var row = await connection.QuerySingleAsync<Row>(new CommandDefinition(Sql, cancellationToken: cancellation));
        return new(
            row.Invoices, new(row.Charges), new(row.Credits), new(row.Allocated), new(row.Open), new(row.Advance),
            row.Payments, new(row.Received), new(row.Reversed), new(row.Refunded));
    }

    private sealed record Row(
        long Invoices, long Charges, long Credits, long Allocated, long Open, long Advance, long Payments,
        long Received, long Reversed, long Refunded);
}

public static class TotalsEndpoint
{
    public static void MapTotals(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/totals", Handle).WithName(nameof(Totals));

    private static async Task<Ok<Totals>> Handle(NpgsqlDataSource source, CancellationToken cancellation) =>
        TypedResults.Ok(await Totals.Read(source, cancellation));
}
