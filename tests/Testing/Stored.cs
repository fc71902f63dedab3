using Billing.Platform;
using Npgsql;

namespace Billing.Testing;

/// <summary>An event as an earlier version of a service, or a manual change, may have left it.</summary>
/// <param name="Stream">Its stream.</param>
/// <param name="Version">Its position in the stream.</param>
/// <param name="Kind">Its record type.</param>
/// <param name="Data">Its stored data, which need not fit the record.</param>
/// <param name="At">When it was recorded; now by default.</param>
public sealed record LeftEvent(string Stream, long Version, Type Kind, string Data = "{}", DateTimeOffset? At = null);

/// <summary>Access to stored events that bypasses the services.</summary>
public static class Stored
{
    /// <summary>All events of a kind, or of a family, in the order in which they were recorded.</summary>
    public static async Task<List<TEvent>> All<TEvent>(this StoredEvents events)
        where TEvent : class
    {
        ArgumentNullException.ThrowIfNull(events);
        return await events.Since<TEvent>().Select(recorded => recorded.Event).ToListAsync();
    }

    /// <summary>Stores events without a decision, numbered from 1 in their order.</summary>
    public static async Task Leave(NpgsqlDataSource source, params IReadOnlyList<LeftEvent> events)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(events);
        foreach (var stream in events.GroupBy(e => e.Stream))
            await Run(
                source, $"insert into {EventTables.Streams} (id, version) values ($1, $2)", stream.Key,
                stream.Max(e => e.Version));
        foreach (var e in events)
            await Run(
                source, $"""
                insert into {EventTables.Events} (seq_id, id, stream_id, version, type, data, timestamp, mt_dotnet_type)
                values (nextval('{EventTables.Sequence}'), gen_random_uuid(), $1, $2, $3, $4::jsonb, $5, '')
                """, e.Stream, e.Version, StoredAsAttribute.NameOf(e.Kind), e.Data,
                (e.At ?? TimeProvider.System.GetUtcNow()).ToUniversalTime());
    }

    /// <summary>Empties all streams, and other tables.</summary>
    /// <param name="source">The database.</param>
    /// <param name="tables">The tables, separated by commas.</param>
    public static Task Forget(NpgsqlDataSource source, string tables) =>
        Run(source, $"truncate {tables}, {EventTables.Streams} cascade");

    /// <summary>The number of streams whose version differs from the number of their events.</summary>
    public static async Task<long> StreamsOutOfStep(NpgsqlDataSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        await using var command = source.CreateCommand($"""
            select count(*) from {EventTables.Streams} s
            where version <> (select count(*) from {EventTables.Events} e where e.stream_id = s.id)
            """);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static async Task Run(NpgsqlDataSource source, string sql, params object[] parameters)
    {
        await using var command = source.CreateCommand(sql);
        foreach (var parameter in parameters)
            command.Parameters.Add(new() { Value = parameter });
        await command.ExecuteNonQueryAsync();
    }
}
