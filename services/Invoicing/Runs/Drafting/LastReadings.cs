using Billing.Contracts;
using Npgsql;

namespace Billing.Invoicing;

/// <summary>The last reading of a meter.</summary>
/// <param name="Kind">The kind of reading.</param>
/// <param name="ReadOn">The day.</param>
public sealed record LastReading(ReadingKind Kind, DateOnly ReadOn);

/// <summary>
/// The last readings of meters that the readings of a period do not settle: up to the end of the period, or, for meters
/// taken down by then, the last of all, which may have been taken later.
/// </summary>
internal sealed class LastReadings
{
    private const string Sql = """
        select l.account_no, l.meter_no, r.kind, r.read_on
        from unnest($1::text[], $2::text[], $3::date[]) as l(account_no, meter_no, until)
        cross join lateral (
          select kind, read_on from reading r
          where r.account_no = l.account_no and r.meter_no = l.meter_no and r.read_on <= l.until
            and not r.withdrawn
          order by r.read_on desc limit 1) r
        """;

    private readonly Dictionary<(AccountNo, MeterNo), LastReading> _readings = [];

    private LastReadings()
    {
    }

    /// <summary>Reads all of them in one query.</summary>
    public static async Task<LastReadings> Read(
        NpgsqlConnection connection, List<BillingBasis> bases, BillingPeriod period, CancellationToken cancellation)
    {
        var last = new LastReadings();
        var meters = bases.SelectMany(
            basis => MetersRead.LookUp(basis, period).Select(meter => (basis.Account, Meter: meter))).ToList();
        if (meters.Count == 0)
            return last;
        var end = MetersRead.End(period);
        await using var command = new NpgsqlCommand(Sql, connection);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. meters.Select(m => m.Account.Value)] });
        command.Parameters.Add(new NpgsqlParameter<string[]>
        {
            TypedValue = [.. meters.Select(m => m.Meter.MeterNo.Value)],
        });
        command.Parameters.Add(new NpgsqlParameter<DateOnly[]>
        {
            TypedValue = [.. meters.Select(m => m.Meter.To <= end ? DateOnly.MaxValue : end)],
        });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            last._readings[(AccountNo.Wrap(reader.GetString(0)), MeterNo.Wrap(reader.GetString(1)))] =
                new(Enum.Parse<ReadingKind>(reader.GetString(2)), reader.GetFieldValue<DateOnly>(3));
        }
        return last;
    }

    /// <summary>The last reading of each meter of this account; null when it was never read.</summary>
    public Func<MeterNo, LastReading?> Of(BillingBasis basis) =>
        meter => _readings.GetValueOrDefault((basis.Account, meter));
}
