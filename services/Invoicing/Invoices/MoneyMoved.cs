using Billing.Contracts;
using Billing.Contracts.Payments;
using Billing.Platform;
using Dapper;
using Npgsql;

namespace Billing.Invoicing;

/// <summary>
/// Writes entries of the statement, identified by their event, so that a repeated fact changes nothing.
/// </summary>
internal static class MoneyMoved
{
    public sealed record Entry(string Kind, DateOnly On, Money Amount, string Reference, string Note);

    public static async Task<int> Enter<T>(
        NpgsqlConnection connection, IReadOnlyList<T> items, Func<T, Entry> entryOf, CancellationToken cancellation)
        where T : IMoneyMovement
    {
        var rows = items.Select(item => (Item: item, Entry: entryOf(item)))
            .OrderBy(row => row.Item.Origin.EventId).ToList();
        await connection.ExecuteAsync(new CommandDefinition("""
            insert into statement_entry (event_id, account_no, kind, business_date, recorded_at, amount_fen, reference,
              note)
            select * from unnest(@ids::uuid[], @accounts::text[], @kinds::text[], @days::date[], @at::timestamptz[],
              @fen::bigint[], @references::text[], @notes::text[])
            on conflict (event_id) do nothing
            """, new
        {
            ids = rows.ConvertAll(row => row.Item.Origin.EventId),
            accounts = rows.ConvertAll(row => row.Item.Account.Value),
            kinds = rows.ConvertAll(row => row.Entry.Kind),
            days = rows.ConvertAll(row => row.Entry.On.ToDateTime(default)),
            at = rows.ConvertAll(row => row.Item.Origin.RecordedAt.UtcDateTime),
            fen = rows.ConvertAll(row => row.Entry.Amount.Fen),
            references = rows.ConvertAll(row => row.Entry.Reference),
            notes = rows.ConvertAll(row => row.Entry.Note),
        }, cancellationToken: cancellation));
        return items.Count;
    }
}
