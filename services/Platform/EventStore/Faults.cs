using Npgsql;

namespace Billing.Platform;

/// <summary>What the faults of a database mean for whoever meets them.</summary>
internal static class Faults
{
    /// <summary>The server ended a session that did nothing in its transaction for too long.</summary>
    public const string IdleInTransaction = "25P03";

    /// <summary>A row was not free in time.</summary>
    public const string LockTimeout = "55P03";

    /// <summary>
    /// Passes by itself: connection lost, server restarting or failing over, deadlock, serialisation. A server that is
    /// read-only is a stand-by that has not been promoted yet, or a primary that is not one any more.
    /// </summary>
    public static bool IsTransient(NpgsqlException e) =>
        e.IsTransient || IsReadOnly(e)
        || e is PostgresException { SqlState: "57P01" or "57P02" or "57P03" or "40P01" or "40001"
            or IdleInTransaction or LockTimeout };

    /// <summary>The server does not take writes; of several hosts, none does.</summary>
    public static bool IsReadOnly(NpgsqlException e) =>
        e is PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction }
        || e is not PostgresException && e.Message.StartsWith("No suitable host", StringComparison.Ordinal);

    /// <summary>
    /// May have come while parameters were bound (<see cref="Database.Forget"/>): a value of the wrong kind (class 22).
    /// A taken key and a moved stream come later, and a connection that the server ends is gone with its statements.
    /// </summary>
    public static bool LeavesHalfPrepared(PostgresException e) =>
        e.SqlState.StartsWith("22", StringComparison.Ordinal);
}
