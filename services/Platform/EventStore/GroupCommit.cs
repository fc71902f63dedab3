using System.Diagnostics;
using System.Text.Json;
using System.Threading.Channels;
using Marten;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Billing.Platform;

/// <summary>One decision that is waiting to be stored.</summary>
internal sealed class PendingAppend(string stream, string category, long expected, DateTimeOffset at, Rows rows)
{
    private readonly TaskCompletionSource<AppendResult> _result = new(
        TaskCreationOptions.RunContinuationsAsynchronously);

    public string Stream => stream;

    public string Category => category;

    public long Expected => expected;

    /// <summary>The time of recording: the same instant in the events and in their rows.</summary>
    public DateTimeOffset At => at;

    public Rows Rows => rows;

    public List<NewEvent> Events { get; } = [];

    public Task<AppendResult> Result => _result.Task;

    public void Answer(AppendResult result) => _result.TrySetResult(result);

    public void Fail(Exception exception) => _result.TrySetException(exception);
}

internal sealed record NewEvent(Guid Id, string Type, string DotnetType, byte[] Data, EventMetadata Metadata);

internal sealed record EventMetadata(string? Correlation, string? Causation, string Headers)
{
    public static EventMetadata Capture()
    {
        var (actor, activity) = (Actor.Current, Activity.Current);
        var headers = JsonSerializer.Serialize(new { actor.By, actor.From, Trace = activity?.Id }, Wire.Stored);
        return new(activity?.TraceId.ToString(), actor.CausationId, headers);
    }

    /// <summary>Sets the same metadata on all events that a session appends by Marten's own means.</summary>
    public static void Describe(IDocumentSession session)
    {
        var (actor, activity) = (Actor.Current, Activity.Current);
        (session.CorrelationId, session.CausationId) = (activity?.TraceId.ToString(), actor.CausationId);
        session.SetHeader("by", actor.By);
        session.SetHeader("from", actor.From);
        session.SetHeader("trace", activity?.Id!);
    }
}

internal enum AppendStatus
{
    Appended,
    Conflict,
    KeyTaken,
}

internal readonly record struct AppendResult(AppendStatus Status, Rejection? Rejection = null);

/// <summary>
/// Lets concurrent commands share one Marten session, one transaction and one fsync; each still gets its own result. A
/// stream that moved on is named by the database and answered as a conflict while the others proceed; a taken natural
/// key is found by bisecting the batch.
/// </summary>
internal sealed class GroupCommit(
    IDocumentStore store, NpgsqlDataSource source, EventSignal signal, ILogger logger)
{
    public const int BatchSize = 256;
    private const int Writers = 2;

    private readonly Channel<PendingAppend> _queue = Channel.CreateBounded<PendingAppend>(BatchSize * 16);

    public async Task<AppendResult> Append(PendingAppend append, CancellationToken cancellation)
    {
        await _queue.Writer.WriteAsync(append, cancellation);
        return await append.Result;
    }

    public Task Run(CancellationToken stopping) =>
        Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Task.Run(() => Loop(stopping), CancellationToken.None)));

    private async Task Loop(CancellationToken stopping)
    {
        var batch = new List<PendingAppend>(BatchSize);
        var streams = new HashSet<string>(StringComparer.Ordinal);
        try
        {
            while (await _queue.Reader.WaitToReadAsync(stopping))
            {
                batch.Clear();
                streams.Clear();
                while (batch.Count < BatchSize && _queue.Reader.TryRead(out var append))
                {
                    if (streams.Add(append.Stream))
                        batch.Add(append);
                    else
                        append.Answer(new(AppendStatus.Conflict));
                }
                if (batch.Count > 0)
                    await Commit(batch);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            while (_queue.Reader.TryRead(out var append))
                append.Fail(new OperationCanceledException("The service is stopping."));
        }
    }

    private async Task Commit(IReadOnlyList<PendingAppend> appends)
    {
        try
        {
            await Write(appends);
            foreach (var append in appends)
                append.Answer(new(AppendStatus.Appended));
            signal.Committed();
        }
        catch (PostgresException e) when (e.SqlState == AppendOperation.Moved)
        {
            var moved = e.MessageText.Split(',').ToHashSet(StringComparer.Ordinal);
            foreach (var append in appends.Where(append => moved.Contains(append.Stream)))
                append.Answer(new(AppendStatus.Conflict));
            var others = appends.Where(append => !moved.Contains(append.Stream)).ToList();
            if (others.Count == appends.Count)
                others.ForEach(append => append.Fail(new UnreachableException($"Who is {e.MessageText}?")));
            else if (others.Count > 0)
                await Commit(others);
        }
        catch (PostgresException e) when (e.SqlState == Faults.LockTimeout)
        {
            var held = await Held(appends);
            foreach (var append in appends.Where(append => held.Count == 0 || held.Contains(append.Stream)))
                append.Fail(e);
            var others = held.Count == 0 ? [] : appends.Where(append => !held.Contains(append.Stream)).ToList();
            if (others.Count > 0)
                await Commit(others);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation && appends.Count == 1)
        {
            var taken = appends[0].Rows.RefusalFor(e);
            appends[0].Answer(taken is null ? new(AppendStatus.Conflict) : new(AppendStatus.KeyTaken, taken));
        }
        catch (Exception e) when (appends.Count > 1)
        {
            logger.BatchHalved(e, appends.Count);
            await Commit([.. appends.Take(appends.Count / 2)]);
            await Commit([.. appends.Skip(appends.Count / 2)]);
        }
        catch (Exception e)
        {
            appends[0].Fail(e);
        }
    }

    /// <summary>
    /// The streams whose rows are locked by other transactions, so that the others need not wait for them. Empty when
    /// something else is locked, such as a table that is being rebuilt; then each append is retried separately.
    /// </summary>
    private async Task<HashSet<string>> Held(IReadOnlyList<PendingAppend> appends)
    {
        string[] ids = [.. appends.Select(append => append.Stream)];
        try
        {
            await using var look = source.CreateCommand("""
                select id from mt_streams where id = any($1) and id not in (
                  select id from mt_streams where id = any($1) for update skip locked)
                """);
            look.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = ids });
            await using var reader = await look.ExecuteReaderAsync();
            var held = new HashSet<string>(StringComparer.Ordinal);
            while (await reader.ReadAsync())
                held.Add(reader.GetString(0));
            return held;
        }
        catch (NpgsqlException)
        {
            return [];
        }
    }

    private async Task Write(IReadOnlyList<PendingAppend> appends)
    {
        await using var connection = await source.OpenConnectionAsync();
        await Database.Cleanly(source, connection, async () =>
        {
            await using var transaction = await connection.BeginTransactionAsync();
            await using var session = store.SessionIn(transaction);
            session.QueueOperation(new AppendOperation(appends));
            await session.Save();
        });
    }
}
