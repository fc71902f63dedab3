using System.Runtime.CompilerServices;
using Npgsql;

namespace Billing.Platform;

/// <summary>
/// Queries over the stored events of a database, for tools, counts and tests, never for decisions. Event kinds are
/// named by their record types; callers need not know the stored names.
/// </summary>
public sealed class StoredEvents
{
    private const string Columns = "stream_id, version, id, timestamp, type, data";

    private readonly Func<string, NpgsqlCommand> _command;

    /// <summary>Queries over connections of a pool.</summary>
    public StoredEvents(NpgsqlDataSource source) => _command = source.CreateCommand;

    /// <summary>Queries over one connection, in its transaction.</summary>
    public StoredEvents(NpgsqlConnection connection) => _command = sql => new(sql, connection);

    /// <summary>
    /// A subquery for events of some kinds, to be joined inside the database. Its columns are those of
    /// <see cref="EventTables.Events"/>.
    /// </summary>
    public static string Sql(params IEnumerable<Type> kinds) =>
        $"(select * from {EventTables.Events} where type in ({string.Join(", ", Names(kinds).Select(n => $"'{n}'"))}))";

    /// <summary>The highest event number assigned; 0 when there is none.</summary>
    public Task<long> Head(CancellationToken cancellation = default) =>
        Ask("select case when is_called then last_value else 0 end from mt_events_sequence", cancellation);

    /// <summary>The number of the last event published; 0 when there is none.</summary>
    public Task<long> Relayed(CancellationToken cancellation = default) => Ask(
        $"select coalesce(max(last_seq_id), 0) from {EventTables.Progress} where name = $1", cancellation,
        EventTables.Relay);

    /// <summary>Whether there are stored events that have not been published yet.</summary>
    public async Task<bool> AreAhead(CancellationToken cancellation = default) => await Ask(
        "select count(*) from (select 1 from mt_events where seq_id > $1 limit 1) e", cancellation,
        await Relayed(cancellation)) > 0;

    /// <summary>
    /// The number before the first event recorded at or after an instant; above all numbers when there is none.
    /// </summary>
    public Task<long> Before(DateTimeOffset since, CancellationToken cancellation = default) => Ask(
        "select coalesce(min(seq_id) - 1, $2) from mt_events where timestamp >= $1", cancellation,
        since.ToUniversalTime(), long.MaxValue);

    /// <summary>The number of events of a kind, or of a family.</summary>
    public Task<long> Count<TEvent>(CancellationToken cancellation = default)
        where TEvent : class => Count(new EventNames<TEvent>().All.Values, 0, long.MaxValue, cancellation);

    /// <summary>The number of events of some kinds after a position (exclusive), up to another (inclusive).</summary>
    public Task<long> Count(IEnumerable<Type> kinds, long after, long upTo, CancellationToken cancellation = default) =>
        Ask("select count(*) from mt_events where seq_id > $1 and seq_id <= $2 and type = any($3)", cancellation,
            after, upTo, Names(kinds));

    /// <summary>The number of events of each stored name, known or unknown.</summary>
    public async Task<IReadOnlyDictionary<string, long>> CountByName(CancellationToken cancellation = default)
    {
        await using var command = Command(
            $"select type, count(*) from mt_events where stream_id <> '{EventTables.Tombstones}' group by type");
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var counts = new SortedDictionary<string, long>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellation))
            counts[reader.GetString(0)] = reader.GetInt64(1);
        return counts;
    }

    /// <summary>The events of one stream.</summary>
    public IAsyncEnumerable<Recorded<TEvent>> Of<TState, TEvent>(
        StreamName<TState, TEvent> stream, CancellationToken cancellation = default)
        where TEvent : class
    {
        ArgumentNullException.ThrowIfNull(stream);
        return Read(
            stream.Type.Events, $"select {Columns} from mt_events where stream_id = $1 order by version", cancellation,
            stream.Id);
    }

    /// <summary>The events of a kind, or of a family, after a position (exclusive), in the global order.</summary>
    public IAsyncEnumerable<Recorded<TEvent>> Since<TEvent>(long position = 0, CancellationToken cancellation = default)
        where TEvent : class
    {
        var kinds = new EventNames<TEvent>();
        return Read(
            kinds, $"select {Columns} from mt_events where seq_id > $1 and type = any($2) order by seq_id",
            cancellation, position, kinds.All.Keys.ToArray());
    }

    /// <summary>The events of all streams of a family, stream by stream, up to a position (inclusive).</summary>
    public IAsyncEnumerable<Recorded<TEvent>> Streams<TState, TEvent>(
        StreamType<TState, TEvent> type, long upTo, CancellationToken cancellation = default)
        where TEvent : class
    {
        ArgumentNullException.ThrowIfNull(type);
        return Read(
            type.Events,
            $"select {Columns} from mt_events where stream_id like $1 and seq_id <= $2 order by stream_id, version",
            cancellation, type.Category + "-%", upTo);
    }

    /// <summary>
    /// The events of the family's streams that have moved since a position, each stream from its beginning.
    /// </summary>
    public IAsyncEnumerable<Recorded<TEvent>> Moved<TState, TEvent>(
        StreamType<TState, TEvent> type, long since, CancellationToken cancellation = default)
        where TEvent : class
    {
        ArgumentNullException.ThrowIfNull(type);
        return Read(
            type.Events,
            $"""
            select {Columns} from mt_events
            where stream_id in (select stream_id from mt_events where seq_id > $2 and stream_id like $1)
            order by stream_id, version
            """,
            cancellation, type.Category + "-%", since);
    }

    private static string[] Names(IEnumerable<Type> kinds) => [.. kinds.Select(StoredAsAttribute.NameOf)];

    private async IAsyncEnumerable<Recorded<TEvent>> Read<TEvent>(
        EventNames<TEvent> names, string sql, [EnumeratorCancellation] CancellationToken cancellation,
        params object[] parameters)
        where TEvent : class
    {
        await using var command = Command(sql, parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            yield return new(
                reader.GetString(0), reader.GetInt64(1), reader.GetGuid(2), reader.GetFieldValue<DateTimeOffset>(3),
                names.Read(reader.GetString(4), reader.GetFieldValue<byte[]>(5)));
    }

    private async Task<long> Ask(string sql, CancellationToken cancellation, params object[] parameters)
    {
        await using var command = Command(sql, parameters);
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    private NpgsqlCommand Command(string sql, params object[] parameters)
    {
        var command = _command(sql);
        command.CommandTimeout = 0;
        foreach (var parameter in parameters)
            command.Parameters.Add(new() { Value = parameter });
        return command;
    }
}
