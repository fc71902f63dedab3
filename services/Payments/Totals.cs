using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Billing.Payments;

/// <summary>All money of this service, read in one snapshot of the database.</summary>
public static class Totals
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

    /// <summary>Reads the totals.</summary>
    public static async Task<PaymentTotals> Read(NpgsqlDataSource source, CancellationToken cancellation = default)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        var row = await connection.QuerySingleAsync<Row>(new CommandDefinition(Sql, cancellationToken: cancellation));
        return new(
            row.Invoices, new(row.Charges), new(row.Credits), new(row.Allocated), new(row.Open), new(row.Advance),
            row.Payments, new(row.Received), new(row.Reversed), new(row.Refunded));
    }

    public static void MapTotals(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/totals", Handle).WithName(nameof(Totals)).RequireRight(Right.ReadFigures)
            .WithSummary("Returns the totals of payments, allocations and advances.");

    private static async Task<Ok<PaymentTotals>> Handle(NpgsqlDataSource source, CancellationToken cancellation) =>
        TypedResults.Ok(await Read(source, cancellation));

    private sealed record Row(
        long Invoices, long Charges, long Credits, long Allocated, long Open, long Advance, long Payments,
        long Received, long Reversed, long Refunded);
}
