using Npgsql;

namespace Billing.Tools;

/// <summary>
/// How far a service has published its events. Set back, its relay goes on from there within a second, and whoever
/// hears a fact again recognises it (docs/adr/0011). It is never set forward, for what is between would never be heard.
/// </summary>
internal static class RelayPosition
{
    private const string Name = "Relay:All";

    /// <summary>The number of the last event that was published; 0 when none was.</summary>
    public static async Task<long> Read(NpgsqlConnection connection, CancellationToken cancellation) =>
        await Ask(connection, "select last_seq_id from mt_event_progression where name = $1", cancellation, Name)
            as long? ?? 0;

    /// <summary>The highest event number that was given out.</summary>
    public static async Task<long> Head(NpgsqlConnection connection, CancellationToken cancellation) =>
        (long)(await Ask(
            connection, "select case when is_called then last_value else 0 end from mt_events_sequence",
            cancellation))!;

    /// <summary>Sets it back, unless it is there or before; answers whether it moved.</summary>
    public static async Task<bool> SetBack(
        NpgsqlConnection connection, long position, CancellationToken cancellation) => await Ask(
        connection, """
        update mt_event_progression set last_seq_id = $2, last_updated = clock_timestamp()
        where name = $1 and last_seq_id > $2 returning 1
        """, cancellation, Name, position) is not null;

    private static async Task<object?> Ask(
        NpgsqlConnection connection, string sql, CancellationToken cancellation, params object[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters)
            command.Parameters.Add(new() { Value = parameter });
        return await command.ExecuteScalarAsync(cancellation);
    }
}
