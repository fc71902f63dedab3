using Marten.Internal.Operations;
using Npgsql;
using Weasel.Postgresql;

namespace Billing.Platform;

/// <summary>
/// The rows that follow from events, collected per table and written together with them. An upserted row replaces the
/// row with the same key, and the last one wins; an inserted row's key must not exist yet, which keeps a natural key
/// unique.
/// </summary>
public sealed class Rows
{
    private readonly Dictionary<ITable, RowSet> _sets = [];

    /// <summary>Whether there is nothing to write.</summary>
    public bool IsEmpty => _sets.Count == 0;

    /// <summary>Inserts a row or replaces the one with its key.</summary>
    public void Upsert<TRow>(Table<TRow> table, TRow row) => SetOf(table).Upserts[table.KeyOf(row)] = row;

    /// <summary>Inserts a row whose key must not exist yet.</summary>
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

    /// <summary>The only tables for which rows are collected, or null for all.</summary>
    internal IReadOnlyList<ITable>? Only { get; set; }

    /// <summary>
    /// The statements that write all rows, one for each table and kind of write, always in the same order.
    /// </summary>
    internal IEnumerable<Action<ICommandBuilder>> Statements() => InOrder().SelectMany(set => set.Statements());

    /// <summary>The same as one operation of a Marten session.</summary>
    internal IStorageOperation Operation() => new Statements([.. Statements()]);

    internal Rejection? RefusalFor(PostgresException taken) =>
        _sets.Keys.FirstOrDefault(table => table.Name == taken.TableName)?.Taken;

    /// <summary>Inserts by COPY, upserts as one statement per table.</summary>
    internal async Task Copy(NpgsqlConnection connection, CancellationToken cancellation)
    {
        foreach (var set in InOrder())
            await set.Copy(connection, cancellation);
    }

    /// <summary>
    /// Writes everything by COPY, into tables that are being filled and cannot contain any of the rows yet.
    /// </summary>
    internal async Task Fill(NpgsqlConnection connection, Func<string, string> rename, CancellationToken cancellation)
    {
        foreach (var set in _sets.Values)
            await set.Fill(connection, rename, cancellation);
    }

    /// <summary>Upserts everything, for rows that may exist already.</summary>
    internal async Task Overwrite(
        NpgsqlConnection connection, Func<string, string> rename, CancellationToken cancellation)
    {
        if (IsEmpty)
            return;
        await Execute(connection, _sets.Values.Select(set => set.Overwrite(rename)), cancellation);
    }

    private static async Task Execute(
        NpgsqlConnection connection, IEnumerable<Action<ICommandBuilder>> statements, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        var builder = new BatchBuilder(batch);
        foreach (var statement in statements)
        {
            builder.StartNewCommand();
            statement(builder);
        }
        builder.Compile();
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    private IEnumerable<RowSet> InOrder() =>
        _sets.OrderBy(entry => entry.Key.Name, StringComparer.Ordinal).Select(entry => entry.Value);

    private RowSet<TRow> SetOf<TRow>(Table<TRow> table)
    {
        if (Only is not null && !Only.Contains(table))
            throw new InvalidOperationException($"A row for {table.Name}, which its stream type does not name.");
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

        public abstract IEnumerable<Action<ICommandBuilder>> Statements();

        public abstract Action<ICommandBuilder> Overwrite(Func<string, string> rename);

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

        public override IEnumerable<Action<ICommandBuilder>> Statements()
        {
            if (Inserts.Count > 0)
                yield return statement => table.Write(statement, Inserts, upsert: false);
            if (Upserts.Count > 0)
                yield return statement => table.Write(statement, Upserts.Values, upsert: true);
        }

        public override Action<ICommandBuilder> Overwrite(Func<string, string> rename)
        {
            foreach (var row in Inserts)
                Upserts.TryAdd(table.KeyOf(row), row);
            return statement => table.Write(statement, Upserts.Values, upsert: true, rename(table.Name));
        }

        public override async Task Copy(NpgsqlConnection connection, CancellationToken cancellation)
        {
            if (Inserts.Count > 0)
                await table.Copy(connection, Inserts, table.Name, cancellation);
            if (Upserts.Count > 0)
                await Execute(
                    connection, [statement => table.Write(statement, Upserts.Values, upsert: true)], cancellation);
        }

        public override async Task Fill(
            NpgsqlConnection connection, Func<string, string> rename, CancellationToken cancellation)
        {
            // A row that was inserted and later upserted must be written once only.
            TRow[] rows = [.. Inserts.Where(row => !Upserts.ContainsKey(table.KeyOf(row))), .. Upserts.Values];
            await table.Copy(connection, rows, rename(table.Name), cancellation);
        }
    }
}
