using Billing.Contracts;
using Billing.Platform;
using Npgsql;

namespace Billing.Invoicing;

/// <summary>
/// Posts the drafts of a chunk: the events are appended to the account streams and the rows inserted into the invoice
/// table directly from the draft table, inside the database, with the marker. The numbers were assigned when posting
/// began, so the n-th draft of a chunk has the same number however often it is attempted.
/// </summary>
public sealed class ChunkPosting(EventStore store, NpgsqlDataSource source)
{
    private const string BeginSql = """
        select m.first_no, m.issued, r.utility, r.period, array(
          select e.account_no from run_exception e where e.run = m.run and e.state <> 'released'
            and e.account_no between c.accounts[1] and c.accounts[cardinality(c.accounts)])
        from run_chunk m join run r using (run) join run_cohort c using (run, chunk_no)
        where m.run = $1 and m.chunk_no = $2 and m.posted_at is null and r.state = 'posting'
        for update of m
        """;

    private const string NumberedSql = """
        select d.*, $3 || lpad(($2 + row_number() over (order by d.account_no) - 1)::text, 8, '0') as invoice_no
        from {draft} d where d.chunk_no = $1 and d.account_no <> all($4::text[])
        """;

    private static readonly string EventsSql = $$"""
        select '{{Account.Streams.Category}}-' || n.account_no as stream_id,
          '{{Account.Streams.Category}}' as category,
          event_id('{{InvoiceIssued.Named}}' || n.invoice_no) as id,
          n.fact::jsonb || jsonb_build_object('{{InvoiceIssued.NumberMember}}', n.invoice_no) as data
        from ({{NumberedSql}}) n
        """;

    private static readonly string RowsSql = Invoices.InsertFrom(NumberedSql, "$5");

    private const string MarkSql =
        "update run_chunk set posted_at = clock_timestamp(), fault = null where run = $1 and chunk_no = $2";

    /// <summary>The prefix of the running number, such as <c>E202610-</c>.</summary>
    internal static string Prefix(Utility utility, BillingPeriod period) =>
        $"{(utility == Utility.Electricity ? 'E' : 'H')}{period.Value.Replace("-", "", StringComparison.Ordinal)}-";

    /// <summary>Posts a chunk unless it is done already; returns whether nothing of the run is left.</summary>
    public async Task<bool> Execute(PostChunk work, CancellationToken cancellation)
    {
        // Appending the events locks the streams in order of account; nothing has to be read of them first.
        await store.Bulk([], async session =>
        {
            if (await Begin(session.Connection, work, cancellation) is not { } chunk)
                return false;
            await Write(session, work, chunk, cancellation);
            return true;
        }, cancellation);
        await using var left = source.CreateCommand(
            "select not exists (select 1 from run_chunk where run = $1 and posted_at is null)");
        left.Parameters.Add(new() { Value = work.Run.Value });
        return (bool)(await left.ExecuteScalarAsync(cancellation))!;
    }

    private static async Task<Chunk?> Begin(NpgsqlConnection connection, PostChunk work, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(BeginSql, connection)
        {
            Parameters = { new() { Value = work.Run.Value }, new() { Value = work.Chunk } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation)
            ? new(reader.GetInt64(0), reader.GetInt32(1), Enum.Parse<Utility>(reader.GetString(2)),
                BillingPeriod.Wrap(reader.GetString(3)), reader.GetFieldValue<string[]>(4))
            : null;
    }

    private static async Task Write(BulkSession session, PostChunk work, Chunk chunk, CancellationToken cancellation)
    {
        var table = work.Run.DraftTable();
        NpgsqlParameter[] Numbering() =>
        [
            new() { Value = work.Chunk }, new() { Value = chunk.FirstNo },
            new() { Value = Prefix(chunk.Utility, chunk.Period) }, new() { Value = chunk.Held },
        ];
        var appended = await session.AppendFrom(
            EventsSql.Replace("{draft}", table, StringComparison.Ordinal), typeof(InvoiceIssued), Numbering(),
            cancellation);
        await using var batch = new NpgsqlBatch(session.Connection);
        var rows = new NpgsqlBatchCommand(RowsSql.Replace("{draft}", table, StringComparison.Ordinal));
        rows.Parameters.AddRange(Numbering());
        rows.Parameters.Add(new() { Value = work.Run.Value });
        batch.BatchCommands.Add(rows);
        batch.BatchCommands.Add(new(MarkSql)
        {
            Parameters = { new() { Value = work.Run.Value }, new() { Value = work.Chunk } },
        });
        await batch.ExecuteNonQueryAsync(cancellation);
        if (appended != chunk.Invoices || (int)rows.RecordsAffected != chunk.Invoices)
            throw new InvalidOperationException(
                $"Chunk {work.Chunk} of {work.Run} has numbers for {chunk.Invoices} invoices and would issue " +
                $"{appended}.");
    }

    private sealed record Chunk(
        long FirstNo, int Invoices, Utility Utility, BillingPeriod Period, string[] Held);
}
