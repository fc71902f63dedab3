using Npgsql;
using NpgsqlTypes;

namespace Billing.Platform;

/// <summary>
/// Seals the rows of the audit trail into blocks, up to the position below which no transaction can still commit a row
/// (<see cref="SafePosition"/>): a number that was rolled back is a gap for ever, and no fault. Of two processes that
/// seal at once one finds its block's number taken, and is done.
/// </summary>
internal sealed class AuditSealing(NpgsqlDataSource source, TimeProvider clock)
{
    private readonly SafePosition _positions = new(source, AuditChain.Sequence);

    /// <summary>Seals all that is final now; returns the number of blocks made.</summary>
    public async Task<int> Seal(CancellationToken cancellation)
    {
        var safe = await _positions.Look(cancellation);
        await using var connection = await source.OpenConnectionAsync(cancellation);
        var last = (await AuditChain.Blocks(
            connection, "number > $1 order by number desc", 0, 1, cancellation)).FirstOrDefault(AuditBlock.None);
        for (var made = 0; ; made++)
        {
            var rows = await AuditChain.Rows(
                connection, last.LastId, safe, AuditChain.RowsPerBlock, cancellation);
            if (rows.Count == 0)
                return made;
            last = AuditChain.Seal(last, rows, Stored(clock.GetUtcNow()));
            if (!await Insert(connection, last, cancellation))
                return made;
        }
    }

    /// <summary>An instant as the database keeps it, because the hash covers it.</summary>
    private static DateTimeOffset Stored(DateTimeOffset at) =>
        new(at.UtcTicks - at.UtcTicks % TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);

    private static async Task<bool> Insert(
        NpgsqlConnection connection, AuditBlock block, CancellationToken cancellation)
    {
        await using var insert = new NpgsqlCommand("""
            insert into audit_block (
              number, last_id, rows, total_rows, first_at, sealed_at, previous, hash, leaves)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing
            """, connection);
        foreach (var value in new object[]
        {
            block.Number, block.LastId, block.Rows, block.TotalRows, block.FirstAt, block.SealedAt,
        })
            insert.Parameters.Add(new() { Value = value });
        foreach (var value in new[] { block.Previous, block.Hash, block.Leaves })
            insert.Parameters.Add(new() { Value = value, NpgsqlDbType = NpgsqlDbType.Bytea });
        return await insert.ExecuteNonQueryAsync(cancellation) == 1;
    }
}
