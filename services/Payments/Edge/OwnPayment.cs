using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Billing.Payments;

/// <summary>
/// A partner that has not heard an answer asks what became of its payment, and then repeats or reverses it (rules.md
/// B-3).
/// </summary>
public static class OwnPayment
{
    public static readonly Rejection Unknown = Rejection.NotFound(
        "payment-unknown", "No payment of yours has this bank date and serial; you can send it, or reverse it.");

    public static void MapOwnPayment(this IEndpointRouteBuilder partners) =>
        partners.MapGet("/payments/{bankDate}/{serial}", Handle)
            .ForPartners(nameof(OwnPayment), Right.ReceivePayment).Counts(PartnerAct.Query)
            .WithSummary("Returns what became of a payment.")
            .Refuses(PaymentKey.Malformed, Unknown)
            .WithExample(PartnerEdge.Prefix + "/payments/20261103/0042", PartnerExamples.OwnPayment);

    private static async Task<Results<Ok<PartnerPayment>, ProblemHttpResult>> Handle(
        string bankDate, string serial, HttpContext context, NpgsqlDataSource source, CancellationToken cancellation)
    {
        if (!PaymentKey.TryParse(PartnerEdge.Of(context).Code, bankDate, serial, out var key))
            return PaymentKey.Malformed.ToProblem();
        await using var connection = await source.OpenConnectionAsync(cancellation);
        var row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition("""
            select account_no as Account, status, amount_fen as Fen, receipt, reversed_on as ReversedOn from payment
            where payment_id = @payment
            """, new { payment = key.Id.Value }, cancellationToken: cancellation));
        return row is null
            ? Unknown.ToProblem()
            : TypedResults.Ok(new PartnerPayment(
                key.Id, AccountNo.Wrap(row.Account), Enum.Parse<PaymentStatus>(row.Status), new(row.Fen),
                row.Receipt is null ? null : ReceiptNo.Wrap(row.Receipt), row.ReversedOn));
    }

    private sealed record Row(string Account, string Status, long Fen, string? Receipt, DateOnly? ReversedOn);
}
