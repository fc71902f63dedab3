using Billing.Platform;
using Microsoft.Extensions.Options;

namespace Billing.WebConsole;

/// <summary>Deletes sessions that have ended and that nobody has signed out of, every hour.</summary>
internal sealed class SessionPruning(
    SessionFiles sessions, IOptions<ConsoleOptions> options, TimeProvider clock, ILogger<SessionPruning> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        do
        {
            await RetryForever.Try(Prune, Interval, logger, "Pruning sessions", stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private Task Prune(CancellationToken cancellation)
    {
        sessions.Prune(clock.GetUtcNow() - TimeSpan.FromHours(options.Value.SessionHours));
        return Task.CompletedTask;
    }
}
