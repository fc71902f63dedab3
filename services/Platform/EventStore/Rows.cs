using Npgsql;

namespace Billing.Platform;

/// <summary>
/// The rows that follow from events, gathered per table and written together with them. An upserted row replaces the
/// row of the same key, the last one wins; an inserted row's key must be free, which is how a natural key stays unique.
/// </summary>
public sealed class Rows
{
    private readonly Dictionary<ITable, RowSet> _sets = [];

    /// <summary>Whether there is nothing to write.</summary>
    public bool IsEmpty => _sets.Count == 0;

    /// <summary>Writes a row over whatever has its key.</summary>
    public void Upsert<TRow>(Table<TRow> table, TRow row) => SetOf(table).Upserts[table.KeyOf(row)] = row;

    /// <summary>Writes a row whose key must be free.</summary>
    public void Insert<TRow>(Table<TRow> table, TRow row) => SetOf(table).Inserts.Add(row);

    internal void Add(Rows other)
    {
        foreach (var (table, set) in other._sets)
        {
            if (_sets.TryGetValue(table, out var mine))
                mine.Add(set);
            else
                _sets.Add(table, set.Copy());
        }
    }

    internal IEnumerable<NpgsqlBatchCommand> Commands() =>
        _sets.OrderBy(entry => entry.Key.Name, StringComparer.Ordinal).SelectMany(entry => entry.Value.Commands());

    internal Rejection? RefusalFor(PostgresException taken) =>
        _sets.Keys.FirstOrDefault(table => table.Name == taken.TableName)?.Taken;

    /// <summary>Inserts by COPY, upserts as one statement per table.</summary>
    internal async Task Copy(NpgsqlConnection connection, CancellationToken cancellation)
    {
        foreach (var set in _sets.OrderBy(entry => entry.Key.Name, StringComparer.Ordinal).Select(entry => entry.Value))
            await set.Copy(connection, cancellation);
    }

    /// <summary>Everything by COPY, into tables that are being filled and cannot hold any of the rows yet.</summary>
    internal async Task Fill(NpgsqlConnection connection, Func<string, string> rename, CancellationToken cancellation)
    {
        foreach (var set in _sets.Values)
            await set.Fill(connection, rename, cancellation);
    }

    /// <summary>Writes everything over whatever has its key, for rows that may be there already.</summary>
    internal async Task Overwrite(
        NpgsqlConnection connection, Func<string, string> rename, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var set in _sets.Values)
            batch.BatchCommands.Add(set.Overwrite(rename));
        if (batch.BatchCommands.Count > 0)
            await batch.ExecuteNonQueryAsync(cancellation);
    }

    private RowSet<TRow> SetOf<TRow>(Table<TRow> table)
    {
        if (_sets.TryGetValue(table, out var set))
            return (RowSet<TRow>)set;
        var created = new RowSet<TRow>(table);
        _sets.Add(table, created);
        return created;
    }

    private abstract class RowSet
    {
        public abstract void Add(RowSet other);

        public abstract RowSet Copy();

        public abstract IEnumerable<NpgsqlBatchCommand> Commands();

        public abstract NpgsqlBatchCommand Overwrite(Func<string, string> rename);

        public abstract Task Copy(NpgsqlConnection connection, CancellationToken cancellation);

        public abstract Task Fill(
            NpgsqlConnection connection, Func<string, string> rename, CancellationToken cancellation);
    }

    private sealed class RowSet<TRow>(Table<TRow> table) : RowSet
    {
        public List<TRow> Inserts { get; } = [];

        public Dictionary<object, TRow> Upserts { get; } = [];

        public override void Add(RowSet other)
        {
            var same = (RowSet<TRow>)other;
            Inserts.AddRange(same.Inserts);
            foreach (var (key, row) in same.Upserts)
                Upserts[key] = row;
        }

        public override RowSet Copy()
        {
            var copy = new RowSet<TRow>(table);
            copy.Add(this);
            return copy;
        }

        public override IEnumerable<NpgsqlBatchCommand> Commands()
        {
            if (Inserts.Count > 0)
                yield return table.Write(Inserts, upsert: false);
            if (Upserts.Count > 0)
                yield return table.Write(Upserts.Values, upsert: true);
        }

        public override NpgsqlBatchCommand Overwrite(Func<string, string> rename)
        {
            foreach (var row in Inserts)
                Upserts.TryAdd(table.KeyOf(row), row);
            return table.Write(Upserts.Values, upsert: true, rename(table.Name));
        }

        public override async Task Copy(NpgsqlConnection connection, CancellationToken cancellation)
        {
            if (Inserts.Count > 0)
                await table.Copy(connection, Inserts, table.Name, cancellation);
            if (Upserts.Count == 0)
                return;
            await using var batch =
                new NpgsqlBatch(connection) { BatchCommands = { table.Write(Upserts.Values, true) } };
            await batch.ExecuteNonQueryAsync(cancellation);
        }

        public override async Task Fill(
            NpgsqlConnection connection, Func<string, string> rename, CancellationToken cancellation)
        {
            // A row that was inserted and later written over must not be there twice.
            TRow[] rows = [.. Inserts.Where(row => !Upserts.ContainsKey(table.KeyOf(row))), .. Upserts.Values];
            await table.Copy(connection, rows, rename(table.Name), cancellation);
        }
    }
}
