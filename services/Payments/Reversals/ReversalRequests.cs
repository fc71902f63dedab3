using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Billing.Payments;

/// <summary>The requests for reversals, for the people who decide them.</summary>
public sealed class ReversalRequests(NpgsqlDataSource source)
{
    private const string Columns = """
        select request_no as Request, payment_id as Payment, account_no as Account, amount_fen as Fen, reason,
          requested_on as RequestedOn, requested_by as RequestedBy, status, decided_on as DecidedOn,
          decided_by as DecidedBy, decision_reason as DecisionReason
        from reversal_request
        """;

    /// <summary>The account, the key and the channel of a payment, or null when there is no such payment.</summary>
    public async Task<(AccountNo Account, PaymentKey Key, Channel Channel)?> PaymentOf(
        PaymentId payment, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        var row = await connection.QuerySingleOrDefaultAsync<PaymentRow>(new CommandDefinition(
            """
            select account_no as Account, partner, bank_date as BankDate, serial, channel from payment
            where payment_id = @payment
            """, new { payment = payment.Value }, cancellationToken: cancellation));
        return row is null
            ? null
            : (AccountNo.Wrap(row.Account), new(PartnerCode.Wrap(row.Partner), row.BankDate, row.Serial),
                Enum.Parse<Channel>(row.Channel));
    }

    /// <summary>One request, or null when there is none with the number.</summary>
    public async Task<RequestedReversal?> Find(string request, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        var row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            $"{Columns} where request_no = @request", new { request }, cancellationToken: cancellation));
        return row?.ToRequest();
    }

    /// <summary>The requests of one status after a number (exclusive), in order of number.</summary>
    public async Task<List<RequestedReversal>> List(
        ReversalStatus status, string? after, int most, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        // Open requests have a partial index, which the planner does not use with a parameter.
        var wanted = status == ReversalStatus.Open ? "status = 'Open'" : "status = @status";
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(
            $"{Columns} where {wanted} and request_no > @after order by request_no limit @most",
            new { status = status.ToString(), after = after ?? "", most }, cancellationToken: cancellation));
        return [.. rows.Select(row => row.ToRequest())];
    }

    private sealed record PaymentRow(
        string Account, string Partner, DateOnly BankDate, string Serial, string Channel);

    private sealed record Row(
        string Request, string Payment, string Account, long Fen, string Reason, DateOnly RequestedOn,
        string RequestedBy, string Status, DateOnly? DecidedOn, string? DecidedBy, string? DecisionReason)
    {
        public RequestedReversal ToRequest() => new(
            Request, PaymentId.Wrap(Payment), AccountNo.Wrap(Account), new(Fen), Reason, RequestedOn, RequestedBy,
            Enum.Parse<ReversalStatus>(Status), DecidedOn, DecidedBy, DecisionReason);
    }
}

public static class ReversalRequestsEndpoint
{
    private const int PageSize = 100;

    public static void MapReversalRequests(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/reversal-requests", List).WithName(nameof(ReversalRequests)).RequireRight(Right.ReadPayments)
            .WithSummary("Lists requests for reversals by status, page by page.");
        routes.MapGet("/reversal-requests/{request}", Get)
            .WithName(nameof(ReversalRequest)).RequireRight(Right.ReadPayments)
            .WithSummary("Returns a request for a reversal and its decision.")
            .Refuses(RejectReversal.Unknown);
    }

    /// <param name="status">The status of the requests; open ones by default.</param>
    /// <param name="after">The last number of the previous page.</param>
    private static async Task<Ok<RequestedReversalPage>> List(
        ReversalRequests requests, CancellationToken cancellation, ReversalStatus status = ReversalStatus.Open,
        string? after = null)
    {
        var items = await requests.List(status, after, PageSize + 1, cancellation);
        return TypedResults.Ok(items.Count > PageSize
            ? new RequestedReversalPage(items[..PageSize], items[PageSize - 1].Request)
            : new RequestedReversalPage(items, null));
    }

    private static async Task<Results<Ok<RequestedReversal>, ProblemHttpResult>> Get(
        string request, ReversalRequests requests, CancellationToken cancellation) =>
        await requests.Find(request, cancellation) is { } found
            ? TypedResults.Ok(found)
            : RejectReversal.Unknown.ToProblem();
}
