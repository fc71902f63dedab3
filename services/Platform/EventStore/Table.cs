using Npgsql;
using NpgsqlTypes;
using Weasel.Postgresql;

namespace Billing.Platform;

/// <summary>
/// A read-model table as its writers see it: the columns in order, and how a row fills them. It writes whole batches,
/// either as one statement over arrays or by COPY.
/// </summary>
/// <typeparam name="TRow">The row as a record.</typeparam>
public sealed class Table<TRow> : ITable
{
    private readonly List<Field> _columns = [];
    private readonly List<Func<TRow, object?>> _key = [];
    private string? _onConflict;

    /// <summary>Declares a table without columns; add them next.</summary>
    public Table(string name) => Name = name;

    /// <summary>The table's name.</summary>
    public string Name { get; }

    /// <summary>The refusal when an inserted row's key exists already.</summary>
    public Rejection Taken { get; private set; } = Rejection.KeyTaken;

    /// <summary>Adds a column of the primary key.</summary>
    public Table<TRow> Key<T>(string name, Func<TRow, T> value)
    {
        _key.Add(row => value(row));
        return Add(new Field<T>(name, true, value, TypeOf(typeof(T))));
    }

    /// <summary>Adds a column.</summary>
    public Table<TRow> Column<T>(string name, Func<TRow, T> value) =>
        Add(new Field<T>(name, false, value, TypeOf(typeof(T))));

    /// <summary>Adds a jsonb column from JSON text.</summary>
    public Table<TRow> JsonColumn(string name, Func<TRow, string?> value) =>
        Add(new Field<string?>(name, false, value, NpgsqlDbType.Jsonb));

    /// <summary>Adds a text column from UTF-8, such as JSON that is passed on unread.</summary>
    public Table<TRow> TextColumn(string name, Func<TRow, byte[]> utf8) =>
        Add(new Field<byte[]>(name, false, utf8, NpgsqlDbType.Text));

    /// <summary>Adds the columns of another table, which are declared only there.</summary>
    public Table<TRow> Including<TPart>(Table<TPart> part, Func<TRow, TPart> of)
    {
        ArgumentNullException.ThrowIfNull(part);
        foreach (var column in part._columns)
            Add(column.Of(of));
        return this;
    }

    /// <summary>The columns in order as a SQL list, qualified with a relation's name when one is given.</summary>
    public string Columns(string? of = null) =>
        string.Join(", ", _columns.Select(column => of is null ? column.Name : $"{of}.{column.Name}"));

    /// <summary>Sets the refusal for an insert whose key exists already.</summary>
    public Table<TRow> TakenAs(Rejection rejection)
    {
        Taken = rejection;
        return this;
    }

    internal object KeyOf(TRow row) => _key.Count == 1
        ? _key[0](row)!
        : string.Join('\u001f', _key.Select(part => part(row)));

    internal void Write(
        ICommandBuilder statement, IReadOnlyCollection<TRow> rows, bool upsert, string? into = null)
    {
        statement.Append($"insert into {into ?? Name} ({Columns()}) select * from unnest(");
        for (var i = 0; i < _columns.Count; i++)
        {
            statement.Append(i == 0 ? "" : ", ");
            _columns[i].Append(statement, rows);
        }
        statement.Append(")");
        if (upsert)
            statement.Append(OnConflict);
    }

    /// <summary>Writes new rows by COPY.</summary>
    /// <param name="connection">The connection, inside its transaction.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="into">The table to write to, with these columns; by default this one.</param>
    /// <param name="cancellation">Cancels.</param>
    public async Task Copy(
        NpgsqlConnection connection, IReadOnlyCollection<TRow> rows, string into, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(rows);
        var sql = $"copy {into} ({Columns()}) from stdin (format binary)";
        await using var writer = await connection.BeginBinaryImportAsync(sql, cancellation);
        foreach (var row in rows)
        {
            // Into a buffer: an async call per field would cost more than the field.
            writer.StartRow();
            foreach (var column in _columns)
                column.Write(writer, row);
        }
        await writer.CompleteAsync(cancellation);
    }

    private Table<TRow> Add(Field column)
    {
        _columns.Add(column);
        return this;
    }

    private string OnConflict => _onConflict ??= DescribeConflict();

    private string DescribeConflict()
    {
        var others = _columns.Where(column => !column.IsKey).ToList();
        var action = others.Count == 0
            ? "nothing"
            : "update set " + string.Join(", ", others.Select(column => $"{column.Name} = excluded.{column.Name}"));
        var key = _columns.Where(column => column.IsKey).Select(column => column.Name);
        return $" on conflict ({string.Join(", ", key)}) do {action}";
    }

    private static NpgsqlDbType TypeOf(Type type) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        var t when t == typeof(string) => NpgsqlDbType.Text,
        var t when t == typeof(long) => NpgsqlDbType.Bigint,
        var t when t == typeof(int) => NpgsqlDbType.Integer,
        var t when t == typeof(bool) => NpgsqlDbType.Boolean,
        var t when t == typeof(decimal) => NpgsqlDbType.Numeric,
        var t when t == typeof(DateOnly) => NpgsqlDbType.Date,
        var t when t == typeof(TimeOnly) => NpgsqlDbType.Time,
        var t when t == typeof(DateTimeOffset) => NpgsqlDbType.TimestampTz,
        var t when t == typeof(Guid) => NpgsqlDbType.Uuid,
        var t when t == typeof(byte[]) => NpgsqlDbType.Bytea,
        _ => throw new NotSupportedException($"No column type for {type.Name}."),
    };

    private abstract record Field(string Name, bool IsKey, NpgsqlDbType Type)
    {
        public string SqlType => Type switch
        {
            NpgsqlDbType.TimestampTz => "timestamptz",
            _ => Type.ToString().ToLowerInvariant(),
        };

        public abstract Table<TWhole>.Field Of<TWhole>(Func<TWhole, TRow> part);

        public abstract void Append(ICommandBuilder statement, IReadOnlyCollection<TRow> rows);

        public abstract void Write(NpgsqlBinaryImporter writer, TRow row);
    }

    private sealed record Field<T>(string Name, bool IsKey, Func<TRow, T> Value, NpgsqlDbType Type)
        : Field(Name, IsKey, Type)
    {
        public override Table<TWhole>.Field Of<TWhole>(Func<TWhole, TRow> part) =>
            new Table<TWhole>.Field<T>(Name, IsKey, whole => Value(part(whole)), Type);

        public override void Append(ICommandBuilder statement, IReadOnlyCollection<TRow> rows)
        {
            var values = new T[rows.Count];
            var i = 0;
            foreach (var row in rows)
                values[i++] = Value(row);
            statement.AppendParameter(values, Type | NpgsqlDbType.Array);
            statement.Append($"::{SqlType}[]");
        }

        public override void Write(NpgsqlBinaryImporter writer, TRow row)
        {
            if (Value(row) is { } value)
                writer.Write(value, Type);
            else
                writer.WriteNull();
        }
    }
}

/// <summary>A table without its row type, for the collections that hold many of them.</summary>
public interface ITable
{
    /// <summary>The table's name.</summary>
    string Name { get; }

    /// <summary>The refusal when an inserted row's key exists already.</summary>
    Rejection Taken { get; }
}
