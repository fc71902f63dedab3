using System.Diagnostics;
using Billing.Contracts;
using Billing.Contracts.Api;
using Npgsql;

namespace Billing.Platform;

/// <summary>
/// The record of who has read personal data, and why: rows of <c>personal_data_reads</c>, which are only added. A read
/// is recorded before its answer is given; one that cannot be recorded is not answered.
/// </summary>
public sealed class PersonalDataReads(NpgsqlDataSource source, TimeProvider clock)
{
    private const string Columns =
        "read_id, at, reader, customer, fields, reason, address, correlation";

    /// <summary>Records a read by the present actor.</summary>
    /// <param name="customer">Whose data it is.</param>
    /// <param name="fields">Which members were shown.</param>
    /// <param name="reason">Why, see <see cref="Reasons.IsGiven"/>.</param>
    /// <param name="cancellation">Cancels.</param>
    public async Task Record(
        string customer, IReadOnlyList<string> fields, string reason, CancellationToken cancellation = default)
    {
        var actor = Actor.Current;
        await using var insert = source.CreateCommand(
            $"insert into personal_data_reads ({Columns}) values ($1, $2, $3, $4, $5, $6, $7, $8)");
        foreach (object value in (object[])[
            Ids.Next(), clock.GetUtcNow().UtcDateTime, actor.By, customer, fields.ToArray(), reason, actor.From,
            (object?)Activity.Current?.TraceId.ToString() ?? DBNull.Value])
            insert.Parameters.Add(new() { Value = value });
        await insert.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Reads in the order in which they happened, a page of them.</summary>
    /// <param name="customer">Only those of this customer's data, or null.</param>
    /// <param name="reader">Only those by this actor, or null.</param>
    /// <param name="after">The last read of the page before; the empty id for the first page.</param>
    /// <param name="limit">The maximum number of reads.</param>
    /// <param name="cancellation">Cancels.</param>
    public async Task<IReadOnlyList<PersonalDataRead>> Page(
        string? customer, string? reader, Guid after, int limit, CancellationToken cancellation = default)
    {
        await using var query = source.CreateCommand($"""
            select {Columns} from personal_data_reads
            where read_id > $1 and ($2::text is null or customer = $2) and ($3::text is null or reader = $3)
            order by read_id limit $4
            """);
        foreach (object value in (object[])[
            after, (object?)customer ?? DBNull.Value, (object?)reader ?? DBNull.Value, limit])
            query.Parameters.Add(new() { Value = value });
        await using var rows = await query.ExecuteReaderAsync(cancellation);
        var reads = new List<PersonalDataRead>();
        while (await rows.ReadAsync(cancellation))
            reads.Add(new(
                rows.GetGuid(0), rows.GetFieldValue<DateTimeOffset>(1), rows.GetString(2),
                CustomerNo.Wrap(rows.GetString(3)), rows.GetFieldValue<string[]>(4), rows.GetString(5),
                rows.GetString(6), rows.IsDBNull(7) ? null : rows.GetString(7)));
        return reads;
    }
}
