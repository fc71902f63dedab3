using System.Data;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Billing.Platform;

/// <summary>Connections and schema of a service's own database.</summary>
public static class Database
{
    private const int MostConnections = 32, MostReaders = 8;

    /// <summary>
    /// Compiling a plan, or starting processes to share it, takes longer than any of our statements; and they look rows
    /// up that are in memory, for which a random page costs about what the next one does. And the server soon lets go
    /// of a session whose process hangs in a transaction, or whose machine is gone: its numbers hold every reader, its
    /// rows every writer.
    /// </summary>
    private const string Sessions = "-c jit=off -c max_parallel_workers_per_gather=0 -c random_page_cost=1.1 " +
        "-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3";

    /// <summary>
    /// A pool tuned as measured in docs/performance.md: statements prepare themselves, and connections come back
    /// without a reset, which our code does not need because it leaves nothing behind on them. Of several hosts the one
    /// that can be written to is used.
    /// </summary>
    public static NpgsqlDataSource Source(string connection, string application) =>
        Source(connection, application, MostConnections, $"{Sessions} -c idle_in_transaction_session_timeout=10000");

    /// <summary>
    /// The same for whoever reads the global order: a plan that is made once for all pages would sort everything that
    /// is left to read, one that joins a page by hashing would read all streams for each, and a reader that hangs
    /// inside a transaction holds up whoever leads after it.
    /// </summary>
    public static NpgsqlDataSource ReaderSource(string connection, string application) => Source(
        connection, application, MostReaders,
        $"{Sessions} -c plan_cache_mode=force_custom_plan -c enable_hashjoin=off -c enable_mergejoin=off " +
        "-c idle_in_transaction_session_timeout=5000");

    private static NpgsqlDataSource Source(string connection, string application, int most, string options)
    {
        var settings = new NpgsqlConnectionStringBuilder(connection)
        {
            ApplicationName = application,
            MaxAutoPrepare = 200,
            AutoPrepareMinUsages = 2,
            NoResetOnClose = true,
            MaxPoolSize = most,
            Timeout = 15,
            CommandTimeout = 60,
            KeepAlive = 15,
            WriteBufferSize = 65_536,
            ReadBufferSize = 32_768,
            Options = options,
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
            await Write(source, cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (NpgsqlException e)
        {
            return HealthCheckResult.Unhealthy("PostgreSQL does not take a write.", e);
        }
    }

    /// <summary>Whether it takes a write now.</summary>
    public static async Task<bool> TakesWrites(NpgsqlDataSource source, CancellationToken cancellation)
    {
        try
        {
            await Write(source, cancellation);
            return true;
        }
        catch (Exception e) when (e is NpgsqlException or OperationCanceledException)
        {
            return false;
        }
    }

    private static Task Write(NpgsqlDataSource source, CancellationToken cancellation) =>
        Database.Writing(source, async () =>
        {
            await using var command = source.CreateCommand("""
                insert into readiness (instance) values ($1) on conflict (instance) do update set written_at = now()
                """);
            command.Parameters.Add(new() { Value = Instance });
            await command.ExecuteNonQueryAsync(cancellation);
        });
}
