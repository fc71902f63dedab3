using Billing.Contracts;
using Billing.Platform;
using Dapper;
using Npgsql;

namespace Billing.Invoicing;

/// <summary>
/// Keeps runs going. Work is sent again when this process starts and whenever no chunk of any run was finished for a
/// while; the interval grows until nothing is left, so that a slow machine is not flooded with repetitions. A run whose
/// last chunk is posted is completed here when the process that posted it died before it could, or is a worker, which
/// has no key to seal with. Chunks that failed too often are left to a person.
/// </summary>
public sealed class StalledRunWatcher(
    NpgsqlDataSource source, EventStore store, WorkItems work, ManifestKey key, ILogger<StalledRunWatcher> logger)
    : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(30);

    private int _seen;
    private long _since = TimeProvider.System.GetTimestamp();
    private TimeSpan _pause;

    private const string Sql = """
        select r.run, r.state, count(*) filter (where case r.state
            when 'drafting' then c.drafted_at is null else c.posted_at is null end)::int as left,
          count(*) filter (where c.attempts >= @MostAttempts and case r.state
            when 'drafting' then c.drafted_at is null else c.posted_at is null end)::int as failed
        from run r join run_chunk c using (run) where r.state in ('drafting', 'posting') group by r.run, r.state
        """;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await RetryForever.Try(LookOnce, RetryInterval, logger, "The watch over stalled runs", stoppingToken);
            await Task.Delay(Look, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task LookOnce(CancellationToken cancellation)
    {
        var runs = await Unfinished(cancellation);
        foreach (var run in runs.Where(run => run is { State: RunState.Posting, Left: 0 }))
            await Complete(run.Run, cancellation);
        var left = runs.Sum(run => run.Left - run.Failed);
        if (left == 0)
            _pause = FirstPause;
        if (left != _seen)
            (_seen, _since) = (left, TimeProvider.System.GetTimestamp());
        if (left == 0 || TimeProvider.System.GetElapsedTime(_since) < _pause)
            return;
        (_since, _pause) = (TimeProvider.System.GetTimestamp(), Longer(_pause));
        foreach (var run in runs.Where(run => run.Left > run.Failed))
            await Resend(run.Run, cancellation);
    }

    private static TimeSpan Longer(TimeSpan pause) =>
        pause == TimeSpan.Zero ? FirstPause : TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks));

    private async Task Complete(RunName run, CancellationToken cancellation)
    {
        var completed = await CompleteRun.Execute(store, key, run, cancellation);
        if (completed.Rejection is { } rejection)
            logger.CannotBeCompleted(run, rejection.Message);
    }

    private async Task Resend(RunName run, CancellationToken cancellation)
    {
        var sent = await work.Enqueue(run, cancellation);
        logger.SentAgain(sent, run);
    }

    private async Task<List<(RunName Run, RunState State, int Left, int Failed)>> Unfinished(
        CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        var rows = await connection.QueryAsync<(string Run, RunState State, int Left, int Failed)>(
            new CommandDefinition(Sql, new { ChunkFailures.MostAttempts }, cancellationToken: cancellation));
        return [.. rows.Select(row => (RunName.Wrap(row.Run), row.State, row.Left, row.Failed))];
    }
}
