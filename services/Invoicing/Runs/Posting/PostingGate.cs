using Billing.Platform;
using Dapper;
using Npgsql;

namespace Billing.Invoicing;

/// <summary>
/// A lock that orders changes of billed facts and the start of posting: a change is committed either before a run
/// assigns its numbers, and is then found, or after. Writers of such facts hold it shared, a run that begins to post
/// exclusively, each to the end of its transaction.
/// </summary>
internal static class PostingGate
{
    /// <summary>Taken by writers of readings, supplies and plans.</summary>
    public static Task Share(NpgsqlConnection connection, CancellationToken cancellation) => Pass(
        connection, "select pg_advisory_xact_lock_shared(@Gate)", cancellation);

    /// <summary>Taken by a run that assigns its numbers.</summary>
    public static Task PassAlone(NpgsqlConnection connection, CancellationToken cancellation) => Pass(
        connection, "select pg_advisory_xact_lock(@Gate)", cancellation);

    private static Task Pass(NpgsqlConnection connection, string sql, CancellationToken cancellation) =>
        connection.ExecuteAsync(new CommandDefinition(
            sql, new { Gate = AdvisoryLock.Posting }, commandTimeout: 600, cancellationToken: cancellation));
}
