using Npgsql;

namespace Billing.Platform;

/// <summary>
/// The position up to which the global order is final: no transaction can still commit an event at or below it.
/// <para>
/// A writer has its transaction id, and then the lock that <c>nextval</c> takes on the sequence and keeps to its end, before it
/// has a number. So of everything that was given out when the sequence stood at S, what is not committed yet belongs to
/// the transactions that the next snapshot shows in progress and that hold that lock. When the last of them has ended,
/// committed or rolled back, S is safe. Transactions that never touch the sequence hold nobody up.
/// </para>
/// </summary>
public sealed class SafePosition(NpgsqlDataSource source)
{
    private const string Sql = """
        select array(
          select running::text::bigint from pg_snapshot_xip(pg_current_snapshot()) running
          where exists (
            select 1 from pg_locks ours join pg_locks numbers using (virtualtransaction)
            where ours.locktype = 'transactionid' and ours.transactionid = running::xid and ours.granted
              and numbers.locktype = 'relation' and numbers.relation = 'mt_events_sequence'::regclass
              and numbers.database = (select oid from pg_database where datname = current_database())))
        """;

    private readonly Queue<(long Position, HashSet<long> Writers)> _observations = new();
    private long _safe;

    /// <summary>Looks once and answers the highest position that is safe now.</summary>
    public async Task<long> Look(CancellationToken cancellation = default)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                // The sequence is read before the snapshot is taken: each statement sees a snapshot of its own.
                new("select case when is_called then last_value else 0 end from mt_events_sequence"),
                new(Sql),
            },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        var position = reader.GetInt64(0);
        await reader.NextResultAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return Resolve(position, [.. reader.GetFieldValue<long[]>(0)]);
    }

    private long Resolve(long position, HashSet<long> running)
    {
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
