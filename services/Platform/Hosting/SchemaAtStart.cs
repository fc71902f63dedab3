using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Polly;

namespace Billing.Platform;

/// <summary>
/// In development the schema is migrated before anything else starts; otherwise a service only reports what its
/// database lacks, and is not ready until <c>./billing migrate</c> has run. A newer database is accepted: while a new
/// version is rolled out, the old one goes on.
/// </summary>
internal sealed class SchemaAtStart(Schema schema, IOptions<BillingOptions> settings, ILogger<SchemaAtStart> logger)
    : IHostedService, IHealthCheck
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(5);

    private volatile SchemaDifference? _marten;
    private long _looked;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var patience = new ResiliencePipelineBuilder().AddRetry(new()
        {
            MaxRetryAttempts = 120,
            Delay = TimeSpan.FromMilliseconds(500),
            ShouldHandle = new PredicateBuilder().Handle<NpgsqlException>(Faults.IsTransient),
            OnRetry = retry =>
            {
                logger.DatabaseNotYet(retry.Outcome.Exception?.Message);
                return default;
            },
        }).Build();
        Interlocked.Exchange(ref _looked, TimeProvider.System.GetTimestamp());
        await patience.ExecuteAsync(async token =>
        {
            if (settings.Value.MigrateAtStart)
                await schema.Migrate(cancellation: token);
            var difference = await schema.Difference(token);
            // A schema just migrated need not be compared: that takes longer than everything else at a start.
            if (difference is null && !settings.Value.MigrateAtStart)
                difference = await LookAtMarten();
            if (difference is not null)
                logger.SchemaDiffers(difference.Text);
        }, cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Writes the failing health checks to the answer, one per line.</summary>
    public static Task Tell(HttpContext context, HealthReport report) => context.Response.WriteAsync(
        string.Join('\n', report.Entries.Where(entry => entry.Value.Status != HealthStatus.Healthy)
            .SelectMany(entry => $"{entry.Value.Description}".Split('\n').Select(line => $"{entry.Key}: {line}"))
            .Prepend($"{report.Status}")));

    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var difference = await schema.Difference(cancellationToken);
            if (difference is null or { Lacks: false })
                difference = await MartenNowAndThen() ?? difference;
            return difference switch
            {
                null => HealthCheckResult.Healthy(),
                { Lacks: false } => HealthCheckResult.Degraded(difference.Text),
                _ => HealthCheckResult.Unhealthy(difference.Text),
            };
        }
        catch (NpgsqlException e)
        {
            return HealthCheckResult.Unhealthy("PostgreSQL does not answer.", e);
        }
    }

    /// <summary>
    /// Reads the whole catalog, so a good result is cached for a while; a bad one is checked again at once.
    /// </summary>
    private async ValueTask<SchemaDifference?> MartenNowAndThen() =>
        _marten is null && TimeProvider.System.GetElapsedTime(Interlocked.Read(ref _looked)) < LookAgain
            ? null
            : await LookAtMarten();

    private async Task<SchemaDifference?> LookAtMarten()
    {
        Interlocked.Exchange(ref _looked, TimeProvider.System.GetTimestamp());
        return _marten = await schema.MartenDifference();
    }
}
