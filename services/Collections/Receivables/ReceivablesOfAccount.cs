using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Billing.Collections;

/// <summary>All invoices of one account with what was credited and paid of them, and its advance.</summary>
public static class ReceivablesOfAccount
{
    public static void MapAccountReceivables(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/receivables/{account}", Handle)
            .WithName("AccountReceivables").RequireRight(Right.ReadReceivables).NeedsPlace()
            .WithSummary("Returns all receivables of an account.");

    private static Task<Ok<Dated<AccountReceivables>>> Handle(
        AccountNo account, NpgsqlDataSource source, TimeProvider clock, CancellationToken cancellation,
        DateOnly? asOf = null)
    {
        var day = asOf ?? clock.Today();
        return Figures.Read(source, day, connection => Read(connection, account, day), cancellation);
    }

    private static async Task<AccountReceivables> Read(NpgsqlConnection connection, AccountNo account, DateOnly asOf)
    {
        var rows = (await connection.QueryAsync<Row>("""
            select invoice_no as Invoice, utility as Utility, period as Period, amount_fen as Amount,
              credited_fen as Credited, allocated_fen as Allocated, open_fen as Open,
              issued_on as IssuedOn, due_on as DueOn
            from receivable where account_no = @account and amount_fen is not null order by due_on, invoice_no
            """, new { account = account.Value })).ToList();
        var advance = await connection.ExecuteScalarAsync<long?>(
            "select advance_fen from account_advance where account_no = @account", new { account = account.Value });
        return new(
            account,
            new(rows.Sum(row => row.Open)),
            new(rows.Where(row => row.Open > 0 && row.DueOn < asOf).Sum(row => row.Open)),
            new(advance ?? 0),
            [.. rows.Select(row => new Receivable(
                row.Invoice, row.Utility, BillingPeriod.Wrap(row.Period), new(row.Amount), new(row.Credited),
                new(row.Allocated), new(row.Open), row.IssuedOn, row.DueOn,
                row.Open == 0 ? null : Ageing.BucketOf(row.DueOn, asOf)))]);
    }

    private sealed record Row(
        InvoiceNo Invoice, Utility Utility, string Period, long Amount, long Credited, long Allocated, long Open,
        DateOnly IssuedOn, DateOnly DueOn);
}
