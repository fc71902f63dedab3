using System.Buffers.Binary;
using System.Data;
using Billing.Contracts.Audit;
using Npgsql;

namespace Billing.Platform;

/// <summary>What the verification of a service's audit trail found.</summary>
/// <param name="Rows">Rows in blocks that are as they were sealed.</param>
/// <param name="Blocks">Blocks that are as they were sealed.</param>
/// <param name="Unsealed">The newest rows, which are in no block yet; nothing can be said of them.</param>
/// <param name="Digests">Digests held by other services that agree.</param>
/// <param name="Fault">The first thing that is not as it was; null when there is none.</param>
public sealed record AuditVerdict(long Rows, long Blocks, long Unsealed, int Digests, string? Fault);

/// <summary>
/// Recomputes the chain over a service's audit trail from its rows, and compares it with the digests that other
/// services hold. Nothing in the database under test is believed: a row is compared with its block, a block with the
/// one before it, and the chain with what others have heard.
/// </summary>
public static class AuditVerification
{
    private const int BlocksAtOnce = 100;

    /// <summary>Verifies one service's trail, in one snapshot.</summary>
    /// <param name="source">The service's database.</param>
    /// <param name="heldByOthers">The digests of this service that others hold, with their holders.</param>
    /// <param name="cancellation">Cancels.</param>
    public static async Task<AuditVerdict> Verify(
        NpgsqlDataSource source, IReadOnlyList<(string Holder, AuditDigest Digest)> heldByOthers,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(source);
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var snapshot = await connection.BeginTransactionAsync(
            IsolationLevel.RepeatableRead, cancellation);
        var digests = heldByOthers.ToLookup(held => held.Digest.LastBlock);
        var (before, agreed) = (AuditBlock.None, 0);
        while (true)
        {
            var blocks = await AuditChain.Blocks(
                connection, "number > $1 order by number", before.Number, BlocksAtOnce, cancellation);
            if (blocks.Count == 0)
                break;
            foreach (var block in blocks)
            {
                var fault = Follows(before, block) ?? await Covers(connection, before, block, cancellation)
                    ?? Agrees(block, digests[block.Number]);
                if (fault is not null)
                    return new(before.TotalRows, before.Number, 0, agreed, fault);
                agreed += digests[block.Number].Count();
                before = block;
            }
        }
        var beyond = heldByOthers.Where(held => held.Digest.LastBlock > before.Number)
            .OrderBy(held => held.Digest.LastBlock).FirstOrDefault();
        return new(
            before.TotalRows, before.Number, await Unsealed(connection, before, cancellation), agreed,
            beyond.Digest is null ? null
                : $"blocks {before.Number + 1} to {beyond.Digest.LastBlock} are missing, of which {beyond.Holder} " +
                $"heard at the end of {beyond.Digest.Day:yyyy-MM-dd}");
    }

    /// <summary>All digests that a database holds, by service and day.</summary>
    public static async Task<IReadOnlyList<AuditDigest>> Held(
        NpgsqlDataSource source, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(source);
        await using var command = source.CreateCommand(
            "select service, day, last_block, total_rows, hash from audit_digest order by service, day");
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var held = new List<AuditDigest>();
        while (await reader.ReadAsync(cancellation))
            held.Add(new(
                reader.GetString(0), reader.GetFieldValue<DateOnly>(1), reader.GetInt64(2), reader.GetInt64(3),
                reader.GetString(4)));
        return held;
    }

    private static string? Follows(AuditBlock before, AuditBlock block) =>
        block.Number != before.Number + 1 ? $"block {before.Number + 1} was removed"
        : !block.Previous.AsSpan().SequenceEqual(before.Hash)
            ? $"block {block.Number} does not follow on block {before.Number}: one of them was changed"
        : block.TotalRows != before.TotalRows + block.Rows || block.LastId <= before.LastId
            ? $"block {block.Number} was changed"
        : null;

    private static async Task<string?> Covers(
        NpgsqlConnection connection, AuditBlock before, AuditBlock block, CancellationToken cancellation)
    {
        // One more than there may be, to see that there are too many.
        var rows = await AuditChain.Rows(
            connection, before.LastId, block.LastId, AuditChain.RowsPerBlock + 1, cancellation);
        if (rows.Count == block.Rows && AuditChain.HashOf(block, rows).AsSpan().SequenceEqual(block.Hash)
            && AuditChain.LeavesOf(rows).AsSpan().SequenceEqual(block.Leaves))
            return null;
        return FirstDifference(rows, block.Leaves) is { } difference
            ? $"{difference} (block {block.Number})"
            : $"block {block.Number} was changed";
    }

    /// <summary>The first row that differs from the leaves of its block; null when none does.</summary>
    private static string? FirstDifference(List<AuditedRow> rows, byte[] leaves)
    {
        var found = AuditChain.LeavesOf(rows);
        for (var at = 0; at < Math.Max(found.Length, leaves.Length); at += AuditChain.LeafSize)
        {
            var row = at < found.Length ? rows[at / AuditChain.LeafSize] : null;
            var leaf = at + AuditChain.LeafSize <= leaves.Length
                ? leaves.AsSpan(at, AuditChain.LeafSize)
                : [];
            var id = leaf.IsEmpty ? long.MaxValue : BinaryPrimitives.ReadInt64BigEndian(leaf);
            if (row is null || row.Id > id)
                return $"row {id} was removed";
            if (row.Id < id)
                return $"row {row.Id} was inserted: {row.Text}";
            if (!found.AsSpan(at, AuditChain.LeafSize).SequenceEqual(leaf))
                return $"row {id} was changed; it says now: {row.Text}";
        }
        return null;
    }

    private static string? Agrees(AuditBlock block, IEnumerable<(string Holder, AuditDigest Digest)> digests)
    {
        var hash = Convert.ToHexStringLower(block.Hash);
        var other = digests.FirstOrDefault(
            held => held.Digest.Hash != hash || held.Digest.TotalRows != block.TotalRows);
        return other.Digest is null ? null
            : $"block {block.Number} is not the one of which {other.Holder} heard at the end of " +
            $"{other.Digest.Day:yyyy-MM-dd}: the chain was rewritten in or before it";
    }

    private static async Task<long> Unsealed(
        NpgsqlConnection connection, AuditBlock last, CancellationToken cancellation)
    {
        await using var count = new NpgsqlCommand("select count(*) from audit_trail where id > $1", connection)
        {
            Parameters = { new() { Value = last.LastId } },
        };
        return (long)(await count.ExecuteScalarAsync(cancellation))!;
    }
}
