using System.Diagnostics.Metrics;
using Npgsql;

namespace Billing.Platform;

/// <summary>The age of the oldest event that the relay has not passed yet, seconds; 0 when there is none.</summary>
internal sealed class OutboxAge(NpgsqlDataSource source) : IGauge
{
    public string Name => "billing.outbox.age";

    public string Unit => "s";

    public async Task<IReadOnlyList<Measurement<double>>> Look(CancellationToken cancellation)
    {
        await using var command = source.CreateCommand("""
            select coalesce(extract(epoch from clock_timestamp() - (
              select timestamp from mt_events
              where seq_id > coalesce((select last_seq_id from mt_event_progression where name = 'Relay:All'), 0)
              order by seq_id limit 1)), 0)::float8
            """);
        return [new(Math.Max(0, (double)(await command.ExecuteScalarAsync(cancellation))!))];
    }
}
