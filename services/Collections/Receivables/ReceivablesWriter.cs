using Billing.Contracts;
using Billing.Contracts.Invoicing;
using Billing.Contracts.Payments;
using Npgsql;

namespace Billing.Collections;

/// <summary>One movement of money with its business date.</summary>
/// <param name="Movement">The public fact.</param>
/// <param name="On">The business date.</param>
internal readonly record struct DatedMovement(IMoneyMovement Movement, DateOnly On);

/// <summary>
/// Writes the money facts of other services, a whole message in one statement. The same facts lead to the same rows in
/// any order, any repetition and any packing: a fact is inserted once by its own key, and only what was inserted is
/// added to the sums. A movement that its service recorded again after a restore, perhaps with other allocations, keeps
/// the values first received. Rows are locked in the order of their keys, so that two messages cannot deadlock.
/// </summary>
internal static class ReceivablesWriter
{
    private const string Heard = """
        heard_of as (
          insert into heard as h (publisher, slot, sequence, recorded_at) values ($1, pg_backend_pid() % 16, $2, $3)
          on conflict (publisher, slot)
            do update set sequence = excluded.sequence, recorded_at = excluded.recorded_at
          where h.sequence < excluded.sequence)
        """;

    private const string IssueSql = $"""
        with {Heard}
        insert into receivable as r (invoice_no, account_no, utility, period, region, project, class, amount_fen,
          issued_on, due_on)
        select * from unnest($4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[],
          $11::bigint[], $12::date[], $13::date[])
        on conflict (invoice_no) do update set utility = excluded.utility, period = excluded.period,
          region = excluded.region, project = excluded.project, class = excluded.class,
          amount_fen = excluded.amount_fen, issued_on = excluded.issued_on, due_on = excluded.due_on
        where r.amount_fen is null
        """;

    private const string CreditSql = $"""
        with {Heard},
        input as (
          select * from unnest($4::text[], $5::text[], $6::text[], $7::bigint[], $8::date[])
            as i(credit_note, invoice_no, account_no, amount_fen, issued_on)),
        fresh as (
          insert into credit (credit_note, invoice_no, amount_fen, issued_on)
          select credit_note, invoice_no, amount_fen, issued_on from input order by credit_note
          on conflict do nothing returning credit_note)
        insert into receivable as r (invoice_no, account_no, credited_fen)
        select invoice_no, account_no, sum(amount_fen) from input join fresh using (credit_note)
        group by invoice_no, account_no order by invoice_no
        on conflict (invoice_no) do update set credited_fen = r.credited_fen + excluded.credited_fen
        """;

    private const string MoveSql = $"""
        with {Heard},
        fresh as (
          insert into advance (event_id, account_no, amount_fen, moved_on)
          select * from unnest($9::uuid[], $10::text[], $11::bigint[], $12::date[])
            as i(event_id, account_no, amount_fen, moved_on) order by event_id
          on conflict do nothing returning event_id, account_no, amount_fen),
        allocated as (
          select i.* from unnest($4::uuid[], $5::text[], $6::text[], $7::bigint[], $8::date[])
            as i(event_id, invoice_no, account_no, amount_fen, moved_on) join fresh using (event_id)),
        fresh_allocation as (
          insert into allocation (event_id, invoice_no, amount_fen, moved_on)
          select event_id, invoice_no, amount_fen, moved_on from allocated order by event_id, invoice_no
          on conflict do nothing returning event_id, invoice_no),
        paid as (
          insert into receivable as r (invoice_no, account_no, allocated_fen)
          select invoice_no, account_no, sum(amount_fen)
          from allocated join fresh_allocation using (event_id, invoice_no)
          group by invoice_no, account_no order by invoice_no
          on conflict (invoice_no) do update set allocated_fen = r.allocated_fen + excluded.allocated_fen)
        insert into account_advance as a (account_no, advance_fen)
        select account_no, sum(amount_fen) from fresh where amount_fen <> 0 group by account_no order by account_no
        on conflict (account_no) do update set advance_fen = a.advance_fen + excluded.advance_fen
        """;

    /// <summary>Adds invoices. An invoice never changes, so a repetition is ignored.</summary>
    public static async Task<int> Issue(
        IReadOnlyList<InvoiceIssued> items, NpgsqlConnection connection, CancellationToken cancellation)
    {
        var issued = items.DistinctBy(item => item.Invoice).ToArray();
        Array.Sort(issued, (left, right) => string.CompareOrdinal(left.Invoice.Value, right.Invoice.Value));
        await using var command = new NpgsqlCommand(IssueSql, connection);
        AddHeard(command, "invoicing", items.Select(item => item.Origin));
        Add(command, issued, item => item.Invoice.Value);
        Add(command, issued, item => item.Account.Value);
        Add(command, issued, item => item.Utility.ToString());
        Add(command, issued, item => item.Period.Value);
        Add(command, issued, item => item.Region.Value);
        Add(command, issued, item => item.Project.Value);
        Add(command, issued, item => item.Class.ToString());
        Add(command, issued, item => item.Amount.Fen);
        Add(command, issued, item => item.IssuedOn);
        Add(command, issued, item => item.DueOn);
        await command.ExecuteNonQueryAsync(cancellation);
        return items.Count;
    }

    /// <summary>Applies credit notes to invoices.</summary>
    public static async Task<int> Credit(
        IReadOnlyList<CreditIssued> items, NpgsqlConnection connection, CancellationToken cancellation)
    {
        var credits = items.DistinctBy(item => item.CreditNote).ToArray();
        await using var command = new NpgsqlCommand(CreditSql, connection);
        AddHeard(command, "invoicing", items.Select(item => item.Origin));
        Add(command, credits, item => item.CreditNote.Value);
        Add(command, credits, item => item.Invoice.Value);
        Add(command, credits, item => item.Account.Value);
        Add(command, credits, item => item.Amount.Fen);
        Add(command, credits, item => item.IssuedOn);
        await command.ExecuteNonQueryAsync(cancellation);
        return items.Count;
    }

    /// <summary>
    /// Applies payments, reversals, refunds, and movements between an account's advance and its invoices.
    /// </summary>
    public static async Task<int> Move(
        IEnumerable<DatedMovement> items, NpgsqlConnection connection, CancellationToken cancellation)
    {
        var moves = items.DistinctBy(item => item.Movement.Origin.EventId).ToArray();
        var allocations = moves.SelectMany(move => move.Movement.Allocations
            .GroupBy(part => part.Invoice, part => part.Amount)
            .Select(parts => (Move: move, Invoice: parts.Key, Money.Sum(parts).Fen))).ToArray();
        await using var command = new NpgsqlCommand(MoveSql, connection);
        AddHeard(command, "payments", moves.Select(move => move.Movement.Origin));
        Add(command, allocations, part => part.Move.Movement.Origin.EventId);
        Add(command, allocations, part => part.Invoice.Value);
        Add(command, allocations, part => part.Move.Movement.Account.Value);
        Add(command, allocations, part => part.Fen);
        Add(command, allocations, part => part.Move.On);
        Add(command, moves, move => move.Movement.Origin.EventId);
        Add(command, moves, move => move.Movement.Account.Value);
        Add(command, moves, move => move.Movement.Advance.Fen);
        Add(command, moves, move => move.On);
        await command.ExecuteNonQueryAsync(cancellation);
        return moves.Length;
    }

    private static void AddHeard(NpgsqlCommand command, string publisher, IEnumerable<Origin> origins)
    {
        var newest = origins.MaxBy(origin => origin.Sequence)
            ?? throw new InvalidDataException("A message without facts was published.");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = publisher });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = newest.Sequence });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = newest.RecordedAt.UtcDateTime });
    }

    private static void Add<TItem, T>(NpgsqlCommand command, TItem[] items, Func<TItem, T> value) =>
        command.Parameters.Add(new NpgsqlParameter<T[]> { TypedValue = Array.ConvertAll(items, item => value(item)) });
}
