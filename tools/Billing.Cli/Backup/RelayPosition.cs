using Billing.Platform;
using Npgsql;

namespace Billing.Tools;

/// <summary>
/// The position up to which a service has published its events. After it is set back, the relay continues from there
/// within a second, and consumers recognise repeated facts (docs/adr/0011). It is never set forward, because the events
/// in between would never be published.
/// </summary>
internal static class RelayPosition
{
    /// <summary>Sets it back, unless it is at the position or before it; returns whether it moved.</summary>
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
