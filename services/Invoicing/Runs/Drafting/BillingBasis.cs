using System.Text.Json;
using System.Text.Json.Serialization;
using Billing.Contracts;
using Billing.Platform;
using Npgsql;

namespace Billing.Invoicing;

/// <summary>
/// The facts on which an invoice of one account for one period rests. The members in its JSON are the supply, by which
/// <see cref="DraftBasis"/> detects that a draft is outdated.
/// </summary>
/// <param name="Account">The account.</param>
/// <param name="Class">Its class.</param>
/// <param name="Region">Its region.</param>
/// <param name="Project">Its project.</param>
/// <param name="OpenedOn">First day of the contract.</param>
/// <param name="Plan">Its price plan, or null when it does not have the supply any more.</param>
/// <param name="Meters">The meters that are or were in place, in order of their days; empty for heat.</param>
/// <param name="AreaM2">The heated area; 0 for electricity.</param>
public sealed record BillingBasis(
    AccountNo Account, CustomerClass Class, Region Region, Project Project, DateOnly OpenedOn, PlanCode? Plan,
    [property: JsonIgnore] IReadOnlyList<MeterStay> Meters, decimal AreaM2)
{
    /// <summary>The storey height of the heated rooms, m; null for electricity, or when it is ordinary.</summary>
    public decimal? HeightM { get; init; }

    /// <summary>
    /// The version by which a supply that may have changed is found, see <see cref="SupplyVersionSql"/>.
    /// </summary>
    [JsonIgnore]
    public long SupplyVersion { get; init; }

    /// <summary>The use class of the heated rooms; null for electricity.</summary>
    public string? UseClass { get; init; }

    /// <summary>
    /// The consumption of the year's earlier months by their readings, all meters together, so that a meter exchange
    /// does not restart the year; null when no plan of the run needs it.
    /// </summary>
    [JsonIgnore]
    public decimal? YearToDateKwh { get; private set; }

    /// <summary>
    /// The sum of the regular electricity invoices of the year's earlier months after their credits; null when no plan
    /// of the run needs it.
    /// </summary>
    [JsonIgnore]
    public Charged? YearToDateCharges { get; private set; }

    /// <summary>Readings that belong to the period, in order of meter and day.</summary>
    [JsonIgnore]
    public List<PeriodReading> Readings { get; } = [];

    /// <summary>
    /// Closing readings of earlier months that extend into the days of this one; read only where the supply was ever
    /// changed, because otherwise no meter can have replaced another.
    /// </summary>
    [JsonIgnore]
    public List<PeriodReading> Earlier { get; } = [];

    /// <summary>
    /// The greatest age of a reading that may be carried into a period, days: it limits the search and is no rule.
    /// </summary>
    private const int OldestReadingDays = 400;

    /// <summary>
    /// An expression that increases with every state received of an account <c>s</c>, a newer one or an older one that
    /// came late.
    /// </summary>
    internal const string SupplyVersionSql =
        "s.version + (select count(*) from meter_picture p where p.account_no = s.account_no)";

    private const string ElectricitySql = $"""
        select account_no, class, region, project, opened_on, electricity_plan, meters, null::numeric,
          null::numeric, null::text, {SupplyVersionSql}
        from account_supply s where account_no = any($1) order by account_no
        """;

    private const string HeatSql = $"""
        select account_no, class, region, project, opened_on, heat_plan, null::jsonb, area_m2,
          storey_height_m, use_class, {SupplyVersionSql}
        from account_supply s where account_no = any($1) order by account_no
        """;

    private const string ReadingsSql = """
        select account_no, meter_no, read_on, kind, from_on, months, kwh, peak_kwh, valley_kwh, flags
        from reading where account_no = any($1) and read_on > $2 and period = $3 and not withdrawn
        order by account_no, meter_no, read_on
        """;

    // Lateral, so that a table without statistics, as after an import, is not scanned.
    private const string EarlierSql = """
        with changed as materialized (
          select account_no from account_supply a where account_no = any($1)
            and (select count(*) from meter_picture p where p.account_no = a.account_no) > 1)
        select r.account_no, meter_no, read_on, kind, from_on, months, kwh, peak_kwh, valley_kwh, flags
        from changed c
        cross join lateral (
          select min(from_on) as first from reading r
          where r.account_no = c.account_no and read_on > $2 and period = $3 and not withdrawn) now
        cross join lateral (
          select * from reading r
          where r.account_no = c.account_no and read_on > now.first and read_on > $2
            and period < $3 and from_on is not null and not withdrawn
          offset 0) r
        order by r.account_no, meter_no, read_on
        """;

    private const string YearSql = """
        select account_no, sum(kwh)::bigint
        from reading where account_no = any($1) and read_on > $2 and period >= $3 and period < $4 and not withdrawn
        group by account_no having sum(kwh) > 0 order by account_no
        """;

    private const string YearChargesSql = $"""
        select i.account_no, sum({Charged.TotalSql})::bigint, sum({Charged.NetSql})::bigint
        from invoice i {Charged.CreditsSql}
        where i.account_no = any($1) and i.utility = $2 and i.period >= $3 and i.period < $4 and i.kind = $5
        group by i.account_no order by i.account_no
        """;

    /// <summary>Reads the basis of many accounts in one round trip, in order of account.</summary>
    /// <param name="connection">A connection.</param>
    /// <param name="accounts">The accounts.</param>
    /// <param name="utility">The utility billed.</param>
    /// <param name="period">The billing period.</param>
    /// <param name="yearToDate">Whether a plan needs the consumption of the year before the period.</param>
    /// <param name="cancellation">Cancels.</param>
    internal static async Task<List<BillingBasis>> Read(
        NpgsqlConnection connection, string[] accounts, Utility utility, BillingPeriod period, bool yearToDate,
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
            batch.BatchCommands.Add(OfReadings(ReadingsSql, accounts, period.Month.First, period.Value));
            batch.BatchCommands.Add(OfReadings(EarlierSql, accounts, period.Month.First, period.Value));
        }
        if (electricity && yearToDate)
            AddYear(batch, accounts, period);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var bases = new List<BillingBasis>(accounts.Length);
        while (await reader.ReadAsync(cancellation))
            bases.Add(ReadBasis(reader, electricity && yearToDate));
        if (electricity)
        {
            await Distribute(reader, bases, (basis, row) => basis.Readings.Add(ReadReading(row)), cancellation);
            await Distribute(reader, bases, (basis, row) => basis.Earlier.Add(ReadReading(row)), cancellation);
        }
        if (electricity && yearToDate)
        {
            await Distribute(reader, bases, (basis, row) => basis.YearToDateKwh = row.GetInt64(1), cancellation);
            await Distribute(
                reader, bases,
                (basis, row) => basis.YearToDateCharges = new(new(row.GetInt64(1)), new(row.GetInt64(2))),
                cancellation);
        }
        return bases;
    }

    /// <summary>The consumption and charges of the year before a period, as its bill needs them.</summary>
    internal YearSoFar YearSoFar(BillingPeriod period) => new(
        YearToDateKwh, YearToDateCharges, YearToDateKwh is not null && RatingFacts.ClosesYear(period, Readings));

    private static void AddYear(NpgsqlBatch batch, string[] accounts, BillingPeriod period)
    {
        var january = $"{period.Year:0000}-01";
        batch.BatchCommands.Add(OfReadings(YearSql, accounts, new(period.Year, 1, 1), january, period.Value));
        batch.BatchCommands.Add(new(YearChargesSql)
        {
            Parameters =
            {
                new NpgsqlParameter<string[]> { TypedValue = accounts },
                new NpgsqlParameter<string> { TypedValue = nameof(Utility.Electricity) },
                new NpgsqlParameter<string> { TypedValue = january },
                new NpgsqlParameter<string> { TypedValue = period.Value },
                new NpgsqlParameter<string> { TypedValue = Invoices.Regular },
            },
        });
    }

    private static NpgsqlBatchCommand OfReadings(
        string sql, string[] accounts, DateOnly since, params ReadOnlySpan<string> periods)
    {
        var command = new NpgsqlBatchCommand(sql)
        {
            Parameters =
            {
                new NpgsqlParameter<string[]> { TypedValue = accounts },
                new NpgsqlParameter<DateOnly> { TypedValue = since.AddDays(-OldestReadingDays) },
            },
        };
        foreach (var period in periods)
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = period });
        return command;
    }

    /// <summary>Assigns the rows of the next result to their accounts; both are in order of account.</summary>
    private static async Task Distribute(
        NpgsqlDataReader reader, List<BillingBasis> bases, Action<BillingBasis, NpgsqlDataReader> give,
        CancellationToken cancellation)
    {
        await reader.NextResultAsync(cancellation);
        var at = 0;
        while (await reader.ReadAsync(cancellation))
        {
            var account = AccountNo.Wrap(reader.GetString(0));
            while (bases[at].Account != account)
                at++;
            give(bases[at], reader);
        }
    }

    private static BillingBasis ReadBasis(NpgsqlDataReader reader, bool yearToDate) => new(
        AccountNo.Wrap(reader.GetString(0)), Enum.Parse<CustomerClass>(reader.GetString(1)),
        Region.Wrap(reader.GetString(2)), Project.Wrap(reader.GetString(3)), reader.GetFieldValue<DateOnly>(4),
        reader.IsDBNull(5) ? null : PlanCode.Wrap(reader.GetString(5)),
        reader.IsDBNull(6)
            ? []
            : JsonSerializer.Deserialize<MeterStay[]>(reader.GetFieldValue<byte[]>(6), Wire.Stored)!,
        reader.IsDBNull(7) ? 0m : reader.GetDecimal(7))
    {
        HeightM = reader.IsDBNull(8) ? null : reader.GetDecimal(8),
        UseClass = reader.IsDBNull(9) ? null : reader.GetString(9),
        SupplyVersion = reader.GetInt64(10),
        YearToDateKwh = yearToDate ? 0m : null,
        YearToDateCharges = yearToDate ? default(Charged) : null,
    };

    private static PeriodReading ReadReading(NpgsqlDataReader reader) => new(
        MeterNo.Wrap(reader.GetString(1)), reader.GetFieldValue<DateOnly>(2),
        Enum.Parse<ReadingKind>(reader.GetString(3)),
        reader.IsDBNull(4) ? null : reader.GetFieldValue<DateOnly>(4), reader.GetInt32(5),
        reader.IsDBNull(6) ? 0 : reader.GetInt64(6), reader.IsDBNull(7) ? null : reader.GetInt64(7),
        reader.IsDBNull(8) ? null : reader.GetInt64(8), reader.GetString(9));
}
