using System.Net.Sockets;
using Npgsql;

namespace Billing.Platform;

/// <summary>What the faults of a database mean for whoever meets them: the one list.</summary>
public static class Faults
{
    /// <summary>The server ended a session that did nothing in its transaction for too long.</summary>
    internal const string IdleInTransaction = "25P03";

    /// <summary>A row was not free in time.</summary>
    internal const string LockTimeout = PostgresErrorCodes.LockNotAvailable;

    /// <summary>
    /// Passes by itself, so that the same work is done again later: the database is away, or two were in each other's
    /// way.
    /// </summary>
    public static bool IsTransient(NpgsqlException e) =>
        IsAway(e) || e is PostgresException
        {
            SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure
                or IdleInTransaction or LockTimeout or PostgresErrorCodes.ObjectInUse,
        };

    /// <summary>
    /// Nothing can be written now, by nobody: no connection, a server that stops, starts or fails over, too many
    /// connections, a full disk, or a server that only reads: a stand-by that has not been promoted yet, or a primary
    /// that is not one any more.
    /// </summary>
    public static bool IsAway(NpgsqlException e)
    {
        ArgumentNullException.ThrowIfNull(e);
        return IsReadOnly(e) || e switch
        {
            PostgresException { SqlState: [.. "08", _, _, _] or [.. "53", _, _, _] or [.. "58", _, _, _] } => true,
            PostgresException
            {
                // A database that is not there is one that is being restored.
                SqlState: PostgresErrorCodes.InvalidCatalogName or PostgresErrorCodes.AdminShutdown
                    or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow
                    or PostgresErrorCodes.IdleSessionTimeout,
            } => true,
            PostgresException => false,
            _ when IsOverdue(e) => false,
            // Of several hosts none answers as it should: what each of them said.
            { InnerException: AggregateException hosts } => hosts.Flatten().InnerExceptions.All(
                one => one is NpgsqlException fault ? IsAway(fault) : one is SocketException or TimeoutException),
            _ => e.IsTransient,
        };
    }

    /// <summary>
    /// A statement took longer than it may, on a connection that stands. It is the statement that is to blame: the same
    /// one is not sent for ever. A server that hangs does not take the next connection, and is away then.
    /// </summary>
    public static bool IsOverdue(NpgsqlException e)
    {
        ArgumentNullException.ThrowIfNull(e);
        return e is PostgresException { SqlState: PostgresErrorCodes.QueryCanceled }
            || e is { InnerException: TimeoutException }
            && e.Message.StartsWith("Exception while", StringComparison.Ordinal);
    }

    /// <summary>The server does not take writes; of several hosts, none does.</summary>
    internal static bool IsReadOnly(NpgsqlException e) =>
        e is PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction }
        || e is not PostgresException && e.Message.StartsWith("No suitable host", StringComparison.Ordinal);

    /// <summary>
    /// May have come while parameters were bound (<see cref="Database.Forget"/>): a value of the wrong kind (class 22).
    /// A taken key and a moved stream come later, and a connection that the server ends is gone with its statements.
    /// </summary>
    internal static bool LeavesHalfPrepared(PostgresException e) =>
        e.SqlState.StartsWith("22", StringComparison.Ordinal);
}
