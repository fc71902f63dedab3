using System.Data;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Billing.Platform;

/// <summary>Connections and schema of a service's own database.</summary>
public static class Database
{
    private const int MostConnections = 32, MostReaders = 8;

    /// <summary>
    /// Session settings. No JIT and no parallel workers: compiling a plan or starting processes takes longer than any
    /// statement of this system. Random pages cost about as much as sequential ones, because the rows looked up are in
    /// memory. The server soon ends a session whose process hangs in a transaction or whose machine is gone: its event
    /// numbers would hold up every reader, its row locks every writer.
    /// </summary>
    private const string Sessions = "-c jit=off -c max_parallel_workers_per_gather=0 -c random_page_cost=1.1 " +
        "-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3";

    /// <summary>
    /// A pool tuned as measured in docs/performance.md: statements are prepared automatically, and connections are
    /// returned without a reset, because this system leaves no session state on them. Of several hosts the writable one
    /// is used.
    /// </summary>
    public static NpgsqlDataSource Source(string connection, string application) =>
        Source(connection, application, MostConnections, $"{Sessions} -c idle_in_transaction_session_timeout=10000");

    /// <summary>
    /// A pool for readers of the global order. It avoids plans that would be reused badly: a generic plan sorts
    /// everything that is left to read, and a hash join reads all streams for each page. A reader that hangs inside a
    /// transaction is ended soon, because it holds up the next leader.
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
    /// Closes all connections of a pool: idle ones at once, the others when they are returned. After a fail-over they
    /// lead to a server that is not the primary any more.
    /// <para>
    /// It also works around a fault of the driver (npgsql/npgsql#6391): it regards a statement as prepared as soon as
    /// it is parsed. When the first use then fails while its parameters are bound, as with text that cannot be stored,
    /// the driver assumes that the statement returns no rows, and its next use on the same connection, by any caller,
    /// fails with an unexpected message of the backend.
    /// </para>
    /// </summary>
    public static void Forget(NpgsqlDataSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        source.Clear();
    }

    /// <summary>
    /// Runs work; when it fails because the server is read-only, no connection to that server is used again.
    /// </summary>
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
    /// Runs work on a connection of the pool. When it fails, no half-prepared statement is left behind, and a
    /// connection to a server that no longer accepts writes is not used again.
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

    /// <summary>Ignores its own faults, so that they do not hide the original one, by which callers decide.</summary>
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
/// Healthy when the database accepts a write: after a fail-over to a server that is still read-only, accepting
/// connections is not enough.
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

    /// <summary>Whether the database accepts a write now.</summary>
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
