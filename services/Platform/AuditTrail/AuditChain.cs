using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Billing.Platform;

/// <summary>A row of the audit trail as the chain sees it.</summary>
/// <param name="Id">Its number.</param>
/// <param name="At">When it happened.</param>
/// <param name="Digest">SHA-256 over all of its columns.</param>
/// <param name="Text">What it says, in short, for whoever has to look for it.</param>
internal sealed record AuditedRow(long Id, DateTimeOffset At, byte[] Digest, string Text);

/// <summary>
/// A block of the chain: it covers the rows after the last id of the block before it up to its own last id.
/// </summary>
internal sealed record AuditBlock(
    long Number, long LastId, int Rows, long TotalRows, DateTimeOffset FirstAt, DateTimeOffset SealedAt,
    byte[] Previous, byte[] Hash, byte[] Leaves)
{
    /// <summary>What the first block stands on.</summary>
    public static readonly AuditBlock None = new(
        0, long.MinValue, 0, 0, default, default, new byte[SHA256.HashSizeInBytes],
        new byte[SHA256.HashSizeInBytes], []);
}

/// <summary>
/// The chain over the audit trail. The hash of a block covers the hash of the block before it, everything that the
/// block says of itself, and the digest of every row; its leaves, id and the first half of the digest of each row, are
/// there to find which row is not as it was.
/// </summary>
internal static class AuditChain
{
    public const string Sequence = "audit_trail_id_seq";

    /// <summary>The largest number of rows in a block.</summary>
    public const int RowsPerBlock = 5_000;

    /// <summary>The size of a leaf, bytes: the id and what there is of the digest.</summary>
    public const int LeafSize = sizeof(long) + HalfDigest;

    private const int HalfDigest = SHA256.HashSizeInBytes / 2;

    private const string Columns =
        "id, at, kind, actor, client, address, correlation, operation, permission, target, outcome, details::text";

    private const int FirstText = 2, Texts = 10;

    /// <summary>Seals rows, in order of id, into the block that follows on another one.</summary>
    public static AuditBlock Seal(AuditBlock before, IReadOnlyList<AuditedRow> rows, DateTimeOffset at)
    {
        var block = new AuditBlock(
            before.Number + 1, rows[^1].Id, rows.Count, before.TotalRows + rows.Count, rows.Min(row => row.At),
            at, before.Hash, [], LeavesOf(rows));
        return block with { Hash = HashOf(block, rows) };
    }

    /// <summary>The hash of a block over these rows.</summary>
    public static byte[] HashOf(AuditBlock block, IReadOnlyList<AuditedRow> rows)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(block.Previous);
        foreach (var number in new[]
        {
            block.Number, block.LastId, block.Rows, block.TotalRows, Microseconds(block.FirstAt),
            Microseconds(block.SealedAt),
        })
            Append(hash, number);
        foreach (var row in rows)
            hash.AppendData(row.Digest);
        return hash.GetHashAndReset();
    }

    /// <summary>The leaves of rows.</summary>
    public static byte[] LeavesOf(IReadOnlyList<AuditedRow> rows)
    {
        var leaves = new byte[rows.Count * LeafSize];
        for (var i = 0; i < rows.Count; i++)
        {
            var leaf = leaves.AsSpan(i * LeafSize, LeafSize);
            BinaryPrimitives.WriteInt64BigEndian(leaf, rows[i].Id);
            rows[i].Digest.AsSpan(0, HalfDigest).CopyTo(leaf[sizeof(long)..]);
        }
        return leaves;
    }

    /// <summary>Reads rows after an id (exclusive) up to another one (inclusive), in order.</summary>
    public static async Task<List<AuditedRow>> Rows(
        NpgsqlConnection connection, long after, long upTo, int most, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            $"select {Columns} from audit_trail where id > $1 and id <= $2 order by id limit $3", connection)
        {
            Parameters = { new() { Value = after }, new() { Value = upTo }, new() { Value = most } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var rows = new List<AuditedRow>();
        while (await reader.ReadAsync(cancellation))
            rows.Add(Read(reader, hash));
        return rows;
    }

    /// <summary>Reads blocks.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="which">The condition and the order, in SQL; $1 is the value.</param>
    /// <param name="value">The value.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="cancellation">Cancels.</param>
    public static async Task<List<AuditBlock>> Blocks(
        NpgsqlConnection connection, string which, long value, int most, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand($"""
            select number, last_id, rows, total_rows, first_at, sealed_at, previous, hash, leaves
            from audit_block where {which} limit $2
            """, connection)
        {
            Parameters = { new() { Value = value }, new() { Value = most } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var blocks = new List<AuditBlock>();
        while (await reader.ReadAsync(cancellation))
            blocks.Add(new(
                reader.GetInt64(0), reader.GetInt64(1), reader.GetInt32(2), reader.GetInt64(3), At(reader, 4),
                At(reader, 5), reader.GetFieldValue<byte[]>(6), reader.GetFieldValue<byte[]>(7),
                reader.GetFieldValue<byte[]>(8)));
        return blocks;
    }

    /// <summary>
    /// The digest covers every column with its length, and a missing value differs from an empty one.
    /// </summary>
    private static AuditedRow Read(NpgsqlDataReader reader, IncrementalHash hash)
    {
        var (id, at) = (reader.GetInt64(0), At(reader, 1));
        Append(hash, id);
        Append(hash, Microseconds(at));
        for (var column = FirstText; column < FirstText + Texts; column++)
        {
            var text = reader.IsDBNull(column) ? null : Encoding.UTF8.GetBytes(reader.GetString(column));
            Append(hash, text?.Length ?? -1);
            hash.AppendData(text ?? []);
        }
        return new(
            id, at, hash.GetHashAndReset(),
            $"{reader.GetString(2)} {reader.GetString(7)} by {reader.GetString(3)} at {at:yyyy-MM-dd HH:mm:ss} UTC");
    }

    private static DateTimeOffset At(NpgsqlDataReader reader, int column) =>
        reader.GetFieldValue<DateTimeOffset>(column);

    private static long Microseconds(DateTimeOffset at) => at.UtcTicks / TimeSpan.TicksPerMicrosecond;

    private static void Append(IncrementalHash hash, long number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        hash.AppendData(bytes);
    }
}
