using System.Diagnostics.Metrics;
using Billing.Platform;
using Npgsql;

namespace Billing.Invoicing;

/// <summary>
/// The progress of the active runs: chunks left and chunks done, by run and phase (drafting, posting).
/// </summary>
internal sealed class RunChunks(NpgsqlDataSource source) : IGauge
{
    public string Name => "billing.run.chunks";

    public string Unit => "{chunk}";

    public async Task<IReadOnlyList<Measurement<double>>> Look(CancellationToken cancellation)
    {
        await using var command = source.CreateCommand("""
            select run, state,
              count(*) filter (where case state when 'drafting' then drafted_at else posted_at end is null),
              count(case state when 'drafting' then drafted_at else posted_at end)
            from run_chunk join run using (run) where state in ('drafting', 'posting') group by run, state
            """);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var seen = new List<Measurement<double>>();
        while (await reader.ReadAsync(cancellation))
        {
            KeyValuePair<string, object?>[] of = [new("run", reader.GetString(0)), new("phase", reader.GetString(1))];
            seen.Add(new(reader.GetInt64(2), [.. of, new("chunks", "left")]));
            seen.Add(new(reader.GetInt64(3), [.. of, new("chunks", "done")]));
        }
        return seen;
    }
}
