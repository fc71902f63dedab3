using System.Diagnostics;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace Billing.Platform;

/// <summary>One decision on its way into the store.</summary>
internal sealed class PendingAppend(string stream, string category, long expected, DateTimeOffset at, Rows rows)
{
    private readonly TaskCompletionSource<AppendResult> _result = new(
        TaskCreationOptions.RunContinuationsAsynchronously);

    public string Stream => stream;

    public string Category => category;

    public long Expected => expected;

    /// <summary>When it was recorded: the same instant in the events and in the rows that follow from them.</summary>
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
}

internal enum AppendStatus
{
    Appended,
    Conflict,
    KeyTaken,
}

internal readonly record struct AppendResult(AppendStatus Status, Rejection? Rejection = null);

/// <summary>
/// Lets concurrent commands share one transaction, one round trip and one fsync; each still gets its own answer. The
/// whole batch is one statement for streams and events and one per read-model table, over arrays. A stream that moved
/// on is named by the database and answered as a conflict while the others go on; a taken natural key is found by
/// halving.
/// </summary>
internal sealed class GroupCommit(NpgsqlDataSource source, EventSignal signal, ILogger logger)
{
    public const int BatchSize = 256;
    private const int Writers = 2;

    /// <summary>The error by which <c>refuse_conflicts</c> ends a batch.</summary>
    internal const string Moved = "BL409";

    /// <summary>
    /// The store's statements are look-ups by key whatever the statistics of a young table say, and are planned once: a
    /// plan made while a table was empty would read all of it for every batch later.
    /// </summary>
    internal const string PlanByKeys = """
        select set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true),
          set_config('enable_mergejoin', 'off', true), set_config('plan_cache_mode', 'force_generic_plan', true)
        """;

    // Rows are locked in the order in which the streams are given. The numbers of the events are taken after that, and
    // only when no stream had moved on: a writing part of the statement that nothing reads runs last.
    private const string AppendSql = """
        with input as materialized (
          select * from unnest($1::text[], $2::text[], $3::bigint[], $4::int[])
            as i(stream_id, category, expected, events)),
        advanced as (
          update mt_streams s set version = i.expected + i.events, timestamp = now()
          from input i where s.id = i.stream_id and i.expected > 0 and s.version = i.expected returning s.id),
        created as (
          insert into mt_streams (id, type, version)
          select stream_id, category, events from input where expected = 0
          on conflict (id) do nothing returning id),
        ok as materialized (select id from advanced union all select id from created),
        appended as (
          insert into mt_events (seq_id, stream_id, version, id, type, mt_dotnet_type, data, correlation_id,
            causation_id, headers, timestamp)
          select nextval('mt_events_sequence'), e.*
          from unnest($5::text[], $6::bigint[], $7::uuid[], $8::text[], $9::text[], $10::jsonb[], $11::text[],
            $12::text[], $13::jsonb[], $14::timestamptz[]) e)
        select case when (select count(*) from ok) < cardinality($1) then refuse_conflicts((
          select array_agg(stream_id) from input where stream_id not in (select id from ok))) end
        """;

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
        catch (PostgresException e) when (e.SqlState == Moved)
        {
            var moved = e.MessageText.Split(',').ToHashSet(StringComparer.Ordinal);
            foreach (var append in appends.Where(append => moved.Contains(append.Stream)))
                append.Answer(new(AppendStatus.Conflict));
            var others = appends.Where(append => !moved.Contains(append.Stream)).ToList();
            if (others.Count > 0)
                await Commit(others);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation && appends.Count == 1)
        {
            var taken = appends[0].Rows.RefusalFor(e);
            appends[0].Answer(taken is null ? new(AppendStatus.Conflict) : new(AppendStatus.KeyTaken, taken));
        }
        catch (Exception e) when (appends.Count > 1 && e is not OperationCanceledException)
        {
            logger.LogWarning(
                e, "A batch of {Appends} appends failed; its halves are tried by themselves", appends.Count);
            await Commit([.. appends.Take(appends.Count / 2)]);
            await Commit([.. appends.Skip(appends.Count / 2)]);
        }
        catch (Exception e)
        {
            appends[0].Fail(e);
        }
    }

    private async Task Write(IReadOnlyList<PendingAppend> appends)
    {
        var rows = new Rows();
        foreach (var append in appends)
            rows.Add(append.Rows);
        await using var connection = await source.OpenConnectionAsync();
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new(PlanByKeys));
        batch.BatchCommands.Add(AppendCommand(appends));
        foreach (var command in rows.Commands())
            batch.BatchCommands.Add(command);
        await Database.Cleanly(source, connection, () => batch.ExecuteNonQueryAsync());
    }

    private static NpgsqlBatchCommand AppendCommand(IEnumerable<PendingAppend> unordered)
    {
        var appends = unordered.OrderBy(append => append.Stream, StringComparer.Ordinal).ToList();
        var events = appends.SelectMany(
            append => append.Events.Select((e, i) => (append, e, Version: append.Expected + i + 1)))
            .ToList();
        var command = new NpgsqlBatchCommand(AppendSql);
        Add(NpgsqlDbType.Text, appends, append => append.Stream);
        Add(NpgsqlDbType.Text, appends, append => append.Category);
        Add(NpgsqlDbType.Bigint, appends, append => append.Expected);
        Add(NpgsqlDbType.Integer, appends, append => append.Events.Count);
        Add(NpgsqlDbType.Text, events, e => e.append.Stream);
        Add(NpgsqlDbType.Bigint, events, e => e.Version);
        Add(NpgsqlDbType.Uuid, events, e => e.e.Id);
        Add(NpgsqlDbType.Text, events, e => e.e.Type);
        Add(NpgsqlDbType.Text, events, e => e.e.DotnetType);
        Add(NpgsqlDbType.Jsonb, events, e => e.e.Data);
        Add(NpgsqlDbType.Text, events, e => e.e.Metadata.Correlation);
        Add(NpgsqlDbType.Text, events, e => e.e.Metadata.Causation);
        Add(NpgsqlDbType.Jsonb, events, e => e.e.Metadata.Headers);
        Add(NpgsqlDbType.TimestampTz, events, e => e.append.At);
        return command;

        void Add<TItem, T>(NpgsqlDbType type, IReadOnlyList<TItem> items, Func<TItem, T> value)
        {
            var values = new T[items.Count];
            for (var i = 0; i < values.Length; i++)
                values[i] = value(items[i]);
            command.Parameters.Add(
                new NpgsqlParameter<T[]> { TypedValue = values, NpgsqlDbType = type | NpgsqlDbType.Array });
        }
    }
}
