using System.Diagnostics;
using System.Text.Json;
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
internal sealed class GroupCommit
{
    public const int BatchSize = 256;
    private const int Writers = 2;

    private readonly IDocumentStore _store;
    private readonly NpgsqlDataSource _source;
    private readonly EventSignal _signal;
    private readonly ILogger _logger;
    private readonly Batches<PendingAppend> _batches;

    public GroupCommit(IDocumentStore store, NpgsqlDataSource source, EventSignal signal, ILogger logger)
    {
        (_store, _source, _signal, _logger) = (store, source, signal, logger);
        _batches = new(BatchSize, OncePerStream, append =>
            append.Fail(new OperationCanceledException("The service is stopping.")));
    }

    public async Task<AppendResult> Append(PendingAppend append, CancellationToken cancellation)
    {
        await _batches.Add(append, cancellation);
        return await append.Result;
    }

    public Task Run(CancellationToken stopping) => _batches.Run(stopping, Writers);

    /// <summary>Of two decisions on one stream in a batch the second is out of date: a conflict.</summary>
    private async Task OncePerStream(IReadOnlyList<PendingAppend> appends)
    {
        var streams = new HashSet<string>(appends.Count, StringComparer.Ordinal);
        var batch = new List<PendingAppend>(appends.Count);
        foreach (var append in appends)
        {
            if (streams.Add(append.Stream))
                batch.Add(append);
            else
                append.Answer(new(AppendStatus.Conflict));
        }
        await Commit(batch);
    }

    private async Task Commit(IReadOnlyList<PendingAppend> appends)
    {
        try
        {
            await Write(appends);
            foreach (var append in appends)
                append.Answer(new(AppendStatus.Appended));
            _signal.Committed();
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
            _logger.BatchHalved(e, appends.Count);
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
            await using var look = _source.CreateCommand("""
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
        await using var connection = await _source.OpenConnectionAsync();
        await Database.Cleanly(_source, connection, async () =>
        {
            await using var transaction = await connection.BeginTransactionAsync();
            await using var session = _store.SessionIn(transaction);
            session.QueueOperation(new AppendOperation(appends));
            await session.Save();
        });
    }
}
