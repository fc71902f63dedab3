using System.Threading.Channels;
using Marten;
using Npgsql;
using NpgsqlTypes;

namespace Billing.Platform;

internal readonly record struct StoredFact(long Version, string Type, byte[] Data);

/// <summary>Lets concurrent commands share one query for the histories they decide on.</summary>
internal sealed class Loader(IDocumentStore store)
{
    // Written so that every stream is read by index: the planner guesses far too many events per stream, and with a
    // plain "= any" it reads the whole table while that is not yet very large.
    internal const string HistorySql = """
        select e.* from unnest($1) s(id) cross join lateral (
          select stream_id, version, type, data from mt_events where stream_id = s.id order by version offset 0) e
        """;

    private readonly Channel<Request> _queue = Channel.CreateBounded<Request>(GroupCommit.BatchSize * 16);

    public async Task<IReadOnlyList<StoredFact>> Load(string stream, CancellationToken cancellation)
    {
        var request = new Request(stream);
        await _queue.Writer.WriteAsync(request, cancellation);
        return await request.Answer.Task;
    }

    public static async Task<Dictionary<string, List<StoredFact>>> Read(
        NpgsqlConnection connection, string[] streams, CancellationToken cancellation)
    {
        var histories = new Dictionary<string, List<StoredFact>>(streams.Length, StringComparer.Ordinal);
        var query = new NpgsqlBatchCommand(HistorySql);
        query.Parameters.Add(new NpgsqlParameter<string[]>
        {
            TypedValue = streams, NpgsqlDbType = NpgsqlDbType.Text | NpgsqlDbType.Array,
        });
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands = { new(AppendOperation.PlanByKeys), query },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        await reader.NextResultAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            var stream = reader.GetString(0);
            if (!histories.TryGetValue(stream, out var history))
                histories.Add(stream, history = []);
            history.Add(new(reader.GetInt64(1), reader.GetString(2), reader.GetFieldValue<byte[]>(3)));
        }
        return histories;
    }

    public async Task Run(CancellationToken stopping)
    {
        var batch = new List<Request>(GroupCommit.BatchSize);
        try
        {
            while (await _queue.Reader.WaitToReadAsync(stopping))
            {
                batch.Clear();
                while (batch.Count < GroupCommit.BatchSize && _queue.Reader.TryRead(out var request))
                    batch.Add(request);
                if (batch.Count > 0)
                    await Answer(batch);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            while (_queue.Reader.TryRead(out var request))
                request.Answer.TrySetCanceled(stopping);
        }
    }

    private async Task Answer(List<Request> batch)
    {
        try
        {
            await using var session = store.QuerySession();
            var histories = await Read(
                session.Connection!, [.. batch.Select(request => request.Stream).Distinct()], CancellationToken.None);
            foreach (var request in batch)
                request.Answer.TrySetResult(histories.TryGetValue(request.Stream, out var history) ? history : []);
        }
        catch (Exception e)
        {
            foreach (var request in batch)
                request.Answer.TrySetException(e);
        }
    }

    private sealed record Request(string Stream)
    {
        public TaskCompletionSource<IReadOnlyList<StoredFact>> Answer { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
