using Npgsql;

namespace Billing.Platform;

/// <summary>
/// Rebuilds the read models of a stream type beside the live ones and swaps them in one short transaction. Writers of the
/// streams wait during the swap's catch-up only; readers see the old rows until the new ones are complete.
/// </summary>
public sealed class Rebuild<TState, TEvent>(NpgsqlDataSource source, StreamType<TState, TEvent> type)
    where TEvent : class
{
    private const int RowsPerCopy = 20_000;

    /// <summary>Rebuilds the named tables.</summary>
    /// <param name="tables">All tables the type projects to.</param>
    /// <param name="progress">Told the number of events folded so far, now and then.</param>
    /// <param name="cancellation">Cancels and leaves the live tables as they were.</param>
    /// <returns>The number of events folded.</returns>
    public async Task<long> Run(
        IReadOnlyList<string> tables, IProgress<long>? progress = null, CancellationToken cancellation = default)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        // Appends to this store wait until the swap; reads go on. That keeps the new tables exact without a second pass.
        await Run(connection, "lock table mt_streams in share row exclusive mode", cancellation);
        foreach (var table in tables)
            await Run(connection, $"create table {Beside(table)} (like {table} including all)", cancellation);
        var events = await Fold(connection, progress, cancellation);
        foreach (var table in tables)
            await Swap(connection, table, cancellation);
        await transaction.CommitAsync(cancellation);
        return events;
    }

    private async Task<long> Fold(NpgsqlConnection writer, IProgress<long>? progress, CancellationToken cancellation)
    {
        var (events, rows, pending) = (0L, new Rows(), 0);
        var (stream, state) = ("", type.Initial);
        await using var reading = await source.OpenConnectionAsync(cancellation);
        await using var command = new NpgsqlCommand("""
            select stream_id, version, type, data, id, timestamp from mt_events
            where stream_id like $1 order by stream_id, version
            """, reading) { CommandTimeout = 0 };
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = type.Category + "-%" });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            var id = reader.GetString(0);
            if (id != stream)
            {
                if (pending >= RowsPerCopy)
                {
                    await rows.Copy(writer, Beside, cancellation);
                    (rows, pending) = (new Rows(), 0);
                    progress?.Report(events);
                }
                (stream, state) = (id, type.Initial);
            }
            var @event = type.Events.Read(reader.GetString(2), reader.GetFieldValue<byte[]>(3));
            var after = type.Evolve(state, @event);
            type.Project?.Invoke(rows, new(id, reader.GetInt64(1), reader.GetGuid(4),
                reader.GetFieldValue<DateTimeOffset>(5), @event), state, after);
            state = after;
            events++;
            pending++;
        }
        await rows.Copy(writer, Beside, cancellation);
        progress?.Report(events);
        return events;
    }

    private static async Task Swap(NpgsqlConnection connection, string table, CancellationToken cancellation)
    {
        await Run(connection, $"drop table {table}", cancellation);
        await Run(connection, $"alter table {Beside(table)} rename to {table}", cancellation);
        await using var names = new NpgsqlCommand("""
            select conname, 'constraint' from pg_constraint where conrelid = $1::regclass and conname like '%\_rebuilt%'
            union all
            select i.relname, 'index' from pg_index x join pg_class i on i.oid = x.indexrelid
            where x.indrelid = $1::regclass and i.relname like '%\_rebuilt%'
              and not exists (select 1 from pg_constraint c where c.conindid = x.indexrelid)
            """, connection) { Parameters = { new() { Value = table } } };
        var renames = new List<string>();
        await using (var reader = await names.ExecuteReaderAsync(cancellation))
        {
            while (await reader.ReadAsync(cancellation))
            {
                var (name, kind) = (reader.GetString(0), reader.GetString(1));
                var original = name.Replace("_rebuilt", "", StringComparison.Ordinal);
                renames.Add(kind == "constraint"
                    ? $"alter table {table} rename constraint {name} to {original}"
                    : $"alter index {name} rename to {original}");
            }
        }
        foreach (var rename in renames)
            await Run(connection, rename, cancellation);
    }

    private static string Beside(string table) => $"{table}_rebuilt";

    private static async Task Run(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
