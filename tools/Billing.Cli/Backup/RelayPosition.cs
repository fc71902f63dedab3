using Billing.Platform;
using Npgsql;

namespace Billing.Tools;

/// <summary>
/// How far a service has published its events. Set back, its relay goes on from there within a second, and whoever
/// hears a fact again recognises it (docs/adr/0011). It is never set forward, for what is between would never be heard.
/// </summary>
internal static class RelayPosition
{
    /// <summary>Sets it back, unless it is there or before; answers whether it moved.</summary>
    public static async Task<bool> SetBack(
        NpgsqlConnection connection, long position, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            $"""
            update {EventTables.Progress} set last_seq_id = $2, last_updated = clock_timestamp()
            where name = $1 and last_seq_id > $2 returning 1
            """, connection)
        {
            Parameters = { new() { Value = EventTables.Relay }, new() { Value = position } },
        };
        return await command.ExecuteScalarAsync(cancellation) is not null;
    }
}
