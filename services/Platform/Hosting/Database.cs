using System.Data;
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
    /// without a reset, which our code does not need because it leaves nothing behind on them. Of several hosts the one
    /// that can be written to is used.
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
        return settings.Host?.Contains(',', StringComparison.Ordinal) == true
            ? new NpgsqlDataSourceBuilder(settings.ConnectionString).BuildMultiHost()
                .WithTargetSession(TargetSessionAttributes.ReadWrite)
            : NpgsqlDataSource.Create(settings);
    }

    /// <summary>
    /// Lets go of all connections of a pool: those that idle at once, the others when they come back. After a fail-over
    /// they lead to a server that is not the primary any more.
    /// <para>
    /// It is also the remedy for a fault of the driver (npgsql/npgsql#6391): it holds a statement for prepared as soon
    /// as that is parsed. When the first use then fails while its parameters are bound, as with text that cannot be
    /// stored, the driver believes that the statement answers no rows, and the next use of it on the same connection,
    /// by whomever, fails with an unexpected message of the backend.
    /// </para>
    /// </summary>
    public static void Forget(NpgsqlDataSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        source.Clear();
    }

    /// <summary>Whether a fault passes by itself, so that the same work is done again later.</summary>
    public static bool IsAway(NpgsqlException fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        return Faults.IsTransient(fault);
    }

    /// <summary>Does work; after it met a read-only server, no connection to that one is used again.</summary>
    public static async Task Writing(NpgsqlDataSource source, Func<Task> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        try
        {
            await work();
        }
        catch (NpgsqlException e) when (Faults.IsReadOnly(e))
        {
            Forget(source);
            throw;
        }
    }

    /// <summary>
    /// Does work on a connection of the pool. When it fails, no half prepared statement stays behind, and a connection
    /// to a server that does not take writes any more is not used again.
    /// </summary>
    internal static async Task Cleanly(NpgsqlDataSource source, NpgsqlConnection connection, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (PostgresException e)
        {
            if (Faults.IsReadOnly(e))
                Forget(source);
            else if (Faults.LeavesHalfPrepared(e))
                Unprepare(source, connection);
            throw;
        }
    }

    /// <summary>What goes wrong here must not hide the fault that led here, for others decide by that.</summary>
    private static void Unprepare(NpgsqlDataSource source, NpgsqlConnection connection)
    {
        try
        {
            if (connection.FullState == ConnectionState.Open)
                connection.UnprepareAll();
        }
        catch (Exception e) when (e is NpgsqlException or InvalidOperationException)
        {
            Forget(source);
        }
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

/// <summary>
/// Ready when the database takes a write: after a fail-over to a server that is still read-only, answering is not
/// enough.
/// </summary>
internal sealed class DatabaseReady(NpgsqlDataSource source) : IHealthCheck
{
    private static readonly string Instance = $"{Environment.MachineName}-{Environment.ProcessId}";

    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await using var command = source.CreateCommand("""
                insert into readiness (instance) values ($1) on conflict (instance) do update set written_at = now()
                """);
            command.Parameters.Add(new() { Value = Instance });
            await command.ExecuteNonQueryAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (NpgsqlException e)
        {
            if (Faults.IsReadOnly(e))
                Database.Forget(source);
            return HealthCheckResult.Unhealthy("PostgreSQL does not take a write.", e);
        }
    }
}
