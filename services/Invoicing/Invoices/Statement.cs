using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Billing.Invoicing;

/// <summary>
/// The statement of an account (对账单): what was owed, billed, credited and paid, in order. Every entry has its business
/// date and the instant at which it was recorded, so that the statement can be computed for any range of dates and as
/// it was known at any instant.
/// </summary>
public static class Statement
{
    public static readonly Rejection AccountUnknown = Rejection.NotFound(
        "account-unknown", "Nothing is known about this account.");
    public static readonly Rejection DatesTwice = Rejection.Invalid(
        "statement-dates-twice", "Give asOf, or a last day in to, not both.");

    private const string Sql = """
        select issued_on::timestamp as day, recorded_at as recordedat, 'invoice' as kind, invoice_no as reference,
          utility || ' ' || period || ', due ' || due_on as note, amount_fen as fen
        from invoice where account_no = @account
        union all
        select issued_on::timestamp, recorded_at, 'credit', note, invoice_no || ': ' || reason, -amount_fen
        from credit where account_no = @account
        union all
        select business_date::timestamp, recorded_at, kind, reference, note, amount_fen
        from statement_entry where account_no = @account
        order by 1, 2, 4
        """;

    public static void MapStatement(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/accounts/{account}/statement", Handle)
            .WithName(nameof(Statement)).RequireRight(Right.ReadInvoices)
            .WithSummary("Returns the statement of an account as of a date and as known at an instant.")
            .Refuses(typeof(Statement));

    private static async Task<Results<Ok<AccountStatement>, ProblemHttpResult>> Handle(
        AccountNo account, DateOnly? from, DateOnly? to, DateOnly? asOf, DateTimeOffset? knownAt,
        NpgsqlDataSource source, CancellationToken cancellation)
    {
        if (asOf is not null && to is not null)
            return DatesTwice.ToProblem();
        await using var connection = await source.OpenConnectionAsync(cancellation);
        var rows = (await connection.QueryAsync<Row>(Sql, new { account = account.Value })).ToList();
        if (rows.Count == 0 && !await connection.ExecuteScalarAsync<bool>(
            "select exists (select 1 from account_supply where account_no = @account)",
            new { account = account.Value }))
            return AccountUnknown.ToProblem();
        return TypedResults.Ok(Draw(account, rows, from, to ?? asOf, knownAt));
    }

    internal static AccountStatement Draw(
        AccountNo account, IEnumerable<Row> rows, DateOnly? from, DateOnly? to, DateTimeOffset? knownAt)
    {
        var (balance, opening, entries) = (Money.Zero, Money.Zero, new List<StatementEntry>());
        foreach (var row in rows)
        {
            var day = DateOnly.FromDateTime(row.Day);
            if (day > to || row.RecordedAt > knownAt?.UtcDateTime)
                continue;
            balance += new Money(row.Fen);
            if (day < from)
                opening = balance;
            else
                entries.Add(new(day, row.RecordedAt, row.Kind, row.Reference, row.Note, new(row.Fen), balance));
        }
        return new(account, from, to, knownAt, opening, entries, balance);
    }

    internal sealed record Row(DateTime Day, DateTime RecordedAt, string Kind, string Reference, string Note, long Fen);
}
