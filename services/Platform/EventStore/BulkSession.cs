using Marten;
using Npgsql;
using NpgsqlTypes;

namespace Billing.Platform;

/// <summary>
/// One Marten session over many streams. Existing streams are locked in order at the beginning and continued; new ones
/// are created. Events and inserted rows are written by COPY at the end. Everything else that belongs to the same
/// transaction (a chunk's marker, an inbox key) is written through <see cref="Connection"/>.
/// </summary>
public sealed class BulkSession
{
    private readonly Dictionary<string, long> _versions;
    private readonly Dictionary<string, (string Category, long Before, long After)> _moved =
        new(StringComparer.Ordinal);
    private readonly List<(string Stream, long Version, NewEvent Event)> _events = [];
    private readonly EventMetadata _metadata = EventMetadata.Capture();
    private readonly DateTimeOffset _at;
    private int _fromQueries;

    private BulkSession(IDocumentSession marten, Dictionary<string, long> versions, DateTimeOffset at) =>
        (Marten, Connection, _versions, _at) = (marten, marten.Connection!, versions, at);

    /// <summary>The underlying Marten session; operations queued on it are written when the session ends.</summary>
    public IDocumentSession Marten { get; }

    /// <summary>The session's connection, inside its transaction.</summary>
    public NpgsqlConnection Connection { get; }

    /// <summary>Rows to write with the events, in addition to those that the streams' projectors make.</summary>
    public Rows Rows { get; } = new();

    /// <summary>The number of events to append.</summary>
    public int Appended => _events.Count;

    internal int Recorded => _events.Count + _fromQueries;

    /// <summary>The version of a locked stream; 0 for one that does not exist.</summary>
    public long VersionOf(string stream) => _versions.GetValueOrDefault(stream);

    /// <summary>The states of all locked streams of one type that have events.</summary>
    public async Task<Dictionary<string, TState>> Load<TState, TEvent>(
        StreamType<TState, TEvent> type, CancellationToken cancellation = default)
        where TEvent : class
    {
        var prefix = type.Category + "-";
        string[] streams = [.. _versions.Keys.Where(id => id.StartsWith(prefix, StringComparison.Ordinal))];
        try
        {
            return await Read(type.FoldVersion ?? "");
        }
        catch (UnreadableSnapshotException)
        {
            return await Read("");
        }

        async Task<Dictionary<string, TState>> Read(string fold)
        {
            var news = await Loader.Read(
                Connection, [.. streams.Select(id => new Wanted(id, 0, default, fold))], cancellation);
            return news.ToDictionary(
                stream => stream.Key, stream => Folding.Fold(type, null, stream.Value).State,
                StringComparer.Ordinal);
        }
    }

    /// <summary>Appends events after the last event of a stream; its rows are made by its projector.</summary>
    /// <param name="stream">The stream; one of those the session was begun with.</param>
    /// <param name="before">Its state before these events.</param>
    /// <param name="events">The events.</param>
    /// <returns>The state after the events.</returns>
    public TState Append<TState, TEvent>(
        StreamName<TState, TEvent> stream, TState before, IReadOnlyList<TEvent> events)
        where TEvent : class
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (events.Count == 0)
            return before;
        var locked = VersionOf(stream.Id);
        var version = _moved.TryGetValue(stream.Id, out var moved) ? moved.After : locked;
        _moved[stream.Id] = (stream.Type.Category, locked, version + events.Count);
        var next = version;
        return Folding.Project(stream, before, version, events, Add, _at, Rows);

        void Add(Guid id, TEvent @event)
        {
            var (name, dotnet) = stream.Type.Events.Entry(@event);
            _events.Add((stream.Id, ++next, new(id, name, dotnet, EventNames<TEvent>.Write(@event), _metadata)));
        }
    }

    /// <summary>
    /// Appends one event to each of many streams from a query, so that data already in the database does not travel to
    /// a client and back. The statement locks the streams in order; they need not be among those the session was begun
    /// with.
    /// </summary>
    /// <param name="select">A query that returns stream_id varchar, category varchar, id uuid, data jsonb, one row per
    /// stream; the id is <c>event_id(text)</c> of the event's natural key.</param>
    /// <param name="kind">The event type.</param>
    /// <param name="parameters">The query's positional parameters, $1 first.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <returns>How many events were appended.</returns>
    public async Task<int> AppendFrom(
        string select, Type kind, NpgsqlParameter[] parameters,
        CancellationToken cancellation = default)
    {
        var place = parameters.Length;
        var sql = $"""
            with facts as materialized (
              select f.stream_id collate "default" as stream_id, f.category, f.id, f.data from ({select}) f order by 1),
            moved as (
              update mt_streams s set version = s.version + 1, timestamp = now() from facts f where s.id = f.stream_id
              returning s.id as stream_id, s.version, f.id, f.data),
            created as (
              insert into mt_streams (id, type, version) select stream_id, category, 1 from facts
              where stream_id not in (select stream_id from moved) returning id),
            ready as materialized (
              select id, stream_id, version, data from moved
              union all select id, stream_id, 1, data from facts where stream_id in (select id from created))
            insert into mt_events (seq_id, id, stream_id, version, data, type, mt_dotnet_type, correlation_id,
              causation_id, headers, timestamp)
            select nextval('mt_events_sequence'), r.*, ${place + 1}, ${place + 2}, ${place + 3},
              ${place + 4}, ${place + 5}, now()
            from ready r
            """;
        await using (var plan = new NpgsqlCommand(AppendOperation.PlanByKeys, Connection))
            await plan.ExecuteNonQueryAsync(cancellation);
        await using var command = new NpgsqlCommand(sql, Connection);
        command.Parameters.AddRange(parameters);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = StoredAsAttribute.NameOf(kind) });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = StoredAsAttribute.DotnetTypeOf(kind) });
        command.Parameters.Add(Text(_metadata.Correlation));
        command.Parameters.Add(Text(_metadata.Causation));
        command.Parameters.Add(new NpgsqlParameter { Value = _metadata.Headers, NpgsqlDbType = NpgsqlDbType.Jsonb });
        var appended = await command.ExecuteNonQueryAsync(cancellation);
        _fromQueries += appended;
        return appended;

        static NpgsqlParameter Text(string? value) =>
            new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };
    }

    internal static async Task<BulkSession> Begin(
        IDocumentSession marten, string[] streams, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "select id, version from mt_streams where id = any($1) order by id for update", marten.Connection);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = streams });
        var versions = streams.ToDictionary(id => id, _ => 0L, StringComparer.Ordinal);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            versions[reader.GetString(0)] = reader.GetInt64(1);
        return new(marten, versions, TimeProvider.System.GetUtcNow());
    }

    internal async Task Flush(CancellationToken cancellation)
    {
        if (_events.Count > 0)
        {
            await MoveStreams(cancellation);
            var sequences = await TakeNumbers(cancellation);
            await CopyEvents(sequences, cancellation);
        }
        await Rows.Copy(Connection, cancellation);
        await Marten.Save(cancellation);
    }

    /// <summary>
    /// Updates the streams first: the transaction then has its id before it takes an event number, which safe positions
    /// rely on.
    /// </summary>
    private async Task MoveStreams(CancellationToken cancellation)
    {
        var created = _moved.Where(stream => stream.Value.Before == 0).OrderBy(s => s.Key, StringComparer.Ordinal)
            .ToList();
        var continued = _moved.Where(stream => stream.Value.Before > 0).ToList();
        if (created.Count > 0)
        {
            await using var writer = await Connection.BeginBinaryImportAsync(
                "copy mt_streams (id, type, version) from stdin (format binary)", cancellation);
            foreach (var (id, stream) in created)
            {
                writer.StartRow();
                writer.Write(id, NpgsqlDbType.Varchar);
                writer.Write(stream.Category, NpgsqlDbType.Varchar);
                writer.Write(stream.After, NpgsqlDbType.Bigint);
            }
            await writer.CompleteAsync(cancellation);
        }
        if (continued.Count == 0)
            return;
        await using var update = new NpgsqlCommand("""
            update mt_streams s set version = i.version, timestamp = now()
            from unnest($1::text[], $2::bigint[]) as i(id, version) where s.id = i.id
            """, Connection);
        update.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. continued.Select(s => s.Key)] });
        update.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. continued.Select(s => s.Value.After)] });
        await update.ExecuteNonQueryAsync(cancellation);
    }

    private async Task<long[]> TakeNumbers(CancellationToken cancellation)
    {
        await using var take = new NpgsqlCommand(
            "select array(select nextval('mt_events_sequence') from generate_series(1, $1))", Connection);
        take.Parameters.Add(new NpgsqlParameter<int> { TypedValue = _events.Count });
        var numbers = (long[])(await take.ExecuteScalarAsync(cancellation))!;
        Array.Sort(numbers);
        return numbers;
    }

    private async Task CopyEvents(long[] sequences, CancellationToken cancellation)
    {
        await using var writer = await Connection.BeginBinaryImportAsync("""
            copy mt_events (seq_id, id, stream_id, version, data, type, timestamp, correlation_id, causation_id,
              headers, mt_dotnet_type) from stdin (format binary)
            """, cancellation);
        for (var i = 0; i < _events.Count; i++)
        {
            var (stream, version, e) = _events[i];
            writer.StartRow();
            writer.Write(sequences[i], NpgsqlDbType.Bigint);
            writer.Write(e.Id, NpgsqlDbType.Uuid);
            writer.Write(stream, NpgsqlDbType.Varchar);
            writer.Write(version, NpgsqlDbType.Bigint);
            writer.Write(e.Data, NpgsqlDbType.Jsonb);
            writer.Write(e.Type, NpgsqlDbType.Varchar);
            writer.Write(_at, NpgsqlDbType.TimestampTz);
            WriteText(e.Metadata.Correlation);
            WriteText(e.Metadata.Causation);
            writer.Write(e.Metadata.Headers, NpgsqlDbType.Jsonb);
            writer.Write(e.DotnetType, NpgsqlDbType.Varchar);
        }
        await writer.CompleteAsync(cancellation);

        void WriteText(string? value)
        {
            if (value is null)
                writer.WriteNull();
            else
                writer.Write(value, NpgsqlDbType.Varchar);
        }
    }
}
