using Npgsql;

namespace Billing.Platform;

/// <summary>
/// Puts a table that was built beside the live one in its place, with the same keys, indexes and names.
/// </summary>
internal static class Swapping
{
    private const string Suffix = "_rebuilt";

    private const string Keys = """
        select conname, pg_get_constraintdef(oid) from pg_constraint
        where conrelid = $1::regclass order by contype, conname
        """;

    private const string Indexes = """
        select i.relname, pg_get_indexdef(x.indexrelid) from pg_index x join pg_class i on i.oid = x.indexrelid
        where x.indrelid = $1::regclass and not exists (select 1 from pg_constraint c where c.conindid = x.indexrelid)
        """;

    public static string Beside(string table) => table + Suffix;

    public static async Task Begin(NpgsqlConnection connection, string table, CancellationToken cancellation)
    {
        await Run(connection, $"drop table if exists {Beside(table)}", cancellation);
        await Run(connection,
            $"create table {Beside(table)} (like {table} including defaults including generated including identity)",
            cancellation);
    }

    /// <summary>After the rows are in, which is faster than keeping indexes up to date row by row.</summary>
    public static async Task AddKeysAndIndexes(
        NpgsqlConnection connection, string table, CancellationToken cancellation)
    {
        foreach (var (name, definition) in await Read(connection, Keys, table, cancellation))
            await Run(
                connection, $"alter table {Beside(table)} add constraint {name}{Suffix} {definition}", cancellation);
        foreach (var (name, definition) in await Read(connection, Indexes, table, cancellation))
        {
            var columns = definition[definition.IndexOf(" USING ", StringComparison.Ordinal)..];
            var unique = definition.StartsWith("CREATE UNIQUE", StringComparison.Ordinal) ? "unique " : "";
            await Run(connection, $"create {unique}index {name}{Suffix} on {Beside(table)}{columns}", cancellation);
        }
        await Run(connection, $"analyze {Beside(table)}", cancellation);
    }

    public static async Task Swap(NpgsqlConnection connection, string table, CancellationToken cancellation)
    {
        await Run(connection, $"drop table {table}", cancellation);
        await Run(connection, $"alter table {Beside(table)} rename to {table}", cancellation);
        foreach (var (name, _) in await Read(connection, Keys, table, cancellation))
            await Run(
                connection, $"alter table {table} rename constraint {name} to {name[..^Suffix.Length]}", cancellation);
        foreach (var (name, _) in await Read(connection, Indexes, table, cancellation))
            await Run(connection, $"alter index {name} rename to {name[..^Suffix.Length]}", cancellation);
    }

    public static async Task Run(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task<List<(string Name, string Definition)>> Read(
        NpgsqlConnection connection, string sql, string table, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = table } } };
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var found = new List<(string, string)>();
        while (await reader.ReadAsync(cancellation))
            found.Add((reader.GetString(0), reader.GetString(1)));
        return found;
    }
}
