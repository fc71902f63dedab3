using Marten;
using Npgsql;
using NpgsqlTypes;

namespace Billing.Platform;

internal readonly record struct StoredFact(long Version, Guid Id, string Type, byte[] Data);

/// <summary>What a reader of a stream already has, and what it can read.</summary>
/// <param name="Stream">The stream.</param>
/// <param name="After">The version of the known state; 0 for none.</param>
/// <param name="Last">The id of the event at that version; another id there means that a restore has replaced the
/// history.</param>
/// <param name="Fold">The fold version of the snapshots that can be read, or an empty text for none.</param>
internal readonly record struct Wanted(string Stream, long After, Guid Last, string Fold);

/// <summary>The events of a stream newer than what the reader has.</summary>
/// <param name="Version">The stream's version now; 0 when it does not exist.</param>
/// <param name="From">The version that the facts follow: the known one, a snapshot's, or 0.</param>
/// <param name="Last">The id of the event at that version, when it comes from a snapshot.</param>
/// <param name="Snapshot">The state at that version as JSON, when it comes from a snapshot.</param>
/// <param name="Facts">The events after it, in order.</param>
internal sealed record News(long Version, long From, Guid Last, byte[]? Snapshot, List<StoredFact> Facts)
{
    public static readonly News Nothing = new(0, 0, default, null, []);
}

/// <summary>Lets concurrent commands share one query for the histories they decide on.</summary>
internal sealed class Loader
{
    // Written so that every stream is read by index: the planner overestimates the events per stream, and with a plain
    // "= any" it scans the whole table while that is small. One statement, so that snapshot, version and events are of
    // one moment. A known state or a snapshot counts only if its last event is still at that version: a restore may
    // have replaced the history meanwhile.
    internal const string NewsSql = """
        with wanted as materialized (select * from unnest($1, $2, $3, $4) w(id, after, last, fold)),
        snapshots as materialized (
          select n.stream_id, n.version, n.last, n.state
          from wanted w join stream_snapshot n on n.stream_id = w.id
            join mt_events e on e.stream_id = n.stream_id and e.version = n.version and e.id = n.last
          where n.fold = w.fold and w.after = 0),
        streams as materialized (
          select w.id, m.version, coalesce(e.version, n.version, 0) as after
          from wanted w join mt_streams m on m.id = w.id
            left join mt_events e on w.after > 0 and e.stream_id = w.id and e.version = w.after and e.id = w.last
            left join snapshots n on n.stream_id = w.id)
        select id, version, null::uuid, null, null, after from streams
        union all select stream_id, version, last, '', state, 0 from snapshots
        union all select e.* from streams s cross join lateral (
          select stream_id, version, id, type, data, 0::bigint from mt_events
          where stream_id = s.id and version > s.after order by version offset 0) e
        """;

    private readonly IDocumentStore _store;
    private readonly Batches<Request> _batches;

    public Loader(IDocumentStore store)
    {
        _store = store;
        _batches = new(GroupCommit.BatchSize, OncePerVersion, request => request.Answer.TrySetCanceled());
    }

    public async Task<News> Load(Wanted wanted, CancellationToken cancellation)
    {
        var request = new Request(wanted);
        await _batches.Add(request, cancellation);
        return await request.Answer.Task;
    }

    public static async Task<Dictionary<string, News>> Read(
        NpgsqlConnection connection, IReadOnlyCollection<Wanted> wanted, CancellationToken cancellation)
    {
        var news = new Dictionary<string, News>(wanted.Count, StringComparer.Ordinal);
        var query = new NpgsqlBatchCommand(NewsSql);
        Add(NpgsqlDbType.Text, w => w.Stream);
        Add(NpgsqlDbType.Bigint, w => w.After);
        Add(NpgsqlDbType.Uuid, w => w.Last);
        Add(NpgsqlDbType.Text, w => w.Fold);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands = { new(AppendOperation.PlanByKeys), query },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        await reader.NextResultAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            var (stream, version) = (reader.GetString(0), reader.GetInt64(1));
            if (reader.IsDBNull(2))
                news.Add(stream, new(version, reader.GetInt64(5), default, null, []));
            else if (reader.GetString(3) is { Length: > 0 } type)
                news[stream].Facts.Add(new(version, reader.GetGuid(2), type, reader.GetFieldValue<byte[]>(4)));
            else
                news[stream] = news[stream] with
                {
                    Last = reader.GetGuid(2), Snapshot = reader.GetFieldValue<byte[]>(4),
                };
        }
        return news;

        void Add<T>(NpgsqlDbType type, Func<Wanted, T> value) => query.Parameters.Add(new NpgsqlParameter<T[]>
        {
            TypedValue = [.. wanted.Select(value)],
            NpgsqlDbType = type | NpgsqlDbType.Array,
        });
    }

    public Task Run(CancellationToken stopping) => _batches.Run(stopping);

    /// <summary>Requests for one stream from another known version go into a query of their own.</summary>
    private async Task OncePerVersion(IReadOnlyList<Request> requests)
    {
        var wanted = new Dictionary<string, Wanted>(requests.Count, StringComparer.Ordinal);
        var (batch, others) = (new List<Request>(requests.Count), new List<Request>());
        foreach (var request in requests)
        {
            var together = wanted.TryAdd(request.Wanted.Stream, request.Wanted)
                || wanted[request.Wanted.Stream] == request.Wanted;
            (together ? batch : others).Add(request);
        }
        await Answer(batch, wanted.Values);
        foreach (var other in others)
            await Answer([other], [other.Wanted]);
    }

    private async Task Answer(IReadOnlyList<Request> batch, IReadOnlyCollection<Wanted> wanted)
    {
        try
        {
            await using var session = _store.QuerySession();
            var news = await Read(session.Connection!, wanted, CancellationToken.None);
            foreach (var request in batch)
                request.Answer.TrySetResult(news.GetValueOrDefault(request.Wanted.Stream, News.Nothing));
        }
        catch (Exception e)
        {
            foreach (var request in batch)
                request.Answer.TrySetException(e);
        }
    }

    private sealed record Request(Wanted Wanted)
    {
        public TaskCompletionSource<News> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
