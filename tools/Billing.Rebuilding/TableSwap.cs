using Billing.Platform;
using Npgsql;

namespace Billing.Rebuilding;

/// <summary>
/// Builds tables in a schema of their own and exchanges them for the live ones, with the same columns, keys, indexes,
/// names, settings and grants. No other session is blocked for longer than a moment: when one reads a live table, or
/// vacuums a new one, the swap is given up and retried.
/// </summary>
internal static class TableSwap
{
    private const string Schema = "rebuilding";

    /// <summary>The number of attempts, in all some ten minutes: longer than any session should hold a table.</summary>
    private const int MostTries = 200;

    private static readonly TimeSpan TryAgain = TimeSpan.FromSeconds(2);

    private const string Settings = """
        select format('alter table %s set (%s)', $2, array_to_string(reloptions, ', '))
        from pg_class where oid = $1::regclass and reloptions is not null
        """;

    private const string Keys = """
        select format('alter table %s add constraint %I %s', $2, conname, pg_get_constraintdef(oid))
        from pg_constraint where conrelid = $1::regclass and contype <> 'n' order by contype, conname
        """;

    private const string Indexes = """
        select format('create %sindex %I on %s%s', case when x.indisunique then 'unique ' end, i.relname, $2,
          substring(pg_get_indexdef(i.oid) from ' USING .*'))
        from pg_index x join pg_class i on i.oid = x.indexrelid
        where x.indrelid = $1::regclass and not exists (select from pg_constraint c where c.conindid = i.oid)
        """;

    private const string Grants = """
        select format('grant %s on %s to %s', string_agg(privilege_type, ', '), $2,
          case grantee when 0 then 'public' else grantee::regrole::text end)
        from pg_class c, aclexplode(c.relacl) where c.oid = $1::regclass and grantee <> c.relowner group by grantee
        """;

    /// <summary>The qualified name of a table that is being built.</summary>
    public static string Beside(string table) => $"{Schema}.{table}";

    /// <summary>
    /// Sets the search path so that unqualified names are those of the tables being built, and of no others.
    /// </summary>
    public static Task LookBeside(NpgsqlConnection connection, CancellationToken cancellation) =>
        Run(connection, $"set search_path = {Schema}", cancellation);

    /// <summary>Locks the schema of the tables being built for this connection alone, and creates them empty.</summary>
    /// <exception cref="InvalidOperationException">Another session rebuilds tables of this database.</exception>
    public static async Task Begin(
        NpgsqlConnection connection, IReadOnlyList<string> tables, CancellationToken cancellation)
    {
        await using (var alone = new NpgsqlCommand(
            $"select pg_try_advisory_lock({AdvisoryLock.Rebuild})", connection))
        {
            if (!(bool)(await alone.ExecuteScalarAsync(cancellation))!)
                throw new InvalidOperationException($"Tables of {connection.Database} are being rebuilt already.");
        }
        await Run(connection, $"create schema if not exists {Schema}", cancellation);
        foreach (var table in tables)
        {
            await Run(connection, $"drop table if exists {Beside(table)}", cancellation);
            await Run(
                connection,
                $"create table {Beside(table)} (like {Live(table)} including defaults including generated " +
                "including identity including storage including comments)",
                cancellation);
            await Copy(connection, Settings, table, cancellation);
        }
    }

    /// <summary>Adds keys and indexes after the rows were copied in, which is faster than maintaining them.</summary>
    public static async Task AddKeysAndIndexes(
        NpgsqlConnection connection, IReadOnlyList<string> tables, CancellationToken cancellation)
    {
        foreach (var table in tables)
        {
            await Copy(connection, Keys, table, cancellation);
            await Copy(connection, Indexes, table, cancellation);
            await Run(connection, $"analyze {Beside(table)}", cancellation);
        }
    }

    /// <summary>In one transaction: locks writers out, adds what they wrote meanwhile, and swaps the tables.</summary>
    /// <param name="connection">The connection that builds.</param>
    /// <param name="tables">The tables that are built.</param>
    /// <param name="writers">The lock that excludes the tables' writers.</param>
    /// <param name="catchUp">Adds what was written meanwhile; starts afresh at each attempt.</param>
    /// <param name="cancellation">Cancels and leaves the live tables as they were.</param>
    /// <exception cref="TimeoutException">Some session held a table during all attempts.</exception>
    public static async Task Finish(
        NpgsqlConnection connection, IReadOnlyList<string> tables, string writers, Func<Task> catchUp,
        CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var transaction = await connection.BeginTransactionAsync(cancellation);
                // Autovacuum gives way when it is asked to; this is done before the tables are changed, because the
                // change would wait for it, too.
                await Run(
                    connection,
                    $"""
                    set local idle_in_transaction_session_timeout = '1min'; set local lock_timeout = '10s';
                    lock table {string.Join(", ", tables.Select(Beside))} in access exclusive mode;
                    set local lock_timeout = '1s'; {writers}
                    """,
                    cancellation);
                await catchUp();
                await Swap(connection, tables, cancellation);
                await transaction.CommitAsync(cancellation);
                return;
            }
            catch (PostgresException e) when (e.SqlState
                is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected)
            {
                if (attempt == MostTries)
                    throw new TimeoutException(
                        $"Somebody keeps a table of {connection.Database} from being swapped: {e.MessageText}", e);
                await Task.Delay(TryAgain, cancellation);
            }
        }
    }

    private static async Task Swap(
        NpgsqlConnection connection, IReadOnlyList<string> tables, CancellationToken cancellation)
    {
        foreach (var table in tables)
        {
            await Copy(connection, Grants, table, cancellation);
            await Run(connection, $"drop table {Live(table)}", cancellation);
            await Run(connection, $"alter table {Beside(table)} set schema public", cancellation);
        }
    }

    /// <summary>Restores the session's settings before a pooled connection is returned.</summary>
    public static Task End(NpgsqlConnection connection) => connection.State == System.Data.ConnectionState.Open
        ? Run(connection, $"reset search_path; select pg_advisory_unlock({AdvisoryLock.Rebuild})",
            CancellationToken.None)
        : Task.CompletedTask;

    public static async Task Run(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    public static string Live(string table) => $"public.{table}";

    /// <summary>Runs the statements that a query generates from the live table for the one being built.</summary>
    private static async Task Copy(
        NpgsqlConnection connection, string sql, string table, CancellationToken cancellation)
    {
        var statements = new List<string>();
        await using (var command = new NpgsqlCommand(sql, connection))
        {
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Live(table) });
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Beside(table) });
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
                statements.Add(reader.GetString(0));
        }
        foreach (var statement in statements)
            await Run(connection, statement, cancellation);
    }
}
