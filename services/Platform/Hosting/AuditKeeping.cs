using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Billing.Platform;

/// <summary>
/// Seals the audit trail twice a minute, by one process of the service at a time, and publishes its digest when a
/// business day is over.
/// </summary>
internal sealed class AuditKeeping(
    NpgsqlDataSource source, AuditSealing sealing, AuditDigests digests, IBus bus, ILogger<AuditKeeping> logger)
    : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30), Within = TimeSpan.FromMinutes(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(Pause, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await RetryForever.Try(Seal, Within, logger, "Sealing the audit trail", stoppingToken);
            await RetryForever.Try(
                cancellation => digests.Publish(bus, cancellation), Within, logger,
                "Publishing the digest of the audit trail", stoppingToken);
        }
    }

    private async Task Seal(CancellationToken cancellation)
    {
        await using var lease = await Lease.Take(source, "audit-trail", cancellation);
        await sealing.Seal(lease.Lost);
    }
}

/// <summary>Registers the audit trail of a service.</summary>
internal static class AuditTrailServices
{
    public static void AddAuditTrail(this WebApplicationBuilder builder, string service)
    {
        builder.Services.AddSingleton(new AuditedService(service)).AddSingleton<AuditSealing>()
            .AddSingleton<AuditDigests>().AddSingleton<AuditTrailReader>().AddHostedService<AuditKeeping>()
            .AddSingleton<AuditLog>().AddHostedService(services => services.GetRequiredService<AuditLog>());
    }
}
