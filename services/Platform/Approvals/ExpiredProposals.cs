using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Billing.Platform;

/// <summary>
/// Ends proposals that nobody decided in time. Deciding looks at the time itself; this takes them off the lists, and
/// releases what they hold.
/// </summary>
public sealed class ExpiredProposals(
    NpgsqlDataSource source, Approvals approvals, IEnumerable<ApprovalKind> kinds, TimeProvider clock,
    ILogger<ExpiredProposals> logger) : BackgroundService
{
    private const int AtOnce = 500;
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1), Within = TimeSpan.FromMinutes(5);

    /// <summary>Ends those that have expired by now; returns how many.</summary>
    public async Task<int> Expire(CancellationToken cancellation)
    {
        var expired = new List<(string Kind, string Key)>();
        await using (var command = source.CreateCommand($"""
            select kind, key from proposal where status = 'Open' and expires_at <= $1 order by expires_at limit {AtOnce}
            """))
        {
            command.Parameters.Add(new() { Value = clock.GetUtcNow() });
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
                expired.Add((reader.GetString(0), reader.GetString(1)));
        }
        foreach (var (code, key) in expired)
        {
            if (kinds.FirstOrDefault(kind => kind.Code == code) is { } kind)
                await approvals.Expire(kind, key, cancellation);
        }
        return expired.Count;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await RetryForever.Try(Expire, Within, logger, "Ending proposals", stoppingToken);
            await Task.Delay(Pause, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
