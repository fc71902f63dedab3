using Npgsql;

namespace Billing.Platform;

/// <summary>
/// The position up to which the global order is final: no transaction can still commit an event at or below it.
/// <para>
/// Whoever takes a number holds the lock that <c>nextval</c> takes on the sequence, from before it has the number to
/// the end of its transaction, when its events are already visible to the next snapshot. So of everything that was
/// given out when the sequence stood at S, what cannot be seen yet belongs to the transactions that hold that lock just
/// after S was read. When the last of them has ended, committed or rolled back, S is safe. Transactions that never
/// touch the sequence hold nobody up, in this database or another.
/// </para>
/// <para>
/// The list of running transactions in <c>pg_current_snapshot()</c> would not do: it ends at the latest
/// <i>completed</i> id, and younger ones that run are not in it (docs/adr/0007).
/// </para>
/// </summary>
public sealed class SafePosition(NpgsqlDataSource source)
{
    /// <summary>
    /// Whoever gets no answer asks again soon enough that Marten, which waits for 30 seconds, does not begin to look a
    /// second time beside.
    /// </summary>
    private const int AnswerSeconds = 10;

    private const string Writers = """
        select array(
          select virtualtransaction from pg_locks
          where locktype = 'relation' and relation = 'mt_events_sequence'::regclass and mode = 'RowExclusiveLock'
            and database = (select oid from pg_database where datname = current_database()))
        """;

    private readonly Queue<(long Position, HashSet<string> Writers)> _observations = new();
    private long _safe;

    /// <summary>The highest number that was given out at the last look; null before the first.</summary>
    public long? Given { get; private set; }

    /// <summary>Whether numbers were out at the last look of which nobody knows yet if they will be used.</summary>
    public bool WritersAreOpen { get; private set; }

    /// <summary>Looks once and answers the highest position that is safe now.</summary>
    public async Task<long> Look(CancellationToken cancellation = default)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection)
        {
            Timeout = AnswerSeconds,
            BatchCommands =
            {
                // The order matters: first what was given out, then who may still hold some of it.
                new("select case when is_called then last_value else 0 end from mt_events_sequence"),
                new(Writers),
            },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        var position = reader.GetInt64(0);
        await reader.NextResultAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return Resolve(position, [.. reader.GetFieldValue<string[]>(0)]);
    }

    /// <summary>
    /// Looks until everything is safe that had been given out when it began: it waits for the writers of that moment.
    /// </summary>
    public async Task<long> LookThrough(CancellationToken cancellation = default)
    {
        var safe = await Look(cancellation);
        for (var given = Given; safe < given; safe = await Look(cancellation))
            await Task.Delay(10, cancellation);
        return safe;
    }

    private long Resolve(long position, HashSet<string> running)
    {
        if (position < Given)
            throw new InvalidOperationException(
                $"The events' numbers went back from {Given} to {position}: was the database restored?");
        Given = position;
        WritersAreOpen = running.Count > 0;
        if (running.Count == 0)
        {
            _observations.Clear();
            return _safe = position;
        }
        if (_observations.Count == 0 || _observations.Last().Position < position)
            _observations.Enqueue((position, running));
        while (_observations.TryPeek(out var oldest) && !oldest.Writers.Overlaps(running))
            _safe = Math.Max(_safe, _observations.Dequeue().Position);
        return _safe;
    }
}
