using System.Runtime.CompilerServices;
using Billing.Contracts;
using Billing.Contracts.Api;
using Npgsql;

namespace Billing.Platform;

/// <summary>
/// Which entries of the audit trail are wanted; null stands for all. A target is named by its stream, such as
/// <c>customer-C10000001</c>, or by the end of it after a dash.
/// </summary>
internal sealed record AuditTrailFilter(
    DateOnly From, DateOnly To, string? Actor, string? Operation, string? Target, AuditKind? Kind);

/// <summary>
/// Reads the audit trail, the newest entry first. There is no index but the key: the blocks say between which ids the
/// days lie, and what is left is read through. A row is sealed after it happened, so blocks sealed before the first day
/// hold nothing of it, save for clocks that differ a little.
/// </summary>
internal sealed class AuditTrailReader(NpgsqlDataSource source)
{
    private const string Sql = """
        select id, at, kind, actor, client, address, correlation, operation, permission, target, outcome, details::text
        from audit_trail
        where at >= $1 and at < $2
          and id > coalesce((
            select last_id from audit_block where sealed_at < $1 - interval '5 minutes'
            order by number desc limit 1), 0)
          and id <= coalesce((
            select last_id from audit_block where number < (select max(number) from audit_block)
              and number = (select number from audit_block where first_at < $2 order by number desc limit 1)),
            9223372036854775807)
          and id < coalesce($3::bigint, 9223372036854775807)
          and ($4::text is null or actor = $4) and ($5::text is null or operation = $5)
          and ($6::text is null or target = $6 or right(target, length($6) + 1) = '-' || $6)
          and ($7::text is null or kind = $7)
        order by id desc limit $8::bigint
        """;

    /// <summary>Reads the entries that are wanted.</summary>
    /// <param name="wanted">Which.</param>
    /// <param name="before">Only those older than this entry (exclusive); null for all.</param>
    /// <param name="most">How many at most; null for all.</param>
    /// <param name="cancellation">Cancels.</param>
    public async IAsyncEnumerable<AuditTrailEntry> Read(
        AuditTrailFilter wanted, long? before, int? most, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(Sql);
        command.CommandTimeout = 0;
        foreach (var value in new object?[]
        {
            wanted.From.Begin(), wanted.To.AddDays(1).Begin(), before, wanted.Actor, wanted.Operation, wanted.Target,
            wanted.Kind?.WireName(), most,
        })
            command.Parameters.Add(new() { Value = value ?? DBNull.Value });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            yield return EntryOf(reader);
    }

    private static AuditTrailEntry EntryOf(NpgsqlDataReader row)
    {
        return new(
            row.GetInt64(0), row.GetFieldValue<DateTimeOffset>(1), Enum.Parse<AuditKind>(row.GetString(2)),
            row.GetString(3), Text(4), row.GetString(5), Text(6), row.GetString(7), Text(8), Text(9),
            row.GetString(10), Text(11));

        string? Text(int column) => row.IsDBNull(column) ? null : row.GetString(column);
    }
}
