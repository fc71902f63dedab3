using Billing.Platform;
using Dapper;
using Npgsql;

namespace Billing.Invoicing;

/// <summary>
/// Whatever a bill rests on changes either before a run gives out its numbers, and is then seen, or after it: those who
/// change it pass the gate together, a run that begins to post passes it alone. Held to the end of the transaction.
/// </summary>
internal static class PostingGate
{
    /// <summary>For those who write readings, supplies and plans.</summary>
    public static Task Share(NpgsqlConnection connection, CancellationToken cancellation) => Pass(
        connection, "select pg_advisory_xact_lock_shared(@Gate)", cancellation);

    /// <summary>For a run that gives out its numbers.</summary>
    public static Task PassAlone(NpgsqlConnection connection, CancellationToken cancellation) => Pass(
        connection, "select pg_advisory_xact_lock(@Gate)", cancellation);

    private static Task Pass(NpgsqlConnection connection, string sql, CancellationToken cancellation) =>
        connection.ExecuteAsync(new CommandDefinition(
            sql, new { Gate = AdvisoryLock.Posting }, commandTimeout: 600, cancellationToken: cancellation));
}
