using Npgsql;

namespace Billing.Tools;

/// <summary>
/// An ordered stream of rows about accounts; the first column is the account. It is read in parallel with the others,
/// so that the audit of a million accounts needs the memory of one.
/// </summary>
internal sealed class Source : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlDataReader _reader;
    private readonly Action<AccountBooks, NpgsqlDataReader> _add;
    private readonly int _prefix;

    private Source(
        NpgsqlConnection connection, NpgsqlDataReader reader, int prefix, Action<AccountBooks, NpgsqlDataReader> add) =>
        (_connection, _reader, _prefix, _add) = (connection, reader, prefix, add);

    /// <summary>The account of the next row, or null at the end.</summary>
    public string? Next { get; private set; }

    public long Rows { get; private set; }

    /// <summary>Opens a source in a snapshot of its own.</summary>
    /// <param name="service">The service whose database is read.</param>
    /// <param name="sql">A query ordered by its first column.</param>
    /// <param name="prefix">The number of characters before the account number in the first column.</param>
    /// <param name="add">Adds a row to the account's books.</param>
    public static async Task<Source> Open(
        string service, string sql, int prefix, Action<AccountBooks, NpgsqlDataReader> add,
        CancellationToken cancellation)
    {
        var connection = new NpgsqlConnection(Instance.Postgres(service));
        await connection.OpenAsync(cancellation);
        await using (var begin = new NpgsqlCommand(
            "begin transaction isolation level repeatable read read only; set local work_mem = '256MB'", connection))
            await begin.ExecuteNonQueryAsync(cancellation);
        var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        var source = new Source(connection, await command.ExecuteReaderAsync(cancellation), prefix, add);
        await source.Advance(cancellation);
        return source;
    }

    /// <summary>Adds all rows of one account to its books.</summary>
    public async Task Take(AccountBooks books, CancellationToken cancellation)
    {
        while (Next == books.Account)
        {
            _add(books, _reader);
            Rows++;
            await Advance(cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _reader.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private async Task Advance(CancellationToken cancellation)
    {
        var before = Next;
        Next = await _reader.ReadAsync(cancellation) ? _reader.GetString(0)[_prefix..] : null;
        if (before is not null && Next is not null && string.CompareOrdinal(before, Next) > 0)
            throw new Failure($"Accounts are out of order: {Next} after {before}.");
    }
}
