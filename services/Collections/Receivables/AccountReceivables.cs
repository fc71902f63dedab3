using Billing.Contracts;
using Billing.Platform;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Billing.Collections;

/// <summary>Everything one account was ever asked for, what became of it, and the advance it holds.</summary>
public static class AccountReceivables
{
    /// <summary>An invoice as money stands against it.</summary>
    /// <param name="Invoice">Its number.</param>
    /// <param name="Utility">What for.</param>
    /// <param name="Period">For when.</param>
    /// <param name="Amount">What was charged.</param>
    /// <param name="Credited">What was credited of it.</param>
    /// <param name="Allocated">What was paid of it.</param>
    /// <param name="Open">Amount − credited − allocated.</param>
    /// <param name="IssuedOn">Day of issue.</param>
    /// <param name="DueOn">Due date.</param>
    /// <param name="Age">Its bucket (<see cref="Ageing.Buckets"/>) while it is open, or null.</param>
    public sealed record Receivable(
        string Invoice, string Utility, string Period, Money Amount, Money Credited, Money Allocated, Money Open,
        DateOnly IssuedOn, DateOnly DueOn, string? Age);

    /// <summary>The account.</summary>
    /// <param name="Account">Its number.</param>
    /// <param name="Open">What is open altogether.</param>
    /// <param name="Overdue">What of it is overdue.</param>
    /// <param name="Advance">The advance it holds.</param>
    /// <param name="Receivables">Its invoices, the oldest due first.</param>
    public sealed record OfAccount(
        AccountNo Account, Money Open, Money Overdue, Money Advance, IReadOnlyList<Receivable> Receivables);

    public static void MapAccountReceivables(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/receivables/{account}", Handle).WithName("AccountReceivables");

    private static Task<Ok<Dated<OfAccount>>> Handle(
        AccountNo account, NpgsqlDataSource source, TimeProvider clock, CancellationToken cancellation,
        DateOnly? asOf = null)
    {
        var day = asOf ?? clock.Today();
        return Figures.Read(source, day, connection => Read(connection, account, day), cancellation);
    }

    private static async Task<OfAccount> Read(NpgsqlConnection connection, AccountNo account, DateOnly asOf)
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
                row.Invoice, row.Utility, row.Period, new(row.Amount), new(row.Credited), new(row.Allocated),
                new(row.Open), row.IssuedOn, row.DueOn, row.Open == 0 ? null : Ageing.BucketOf(row.DueOn, asOf)))]);
    }

    private sealed record Row(
        string Invoice, string Utility, string Period, long Amount, long Credited, long Allocated, long Open,
        DateOnly IssuedOn, DateOnly DueOn);
}
