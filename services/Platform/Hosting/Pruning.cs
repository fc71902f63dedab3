using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Billing.Platform;

/// <summary>
/// Deletes by age what is kept only to recognise repetitions: inbox keys, first answers to idempotency keys, suspected
/// messages, nonces of signed requests, and the rows by which processes test that they can write. A repetition that
/// comes later is recognised by the keys of its facts.
/// </summary>
internal sealed class Pruning(
    NpgsqlDataSource source, IOptions<BillingOptions> settings, ILogger<Pruning> logger) : BackgroundService
{
    private const int AtOnce = 5_000;
    private static readonly TimeSpan Pause = TimeSpan.FromHours(6), Within = TimeSpan.FromMinutes(10);

    /// <summary>A signed request is refused for its age long before.</summary>
    private const int NonceDays = 1;

    private static readonly (string Table, string Age, int? Days)[] Aged =
    [
        ("inbox", "received_at", null), ("idempotency", "started_at", null), ("suspect", "tried_at", null),
        ("readiness", "written_at", null), ("nonce", "at", NonceDays),
    ];

    /// <summary>Deletes what is too old now; returns the number of rows deleted.</summary>
    public async Task<long> Prune(CancellationToken cancellation)
    {
        var pruned = 0L;
        foreach (var (table, age, days) in Aged)
        {
            await using var command = source.CreateCommand($"""
                delete from {table} where ctid = any(array(
                  select ctid from {table} where {age} < now() - make_interval(days => $1) limit {AtOnce}))
                """);
            command.Parameters.Add(new() { Value = days ?? settings.Value.KeepDays });
            for (var rows = AtOnce; rows == AtOnce; pruned += rows)
                rows = await command.ExecuteNonQueryAsync(cancellation);
        }
        return pruned;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await RetryForever.Try(Prune, Within, logger, "Pruning", stoppingToken);
            await Task.Delay(Pause, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
