using System.Net.Sockets;
using Npgsql;

namespace Billing.Platform;

/// <summary>Classifies the faults of a database; the only such list.</summary>
public static class Faults
{
    /// <summary>The server ended a session that was idle in its transaction for too long.</summary>
    internal const string IdleInTransaction = "25P03";

    /// <summary>A lock on a row was not available in time.</summary>
    internal const string LockTimeout = PostgresErrorCodes.LockNotAvailable;

    /// <summary>
    /// Whether the fault is transient, so that the same work may be retried: the database is away, or two transactions
    /// blocked each other.
    /// </summary>
    public static bool IsTransient(NpgsqlException e) =>
        IsAway(e) || e is PostgresException
        {
            SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure
                or IdleInTransaction or LockTimeout or PostgresErrorCodes.ObjectInUse,
        };

    /// <summary>
    /// Whether no writes are possible for anybody: no connection, a server that stops, starts or fails over, too many
    /// connections, a full disk, or a read-only server, that is, a stand-by not promoted yet or a former primary.
    /// </summary>
    public static bool IsAway(NpgsqlException e)
    {
        ArgumentNullException.ThrowIfNull(e);
        return IsReadOnly(e) || e switch
        {
            PostgresException { SqlState: [.. "08", _, _, _] or [.. "53", _, _, _] or [.. "58", _, _, _] } => true,
            PostgresException
            {
                // The database does not exist: it is being restored.
                SqlState: PostgresErrorCodes.InvalidCatalogName or PostgresErrorCodes.AdminShutdown
                    or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow
                    or PostgresErrorCodes.IdleSessionTimeout,
            } => true,
            PostgresException => false,
            _ when IsOverdue(e) => false,
            // Of several hosts none is usable: judged by the errors of all of them.
            { InnerException: AggregateException hosts } => hosts.Flatten().InnerExceptions.All(
                one => one is NpgsqlException fault ? IsAway(fault) : one is SocketException or TimeoutException),
            _ => e.IsTransient,
        };
    }

    /// <summary>
    /// Whether a statement exceeded its timeout on a working connection. The statement itself is the cause, so it must
    /// not be retried for ever. A server that hangs does not accept the next connection, and then counts as away.
    /// </summary>
    public static bool IsOverdue(NpgsqlException e)
    {
        ArgumentNullException.ThrowIfNull(e);
        return e is PostgresException { SqlState: PostgresErrorCodes.QueryCanceled }
            || e is { InnerException: TimeoutException }
            && e.Message.StartsWith("Exception while", StringComparison.Ordinal);
    }

    /// <summary>Whether the server refuses writes; with several hosts, whether all of them do.</summary>
    internal static bool IsReadOnly(NpgsqlException e) =>
        e is PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction }
        || e is not PostgresException && e.Message.StartsWith("No suitable host", StringComparison.Ordinal);

    /// <summary>
    /// Whether the fault may have occurred while parameters were bound (<see cref="Database.Forget"/>): a value that
    /// does not fit (class 22). A taken key and a moved stream are detected later, and a connection that the server
    /// ends takes its statements with it.
    /// </summary>
    internal static bool LeavesHalfPrepared(PostgresException e) =>
        e.SqlState.StartsWith("22", StringComparison.Ordinal);
}
