using Billing.Platform;
using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;

namespace Billing.Identity;

/// <summary>Deletes tokens and authorizations that can no longer be used, every hour.</summary>
internal sealed partial class TokenPruning(
    IServiceScopeFactory scopes, TimeProvider clock, ILogger<TokenPruning> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1), Kept = TimeSpan.FromDays(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        do
        {
            await RetryForever.Try(Prune, Interval, logger, "Pruning tokens", stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task Prune(CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var before = clock.GetUtcNow() - Kept;
        var tokens = await scope.ServiceProvider.GetRequiredService<IOpenIddictTokenManager>()
            .PruneAsync(before, cancellation);
        var authorizations = await scope.ServiceProvider.GetRequiredService<IOpenIddictAuthorizationManager>()
            .PruneAsync(before, cancellation);
        await scope.ServiceProvider.GetRequiredService<IdentityStore>().Database.ExecuteSqlAsync(
            $"delete from used_codes where used_at < now() - interval '1 hour'", cancellation);
        Pruned(tokens, authorizations);
    }

    [LoggerMessage(
        Level = LogLevel.Information, Message = "{Tokens} tokens and {Authorizations} authorizations pruned")]
    private partial void Pruned(long tokens, long authorizations);
}
