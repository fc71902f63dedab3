using System.Reflection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Polly;

namespace Billing.Platform;

/// <summary>Connections and schema of a service's own database.</summary>
public static class Database
{
    /// <summary>
    /// A pool tuned as measured in docs/performance.md: statements prepare themselves, and connections come back
    /// without a reset, which our code does not need because it leaves nothing behind on them.
    /// </summary>
    public static NpgsqlDataSource Source(string connection, string application)
    {
        var settings = new NpgsqlConnectionStringBuilder(connection)
        {
            ApplicationName = application,
            MaxAutoPrepare = 200,
            AutoPrepareMinUsages = 2,
            NoResetOnClose = true,
            MaxPoolSize = 32,
            Timeout = 15,
            CommandTimeout = 60,
            KeepAlive = 15,
            WriteBufferSize = 65_536,
            ReadBufferSize = 32_768,
            // Compiling a plan takes longer than any of our statements.
            Options = "-c jit=off",
        };
        return NpgsqlDataSource.Create(settings);
    }

    /// <summary>Creates what is missing: the platform's tables, then the service's own <c>schema.sql</c>.</summary>
    public static async Task Migrate(
        NpgsqlDataSource source, Assembly service, CancellationToken cancellation = default)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        foreach (var sql in new[]
        {
            "select pg_advisory_xact_lock(4711)",
            Text(typeof(Database).Assembly, "platform.schema.sql"),
            Text(service, "schema.sql"),
        })
        {
            await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
            await command.ExecuteNonQueryAsync(cancellation);
        }
        await transaction.CommitAsync(cancellation);
    }

    private static string Text(Assembly assembly, string resource)
    {
        using var stream = assembly.GetManifestResourceStream(resource);
        if (stream is null)
            return "select 1";
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}

/// <summary>
/// Brings the schema up to date before anything else starts; waits for a database that is still starting.
/// </summary>
internal sealed class SchemaAtStart(NpgsqlDataSource source, Assembly service, ILogger<SchemaAtStart> logger)
    : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var patience = new ResiliencePipelineBuilder().AddRetry(new()
        {
            MaxRetryAttempts = 120,
            Delay = TimeSpan.FromMilliseconds(500),
            ShouldHandle = new PredicateBuilder().Handle<NpgsqlException>(Faults.IsTransient),
            OnRetry = retry =>
            {
                logger.LogInformation("The database is not there yet: {Reason}", retry.Outcome.Exception?.Message);
                return default;
            },
        }).Build();
        await patience.ExecuteAsync(async token => await Database.Migrate(source, service, token), cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>Ready when the database answers.</summary>
internal sealed class DatabaseReady(NpgsqlDataSource source) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await using var command = source.CreateCommand("select 1 from mt_streams limit 1");
            await command.ExecuteScalarAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (NpgsqlException e)
        {
            return HealthCheckResult.Unhealthy("PostgreSQL does not answer.", e);
        }
    }
}
