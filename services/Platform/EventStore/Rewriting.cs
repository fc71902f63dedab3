using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace Billing.Platform;

/// <summary>
/// Rewrites stored events of one kind as another, where they stand: for a migration that cannot leave what was stored
/// before. Everything but name and data stays, so readers notice nothing. A batch is one transaction; an interrupted
/// run goes on with what is left.
/// </summary>
public static class Rewriting
{
    private const int AtOnce = 1_000;

    /// <summary>Rewrites all events of a kind, as the owner of the database.</summary>
    /// <param name="source">The database.</param>
    /// <param name="convert">Makes the new events of a batch, as many and in the same order; the connection is in the
    /// transaction.</param>
    /// <param name="cancellation">Cancels between two batches.</param>
    /// <typeparam name="TOld">The events as they were stored.</typeparam>
    /// <typeparam name="TNew">The events that take their place.</typeparam>
    /// <returns>How many events were rewritten.</returns>
    public static async Task<long> Run<TOld, TNew>(
        NpgsqlDataSource source,
        Func<NpgsqlConnection, IReadOnlyList<TOld>, Task<IReadOnlyList<TNew>>> convert,
        CancellationToken cancellation = default)
        where TOld : class
        where TNew : class
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(convert);
        for (var (total, after) = (0L, 0L); ; )
        {
            await using var connection = await source.OpenConnectionAsync(cancellation);
            await using var transaction = await connection.BeginTransactionAsync(cancellation);
            var (numbers, old) = await Read<TOld>(connection, after, cancellation);
            if (numbers.Length == 0)
                return total;
            var made = await convert(connection, old);
            if (made.Count != numbers.Length)
                throw new InvalidOperationException($"{numbers.Length} events became {made.Count}.");
            await Write(connection, numbers, made, cancellation);
            await transaction.CommitAsync(cancellation);
            (total, after) = (total + numbers.Length, numbers[^1]);
        }
    }

    private static async Task<(long[] Numbers, List<TOld> Events)> Read<TOld>(
        NpgsqlConnection connection, long after, CancellationToken cancellation)
        where TOld : class
    {
        var (numbers, events) = (new List<long>(AtOnce), new List<TOld>(AtOnce));
        await using var read = new NpgsqlCommand(
            $"select seq_id, data from mt_events where seq_id > $1 and type = $2 order by seq_id limit {AtOnce}",
            connection) { CommandTimeout = 0 };
        read.Parameters.Add(new() { Value = after });
        read.Parameters.Add(new() { Value = StoredAsAttribute.NameOf(typeof(TOld)) });
        await using var reader = await read.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            numbers.Add(reader.GetInt64(0));
            events.Add(JsonSerializer.Deserialize<TOld>(reader.GetFieldValue<byte[]>(1), Wire.Stored)
                ?? throw new InvalidDataException($"Event {numbers[^1]} is null."));
        }
        return ([.. numbers], events);
    }

    private static async Task Write<TNew>(
        NpgsqlConnection connection, long[] numbers, IReadOnlyList<TNew> events, CancellationToken cancellation)
        where TNew : class
    {
        await using var write = new NpgsqlCommand("""
            update mt_events e set type = $1, mt_dotnet_type = $2, data = n.data
            from unnest($3::bigint[], $4::jsonb[]) n(seq_id, data) where e.seq_id = n.seq_id
            """, connection) { CommandTimeout = 0 };
        write.Parameters.Add(new() { Value = StoredAsAttribute.NameOf(typeof(TNew)) });
        write.Parameters.Add(new() { Value = StoredAsAttribute.DotnetTypeOf(typeof(TNew)) });
        write.Parameters.Add(new() { Value = numbers });
        write.Parameters.Add(new()
        {
            Value = events.Select(e => JsonSerializer.Serialize(e, Wire.Stored)).ToArray(),
            NpgsqlDbType = NpgsqlDbType.Jsonb | NpgsqlDbType.Array,
        });
        await write.ExecuteNonQueryAsync(cancellation);
    }
}
