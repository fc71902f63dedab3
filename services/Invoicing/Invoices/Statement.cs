using Billing.Contracts;
using Billing.Platform;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Billing.Invoicing;

/// <summary>
/// The statement of an account (对账单): what was owed, billed, credited and paid, in order. Every entry has the day it
/// belongs to and the instant it became known, so that the statement can be had as of any date and as it was known at
/// any instant.
/// </summary>
public static class Statement
{
    public static readonly Rejection AccountUnknown = Rejection.NotFound(
        "account-unknown", "Nothing is known about this account.");
    public static readonly Rejection DatesTwice = Rejection.Invalid(
        "statement-dates-twice", "Give asOf, or a last day in to, not both.");

    /// <summary>A statement. The opening balance and the entries add up to the closing balance.</summary>
    /// <param name="Account">The account.</param>
    /// <param name="From">First day, inclusive, or null for all of it.</param>
    /// <param name="To">Last day, inclusive, or null for all of it.</param>
    /// <param name="KnownAt">Only what was recorded up to this instant, or null for everything.</param>
    /// <param name="Opening">What was owed before the first day; negative is in the customer's favour.</param>
    /// <param name="Entries">Everything from the first to the last day.</param>
    /// <param name="Closing">What was owed after the last day.</param>
    public sealed record Answer(
        AccountNo Account, DateOnly? From, DateOnly? To, DateTimeOffset? KnownAt, Money Opening,
        IReadOnlyList<Entry> Entries, Money Closing);

    /// <summary>One entry.</summary>
    /// <param name="On">The business date.</param>
    /// <param name="RecordedAt">When it was recorded, UTC.</param>
    /// <param name="Kind">invoice, credit, payment, reversal, refund, or advance (moved only, amount 0).</param>
    /// <param name="Reference">The number of the invoice, note, payment or refund.</param>
    /// <param name="Note">For people.</param>
    /// <param name="Amount">More than zero is owed, less than zero is paid or not owed after all.</param>
    /// <param name="Balance">What is owed after the entry.</param>
    public sealed record Entry(
        DateOnly On, DateTimeOffset RecordedAt, string Kind, string Reference, string Note, Money Amount,
        Money Balance);

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
        routes.MapGet("/accounts/{account}/statement", Handle).WithName(nameof(Statement));

    private static async Task<Results<Ok<Answer>, ProblemHttpResult>> Handle(
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

    internal static Answer Draw(
        AccountNo account, IEnumerable<Row> rows, DateOnly? from, DateOnly? to, DateTimeOffset? knownAt)
    {
        var (balance, opening, entries) = (Money.Zero, Money.Zero, new List<Entry>());
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
