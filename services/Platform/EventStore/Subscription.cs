using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Billing.Platform;

/// <summary>
/// Follows the service's global order in pages, each page exactly once in effect: the progress row moves in the
/// transaction of the page, from the position the page began at. One instance is active per name; others wait for its
/// lock.
/// </summary>
public abstract class Subscription(NpgsqlDataSource source, EventSignal signal, string name, ILogger logger)
{
    /// <summary>Events per page at most.</summary>
    protected const int PageSize = 2_000;

    private const int ShareForWriters = 3;
    private static readonly TimeSpan LookAnyway = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan WritersFinish = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan AfterFault = TimeSpan.FromSeconds(1);

    /// <summary>The row in mt_event_progression.</summary>
    protected string Name { get; } = $"{name}:All";

    /// <summary>The connections.</summary>
    protected NpgsqlDataSource Source => source;

    /// <summary>Follows until stopped; faults are logged and the page is tried again.</summary>
    public async Task Run(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await using var leader = await source.OpenConnectionAsync(stopping);
                await WaitForTurn(leader, stopping);
                try
                {
                    await Follow(leader, stopping);
                }
                finally
                {
                    await EndTurn(leader);
                }
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                logger.LogWarning("{Subscription} pauses: {Reason}", Name, e.Message);
                // Read-only, or a statement left half prepared: neither gets better on the same connections.
                if (e is PostgresException)
                    Database.Forget(source);
                await Task.Delay(AfterFault, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>
    /// Handles the events of one page and moves the progress from <paramref name="from"/> to <paramref name="to"/>.
    /// </summary>
    protected abstract Task Handle(
        IReadOnlyList<StoredEvent> events, long from, long to, CancellationToken stopping);

    /// <summary>Moves the progress inside the caller's transaction; throws when somebody else has moved it.</summary>
    protected async Task Move(NpgsqlConnection connection, long from, long to, CancellationToken stopping)
    {
        await using var move = new NpgsqlCommand("""
            insert into mt_event_progression as p (name, last_seq_id) values ($1, $3)
            on conflict (name) do update set last_seq_id = excluded.last_seq_id, last_updated = transaction_timestamp()
            where p.last_seq_id = $2
            """, connection)
        {
            Parameters = { new() { Value = Name }, new() { Value = from }, new() { Value = to } },
        };
        if (await move.ExecuteNonQueryAsync(stopping) != 1)
            throw new InvalidOperationException($"{Name} was moved by somebody else.");
    }

    private async Task Follow(NpgsqlConnection leader, CancellationToken stopping)
    {
        var positions = new SafePosition(source);
        var last = await Progress(stopping);
        var seen = last;
        while (!stopping.IsCancellationRequested)
        {
            var next = signal.Next;
            var safe = await positions.Look(stopping);
            if (safe > last)
            {
                var begun = Stopwatch.GetTimestamp();
                last = await NextPage(leader, last, safe, stopping);
                await Rest(safe - seen, last == safe, Stopwatch.GetElapsedTime(begun), stopping);
                seen = safe;
                continue;
            }
            if (await Task.WhenAny(next, Task.Delay(LookAnyway, stopping)) == next)
                await Task.Delay(WritersFinish, stopping);
            else
                // Somebody may have set the position back to have everything handled again.
                last = await Progress(stopping);
        }
    }

    /// <summary>
    /// Who writes thousands of events at once, such as a billing run, goes first: readers would only take the machine
    /// from it. And who has read everything waits a moment, so that many events share the next page.
    /// </summary>
    private static Task Rest(long written, bool everything, TimeSpan spent, CancellationToken stopping) =>
        written > PageSize ? Task.Delay(spent * ShareForWriters, stopping)
        : everything ? Task.Delay(Gather, stopping) : Task.CompletedTask;

    private async Task<long> NextPage(NpgsqlConnection leader, long last, long safe, CancellationToken stopping)
    {
        // The lock is held by this connection: if it is gone, so is our turn.
        await using (var still = new NpgsqlCommand("select 1", leader))
            await still.ExecuteScalarAsync(stopping);
        var events = await Read(last, safe, stopping);
        var to = events.Count == PageSize ? events[^1].Sequence : safe;
        await Handle(events, last, to, stopping);
        return to;
    }

    private async Task<List<StoredEvent>> Read(long from, long to, CancellationToken stopping)
    {
        var events = new List<StoredEvent>();
        await foreach (var @event in EventReader.Read(source, from, to, PageSize, stopping))
            events.Add(@event);
        return events;
    }

    private async Task<long> Progress(CancellationToken stopping)
    {
        await using var read = source.CreateCommand("select last_seq_id from mt_event_progression where name = $1");
        read.Parameters.Add(new() { Value = Name });
        return await read.ExecuteScalarAsync(stopping) as long? ?? 0;
    }

    /// <summary>
    /// A pooled connection keeps its locks when it goes back to the pool, so the turn is given up by hand.
    /// </summary>
    private static async Task EndTurn(NpgsqlConnection leader)
    {
        if (leader.FullState != System.Data.ConnectionState.Open)
            return;
        await using var end = new NpgsqlCommand("select pg_advisory_unlock_all()", leader);
        await end.ExecuteNonQueryAsync(CancellationToken.None);
    }

    private async Task WaitForTurn(NpgsqlConnection leader, CancellationToken stopping)
    {
        await using var turn = new NpgsqlCommand("select pg_try_advisory_lock(hashtext($1))", leader)
        {
            Parameters = { new() { Value = Name } },
        };
        while (!(bool)(await turn.ExecuteScalarAsync(stopping))!)
            await Task.Delay(LookAnyway, stopping);
    }
}

/// <summary>Reads the global order.</summary>
public static class EventReader
{
    /// <summary>
    /// Streams the events after <paramref name="from"/> up to and including <paramref name="to"/>, in order.
    /// </summary>
    public static async IAsyncEnumerable<StoredEvent> Read(
        NpgsqlDataSource source, long from, long to, int limit,
        [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await using var command = source.CreateCommand("""
            select seq_id, id, stream_id, version, type, data, timestamp, headers ->> 'trace'
            from mt_events where seq_id > $1 and seq_id <= $2 order by seq_id limit $3
            """);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = from });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = to });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            yield return new(
                reader.GetInt64(0), reader.GetGuid(1), reader.GetString(2), reader.GetInt64(3), reader.GetString(4),
                reader.GetFieldValue<byte[]>(5), reader.GetFieldValue<DateTimeOffset>(6),
                reader.IsDBNull(7) ? null : reader.GetString(7));
        }
    }
}
