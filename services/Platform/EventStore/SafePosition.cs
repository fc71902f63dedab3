using Npgsql;

namespace Billing.Platform;

/// <summary>
/// The position up to which the global order is final: no transaction can still commit an event at or below it.
/// <para>
/// A transaction that takes a number holds the lock that <c>nextval</c> takes on the sequence, from before it has the
/// number to its end, when its events are already visible to the next snapshot. So of all numbers assigned when the
/// sequence stood at S, those not visible yet belong to the transactions that hold that lock just after S was read.
/// When the last of them has ended, committed or rolled back, S is safe. Transactions that never touch the sequence
/// delay nothing, in this database or another.
/// </para>
/// <para>
/// The list of running transactions in <c>pg_current_snapshot()</c> would not do: it ends at the latest
/// <i>completed</i> id, and younger running ones are not in it (docs/adr/0007).
/// </para>
/// </summary>
/// <param name="source">The database.</param>
/// <param name="sequence">The sequence that numbers the rows of the order; that of the events by default.</param>
public sealed class SafePosition(NpgsqlDataSource source, string sequence = "mt_events_sequence")
{
    /// <summary>
    /// The command timeout, seconds: shorter than Marten's own of 30, after which Marten would begin a second look in
    /// parallel.
    /// </summary>
    private const int AnswerSeconds = 10;

    private readonly string _writers = $"""
        select array(
          select virtualtransaction from pg_locks
          where locktype = 'relation' and relation = '{sequence}'::regclass and mode = 'RowExclusiveLock'
            and database = (select oid from pg_database where datname = current_database()))
        """;

    private readonly Queue<(long Position, HashSet<string> Writers)> _observations = new();
    private long _safe;

    /// <summary>The highest number assigned at the last look; null before the first.</summary>
    public long? Given { get; private set; }

    /// <summary>
    /// Whether, at the last look, transactions were open that may still commit events with numbers assigned before.
    /// </summary>
    public bool WritersAreOpen { get; private set; }

    /// <summary>Looks once and returns the highest position that is safe now.</summary>
    public async Task<long> Look(CancellationToken cancellation = default)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection)
        {
            Timeout = AnswerSeconds,
            BatchCommands =
            {
                // The order matters: first the numbers assigned, then the transactions that may still hold some of
                // them.
                new($"select case when is_called then last_value else 0 end from {sequence}"),
                new(_writers),
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
    /// Looks repeatedly until everything assigned at its beginning is safe: it waits for the writers of that moment.
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
                $"The numbers of {sequence} went back from {Given} to {position}: was the database restored?");
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
