using Billing.Contracts;
using Marten;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Billing.Platform;

/// <summary>
/// Event streams, stored by Marten. There are four operations: <see cref="Load"/>, <see cref="Execute"/> for one
/// command among many concurrent ones, <see cref="Bulk"/> for thousands of streams in one transaction, and
/// <see cref="Subscription"/> (a class of its own) for following the global order. Marten's own sessions can be used as
/// well; rows follow there, too.
/// </summary>
public sealed class EventStore(
    IDocumentStore store, NpgsqlDataSource source, EventSignal signal, ILogger<EventStore> logger)
    : BackgroundService
{
    private const int Tries = 3;
    private const int TransientTries = 6;
    private const int HeldTries = 50;
    private const int Gates = 4096;
    private const int Remembered = 32_768;

    private static readonly MemoryCacheEntryOptions OneEntry = new() { Size = 1 };

    private readonly GroupCommit _commits = new(store, source, signal, logger);
    private readonly Loader _loader = new(store);
    private readonly Snapshots _snapshots = new(source, logger);
    private readonly MemoryCache _memory = new(new MemoryCacheOptions { SizeLimit = Remembered });
    private readonly SemaphoreSlim[] _gates = [.. Enumerable.Range(0, Gates).Select(_ => new SemaphoreSlim(1))];

    /// <summary>The state of a stream and its version; the initial state and 0 when it has no events.</summary>
    public async Task<(TState State, long Version)> Load<TState, TEvent>(
        StreamName<TState, TEvent> stream, CancellationToken cancellation = default)
        where TEvent : class
    {
        var known = _snapshots.Keep(stream, await Refresh(stream, null, cancellation));
        return (known.State, known.Version);
    }

    /// <summary>
    /// Loads the stream, decides, and appends the events with their rows at the version that was loaded. A request that
    /// is wrong in every state is refused without loading. On a conflict it decides again, three times in all, then
    /// refuses with <see cref="Rejection.Contended"/>. It also decides again when the outcome of a commit is unknown
    /// because the connection broke: a decision that was recorded after all adds nothing. The resulting state is
    /// cached, so that the next command on the stream need not load it: appending is safe, as the version is checked;
    /// any other result counts only if the stream has not moved meanwhile, and only the newer events are loaded when it
    /// has.
    /// </summary>
    public async Task<Executed<TState, TEvent>> Execute<TState, TEvent>(
        StreamName<TState, TEvent> stream, ICommand<TState, TEvent> command, CancellationToken cancellation = default)
        where TEvent : class
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(command);
        if (command.Refuse() is { } wrong)
            return Refused(new Executed<TState, TEvent>(wrong, stream.Type.Initial, 0));
        var gate = _gates[stream.Id.GetHashCode(StringComparison.Ordinal) & (Gates - 1)];
        var (conflicts, faults, held) = (0, 0, 0);
        await gate.WaitAsync(cancellation);
        try
        {
            while (true)
            {
                try
                {
                    var remembered = Recall(stream);
                    if (remembered is { } known
                        && await Try(stream, command, known, cancellation) is { Changed: true } at)
                        return at;
                    var fresh = await Refresh(stream, remembered, cancellation);
                    if (await Try(stream, command, fresh, cancellation) is { } executed)
                    {
                        if (!executed.Changed)
                            Remember(stream, fresh);
                        return executed.Rejection is null ? executed : Refused(executed);
                    }
                    if (++conflicts == Tries)
                        return Refused(new Executed<TState, TEvent>(Rejection.Contended, stream.Type.Initial, 0));
                }
                catch (NpgsqlException e) when (
                    e.SqlState != Faults.LockTimeout && Faults.IsTransient(e) && ++faults < TransientTries)
                {
                    logger.CommandAgain(stream.Id, e.Message);
                    await Task.Delay(TimeSpan.FromMilliseconds(50 << faults), cancellation);
                }
                catch (PostgresException e) when (e.SqlState == Faults.LockTimeout && ++held < HeldTries)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(100), cancellation);
                }
            }
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>
    /// Runs work over many streams in one transaction; the streams are locked in order first, so no other writer can
    /// interleave. The work is run again after a transient fault or a broken connection, so it must detect by itself
    /// that it was already done (a marker row, an inbox key, the streams' own histories).
    /// </summary>
    public Task<T> Bulk<T>(
        IEnumerable<string> streams, Func<BulkSession, Task<T>> work, CancellationToken cancellation = default) =>
        Bulk(streams, work, _ => true, cancellation);

    /// <summary>
    /// The same, for work whose result says whether it is committed: otherwise everything was written, and so checked,
    /// and is rolled back.
    /// </summary>
    public async Task<T> Bulk<T>(
        IEnumerable<string> streams, Func<BulkSession, Task<T>> work, Func<T, bool> keeps,
        CancellationToken cancellation)
    {
        string[] ids = [.. streams.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var connection = await source.OpenConnectionAsync(cancellation);
                var (result, appended) = (default(T)!, 0);
                await Database.Cleanly(source, connection, async () =>
                {
                    await using var transaction = await connection.BeginTransactionAsync(cancellation);
                    await using var marten = store.SessionIn(transaction);
                    var session = await BulkSession.Begin(marten, ids, cancellation);
                    result = await work(session);
                    if (session.Recorded > 0)
                    {
                        session.Rows.Insert(AuditEntry.Table, AuditEntry.Of(
                            AuditKind.Command, TimeProvider.System.GetUtcNow(), NameOf(work),
                            ids.Length == 1 ? ids[0] : null, details: $$"""{"events":{{session.Recorded}}}"""));
                        Nonces.Spend(session.Rows);
                    }
                    await session.Flush(cancellation);
                    if (!keeps(result))
                        return;
                    await transaction.CommitAsync(cancellation);
                    appended = session.Recorded;
                });
                Telemetry.Appended.Add(appended, Telemetry.Bulk);
                if (appended > 0)
                    AuditedOperation.Current?.CommandRecorded();
                signal.Committed();
                return result;
            }
            catch (NpgsqlException e) when (attempt < TransientTries && (Faults.IsTransient(e) || StreamAppeared(e)))
            {
                logger.BulkAgain(ids.Length, e.Message);
                await Task.Delay(TimeSpan.FromMilliseconds(50 << attempt), cancellation);
            }
        }
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(
            _commits.Run(stoppingToken), _loader.Run(stoppingToken), _snapshots.Run(stoppingToken),
            signal.Run(stoppingToken));

    private static Executed<TState, TEvent> Refused<TState, TEvent>(Executed<TState, TEvent> executed)
    {
        Telemetry.Refused.Add(1, new KeyValuePair<string, object?>("code", executed.Rejection!.Code));
        return executed;
    }

    // Removed from the cache at once, and put back only when the database has confirmed the state.
    private Known<TState>? Recall<TState, TEvent>(StreamName<TState, TEvent> stream)
        where TEvent : class
    {
        if (!_memory.TryGetValue((typeof(TState), stream.Id), out Known<TState> known))
            return null;
        _memory.Remove((typeof(TState), stream.Id));
        return known;
    }

    private void Remember<TState, TEvent>(StreamName<TState, TEvent> stream, Known<TState> known)
        where TEvent : class =>
        _memory.Set((typeof(TState), stream.Id), _snapshots.Keep(stream, known), OneEntry);

    private async Task<Known<TState>> Refresh<TState, TEvent>(
        StreamName<TState, TEvent> stream, Known<TState>? known, CancellationToken cancellation)
        where TEvent : class
    {
        var wanted = new Wanted(
            stream.Id, known?.Version ?? 0, known?.Last ?? default, stream.Type.FoldVersion ?? "");
        try
        {
            return Folding.Fold(stream.Type, known, await _loader.Load(wanted, cancellation));
        }
        catch (UnreadableSnapshotException e)
        {
            logger.SnapshotAside(e, stream.Id);
            return Folding.Fold(stream.Type, null, await _loader.Load(new(stream.Id, 0, default, ""), cancellation));
        }
    }

    private async Task<Executed<TState, TEvent>?> Try<TState, TEvent>(
        StreamName<TState, TEvent> stream, ICommand<TState, TEvent> command, Known<TState> known,
        CancellationToken cancellation)
        where TEvent : class
    {
        var (state, version) = (known.State, known.Version);
        var decision = command.Decide(state);
        if (decision.Events.Count == 0)
            return new(decision, state, version);

        var metadata = EventMetadata.Capture();
        var append = new PendingAppend(
            stream.Id, stream.Type.Category, version, TimeProvider.System.GetUtcNow(), new Rows());
        var after = Folding.Project(stream, state, version, decision.Events, Add, append.At, append.Rows);
        append.Rows.Insert(
            AuditEntry.Table, AuditEntry.Of(AuditKind.Command, append.At, command.GetType().Name, stream.Id));
        Nonces.Spend(append.Rows);
        var result = await _commits.Append(append, cancellation);
        if (result.Status == AppendStatus.Appended)
        {
            Telemetry.Appended.Add(decision.Events.Count, Telemetry.Single);
            AuditedOperation.Current?.CommandRecorded();
            Remember(stream, known with
            {
                State = after, Version = version + decision.Events.Count, Last = append.Events[^1].Id,
            });
        }
        if (result.Status == AppendStatus.Conflict)
            Telemetry.Conflicts.Add(1);
        return result.Status switch
        {
            AppendStatus.Appended => new(decision, after, version + decision.Events.Count),
            AppendStatus.KeyTaken => new(result.Rejection!, state, version),
            _ => null,
        };

        void Add(Guid id, TEvent @event)
        {
            var (name, dotnet) = stream.Type.Events.Entry(@event);
            append.Events.Add(new(id, name, dotnet, EventNames<TEvent>.Write(@event), metadata));
        }
    }

    /// <summary>The class in which work over many streams is written: its name when no operation has one.</summary>
    private static string NameOf(Delegate work)
    {
        var type = work.Method.DeclaringType!;
        while (type.DeclaringType is { } outer)
            type = outer;
        return type.Name;
    }

    private static bool StreamAppeared(NpgsqlException e) => e is PostgresException
    {
        SqlState: PostgresErrorCodes.UniqueViolation,
        ConstraintName: "pkey_mt_streams_id" or "pk_mt_events_stream_and_version",
    };
}
