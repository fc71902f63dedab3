using System.Text.Json;
using Billing.Contracts;
using Billing.Contracts.Customer;
using Billing.Platform;
using Npgsql;

namespace Billing.Invoicing;

/// <summary>Everything an invoice of one account for one period rests on.</summary>
/// <param name="Account">The account.</param>
/// <param name="Class">Its class.</param>
/// <param name="Region">Its region.</param>
/// <param name="Project">Its project.</param>
/// <param name="OpenedOn">First day of the contract.</param>
/// <param name="Plan">Its price plan, or null when it no longer has the supply.</param>
/// <param name="Meters">The meters on the contract; empty for heat.</param>
/// <param name="AreaM2">The heated area; 0 for electricity.</param>
public sealed record BillingBasis(
    AccountNo Account, CustomerClass Class, string Region, string Project, DateOnly OpenedOn, PlanCode? Plan,
    IReadOnlyList<Meter> Meters, decimal AreaM2)
{
    /// <summary>Readings that belong to the period, in order of meter and day.</summary>
    public List<PeriodReading> Readings { get; } = [];

    /// <summary>
    /// Electricity readings older than this cannot have been carried into a period: it bounds the search, not the rule.
    /// </summary>
    private const int OldestReadingDays = 400;

    private const string ElectricitySql = """
        select account_no, class, region, project, opened_on, electricity_plan, meters, null::numeric
        from account_supply where account_no = any($1) order by account_no
        """;

    private const string HeatSql = """
        select account_no, class, region, project, opened_on, heat_plan, null::jsonb, area_m2
        from account_supply where account_no = any($1) order by account_no
        """;

    private const string ReadingsSql = """
        select account_no, meter_no, read_on, kind, from_on, months, kwh, peak_kwh, valley_kwh, flags
        from reading where account_no = any($1) and read_on > $2 and period = $3 order by account_no, meter_no, read_on
        """;

    private const string LastReadingsSql = """
        select l.account_no, l.meter_no, (
          select r.kind from reading r where r.account_no = l.account_no and r.meter_no = l.meter_no and r.read_on <= $3
          order by r.read_on desc limit 1)
        from unnest($1::text[], $2::text[]) as l(account_no, meter_no)
        """;

    /// <summary>Reads the basis of many accounts in one round trip, in order of account.</summary>
    internal static async Task<List<BillingBasis>> Read(
        NpgsqlConnection connection, string[] accounts, Utility utility, BillingPeriod period,
        CancellationToken cancellation)
    {
        var electricity = utility == Utility.Electricity;
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new(electricity ? ElectricitySql : HeatSql)
        {
            Parameters = { new NpgsqlParameter<string[]> { TypedValue = accounts } },
        });
        if (electricity)
        {
            batch.BatchCommands.Add(new(ReadingsSql)
            {
                Parameters =
                {
                    new NpgsqlParameter<string[]> { TypedValue = accounts },
                    new NpgsqlParameter<DateOnly> { TypedValue = period.Month.First.AddDays(-OldestReadingDays) },
                    new NpgsqlParameter<string> { TypedValue = period.Value },
                },
            });
        }
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var bases = new List<BillingBasis>(accounts.Length);
        while (await reader.ReadAsync(cancellation))
            bases.Add(ReadBasis(reader));
        if (electricity)
        {
            await reader.NextResultAsync(cancellation);
            var at = 0;
            while (await reader.ReadAsync(cancellation))
            {
                var account = AccountNo.Wrap(reader.GetString(0));
                while (bases[at].Account != account)
                    at++;
                bases[at].Readings.Add(ReadReading(reader));
            }
        }
        return bases;
    }

    /// <summary>
    /// Of meters that have no reading in the period, the kind of the last one up to its end: it tells whether the meter
    /// was in place at all. Absent when the meter was never read.
    /// </summary>
    internal static async Task<Dictionary<(AccountNo, string), ReadingKind>> LastKinds(
        NpgsqlConnection connection, IReadOnlyList<(AccountNo Account, string Meter)> meters, BillingPeriod period,
        CancellationToken cancellation)
    {
        var kinds = new Dictionary<(AccountNo, string), ReadingKind>();
        if (meters.Count == 0)
            return kinds;
        await using var command = new NpgsqlCommand(LastReadingsSql, connection);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. meters.Select(m => m.Account.Value)] });
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. meters.Select(m => m.Meter)] });
        command.Parameters.Add(new NpgsqlParameter<DateOnly> { TypedValue = period.Month.Last.AddDays(1) });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            if (!reader.IsDBNull(2))
                kinds[(AccountNo.Wrap(reader.GetString(0)), reader.GetString(1))] =
                    Enum.Parse<ReadingKind>(reader.GetString(2));
        }
        return kinds;
    }

    private static BillingBasis ReadBasis(NpgsqlDataReader reader) => new(
        AccountNo.Wrap(reader.GetString(0)), Enum.Parse<CustomerClass>(reader.GetString(1)), reader.GetString(2),
        reader.GetString(3), reader.GetFieldValue<DateOnly>(4),
        reader.IsDBNull(5) ? null : PlanCode.Wrap(reader.GetString(5)),
        reader.IsDBNull(6) ? [] : JsonSerializer.Deserialize<Meter[]>(reader.GetFieldValue<byte[]>(6), Wire.Stored)!,
        reader.IsDBNull(7) ? 0m : reader.GetDecimal(7));

    private static PeriodReading ReadReading(NpgsqlDataReader reader) => new(
        reader.GetString(1), reader.GetFieldValue<DateOnly>(2), Enum.Parse<ReadingKind>(reader.GetString(3)),
        reader.IsDBNull(4) ? null : reader.GetFieldValue<DateOnly>(4), reader.GetInt32(5),
        reader.IsDBNull(6) ? 0 : reader.GetInt64(6), reader.IsDBNull(7) ? null : reader.GetInt64(7),
        reader.IsDBNull(8) ? null : reader.GetInt64(8), reader.GetString(9));
}

/// <summary>A reading that belongs to the period.</summary>
/// <param name="Meter">The meter.</param>
/// <param name="ReadOn">The day.</param>
/// <param name="Kind">What it was for.</param>
/// <param name="From">The day of the reading before; null for an initial one, which closes nothing.</param>
/// <param name="Months">How many months its consumption spans.</param>
/// <param name="Kwh">Its consumption.</param>
/// <param name="Peak">The peak part, or null.</param>
/// <param name="Valley">The valley part, or null.</param>
/// <param name="Flags">What a person should look at, joined by commas.</param>
public sealed record PeriodReading(
    string Meter, DateOnly ReadOn, ReadingKind Kind, DateOnly? From, int Months, long Kwh, long? Peak, long? Valley,
    string Flags);
