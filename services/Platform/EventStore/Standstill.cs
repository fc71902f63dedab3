using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Billing.Platform;

/// <summary>
/// Reports subscriptions that have events to read and do not advance. The service still answers and takes commands, so
/// it is degraded, not unready: without traffic it would do even less. Every process queries the database, not only the
/// leader, so a process that waits behind a leader that advances is healthy.
/// </summary>
internal sealed class Standstill(NpgsqlDataSource source, SubscriptionHost host) : IHealthCheck
{
    // Numbers that belong to no event do not count as waiting. With a progress above all numbers nothing would ever be
    // read.
    private const string Waiting = """
        select p.name, p.position, n.head,
          extract(epoch from clock_timestamp() - greatest(p.moved, e.timestamp))::float8 as seconds
        from (
          select s.name, coalesce(p.last_seq_id, 0) as position, p.last_updated as moved
          from unnest($1) s(name) left join mt_event_progression p on p.name = s.name) p
        cross join (select case when is_called then last_value else 0 end as head from mt_events_sequence) n
        left join lateral (
          select timestamp from mt_events where seq_id > p.position order by seq_id limit 1) e on true
        where e.timestamp is not null or p.position > n.head
        """;

    /// <summary>
    /// The longest time without progress. A page may take this long: the relay gives the broker 30 seconds to confirm
    /// one, and a lost leader is replaced within five.
    /// </summary>
    public TimeSpan After { get; init; } = TimeSpan.FromSeconds(30);

    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (host.Names.Count == 0)
            return HealthCheckResult.Healthy();
        try
        {
            var lines = new List<string>();
            await using var command = source.CreateCommand(Waiting);
            command.Parameters.Add(new() { Value = host.Names.ToArray() });
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                // Events that waited when this process began have had no chance yet.
                var since = TimeSpan.FromSeconds(Math.Min(reader.GetDouble(3), host.Age.TotalSeconds));
                if (since > After)
                    lines.Add(Line(reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2), since));
            }
            return lines.Count == 0
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Degraded(string.Join('\n', lines));
        }
        catch (NpgsqlException e)
        {
            return HealthCheckResult.Unhealthy(e.Message, e);
        }
    }

    private string Line(string name, long position, long head, TimeSpan since)
    {
        var distance = position > head ? "beyond all events" : $"{head - position} events behind";
        var reason = host.Obstacles.Latest(name, since)
            ?? (host.Leads ? "nothing failed" : "another process leads");
        return $"{name} has stood at {position} for {since.TotalSeconds:0} s, {distance}: {reason}";
    }
}
