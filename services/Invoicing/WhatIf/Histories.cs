using System.Runtime.CompilerServices;
using System.Text.Json;
using Billing.Contracts;
using Billing.Platform;
using Npgsql;
using static Billing.Invoicing.HistoriesSql;

namespace Billing.Invoicing;

/// <summary>
/// Reads the facts of the accounts concerned, page by page: two round trips for some thousand invoices.
/// </summary>
internal sealed class Histories(NpgsqlConnection connection, Question question)
{
    private const int InvoicesPerPage = 5_000;

    private readonly Utility _utility = question.Draft.Utility;
    private readonly int _firstMonth = question.From.Year * 12;

    /// <summary>Whether the readings of the year before the window are needed, too.</summary>
    public bool NeedYear { get; set; }

    /// <summary>The periods in which a price changed: their readings are needed one by one.</summary>
    public IReadOnlyList<BillingPeriod> Changing { get; set; } = [];

    private int Months => _utility == Utility.Electricity ? Question.MonthOf(question.To) - _firstMonth + 1 : 0;

    /// <summary>How many invoices each version has billed.</summary>
    public async Task<List<(PlanCode Plan, int Version, long Invoices)>> Count(CancellationToken cancellation)
    {
        await using var command = Ask(CountSql);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var counts = new List<(PlanCode, int, long)>();
        while (await reader.ReadAsync(cancellation))
            counts.Add((PlanCode.Wrap(reader.GetString(0)), reader.GetInt32(1), reader.GetInt64(2)));
        return counts;
    }

    /// <summary>The versions by which the runs of the window have billed; several when a price changed.</summary>
    public async Task<List<(BillingPeriod Period, PlanCode Plan, PinnedVersions Versions)>> Pinned(
        CancellationToken cancellation)
    {
        await using var command = Ask(PinnedSql);
        command.Parameters.RemoveAt(3);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var pinned = new List<(BillingPeriod, PlanCode, PinnedVersions)>();
        while (await reader.ReadAsync(cancellation))
        {
            var period = BillingPeriod.Wrap(reader.GetString(0));
            var plans = JsonSerializer.Deserialize<Dictionary<PlanCode, PinnedVersions>>(
                reader.GetString(1), Wire.Stored)!;
            pinned.AddRange(plans.Select(plan => (period, plan.Key, plan.Value)));
        }
        return pinned;
    }

    /// <summary>
    /// All accounts with their invoices, in order of account; an account is never split between pages.
    /// </summary>
    public async IAsyncEnumerable<List<AccountHistory>> Pages([EnumeratorCancellation] CancellationToken cancellation)
    {
        for (string? last = ""; last is not null;)
        {
            await using var command = Ask(InvoicesSql);
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = last });
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = InvoicesPerPage });
            var page = await ReadInvoices(command, cancellation);
            last = null;
            if (page.Sum(history => history.Invoices.Count) == InvoicesPerPage)
            {
                // More invoices of the last account may be on the next page. The page holds at least one other account,
                // because the window is short enough.
                page.RemoveAt(page.Count - 1);
                last = page[^1].Account.Value;
            }
            await ReadSupplies(page, cancellation);
            yield return page;
        }
    }

    /// <summary>The histories of some accounts.</summary>
    public async Task<List<AccountHistory>> Of(string[] accounts, CancellationToken cancellation)
    {
        await using var command = Ask(InvoicesOfSql);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = accounts });
        var found = await ReadInvoices(command, cancellation);
        await ReadSupplies(found, cancellation);
        return found;
    }

    private NpgsqlCommand Ask(string sql) => new(sql, connection)
    {
        Parameters =
        {
            new NpgsqlParameter<string> { TypedValue = _utility.ToString() },
            new NpgsqlParameter<string> { TypedValue = question.From.Value },
            new NpgsqlParameter<string> { TypedValue = question.To.Value },
            new NpgsqlParameter<string[]> { TypedValue = question.Plans },
        },
    };

    private async Task<List<AccountHistory>> ReadInvoices(NpgsqlCommand command, CancellationToken cancellation)
    {
        var page = new List<AccountHistory>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            var account = AccountNo.Wrap(reader.GetString(0));
            if (page.Count == 0 || page[^1].Account != account)
                page.Add(new(account, Months));
            page[^1].Invoices.Add(new(
                InvoiceNo.Wrap(reader.GetString(1)), BillingPeriod.Wrap(reader.GetString(2)),
                Enum.Parse<CustomerClass>(reader.GetString(3)), PlanCode.Wrap(reader.GetString(4)),
                reader.GetInt32(5), new(reader.GetInt64(6))));
        }
        return page;
    }

    /// <summary>Reads the supplies, and the readings from the first month needed to the last.</summary>
    private async Task ReadSupplies(List<AccountHistory> page, CancellationToken cancellation)
    {
        var accounts = page.ConvertAll(history => history.Account.Value).ToArray();
        var byAccount = page.ToDictionary(history => history.Account.Value, StringComparer.Ordinal);
        await using var batch = new NpgsqlBatch(connection);
        var electricity = _utility == Utility.Electricity;
        Add(electricity ? ElectricitySql : HeatSql);
        if (electricity)
            Add(ReadingsSql, Between(NeedYear));
        if (electricity && NeedYear)
        {
            Add(ChargesSql, Between(true));
            Add(EndingsSql, Between(true));
        }
        if (electricity && Changing.Count > 0)
            Add(ClosingsSql, new NpgsqlParameter<string[]> { TypedValue = [.. Changing.Select(p => p.Value)] });
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            ReadSupply(reader, byAccount[reader.GetString(0)]);
        if (electricity)
            await Each((history, month) => history.Months[month].Add(Long(3)!.Value, Long(4), Long(5), Int(2)));
        if (electricity && NeedYear)
        {
            await Each((history, month) => history.Charges[month] += new Charged(
                new(Long(2)!.Value), new(Long(3)!.Value)));
            await Each((history, month) => history.Endings.Add(month));
        }
        if (electricity && Changing.Count > 0)
            await Each((history, _) => history.Closings.Add(ReadClosing(reader)));

        void Add(string sql, params ReadOnlySpan<NpgsqlParameter> more)
        {
            var command = new NpgsqlBatchCommand(sql)
            {
                Parameters = { new NpgsqlParameter<string[]> { TypedValue = accounts } },
            };
            foreach (var parameter in more)
                command.Parameters.Add(parameter);
            batch.BatchCommands.Add(command);
        }

        async Task Each(Action<AccountHistory, int> give)
        {
            await reader.NextResultAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
                give(byAccount[reader.GetString(0)], Question.MonthOf(reader.GetString(1)) - _firstMonth);
        }

        int Int(int column) => reader.GetInt32(column);

        long? Long(int column) => reader.IsDBNull(column) ? null : reader.GetInt64(column);
    }

    private NpgsqlParameter[] Between(bool year) =>
    [
        new NpgsqlParameter<string> { TypedValue = year ? $"{question.From.Year:0000}-01" : question.From.Value },
        new NpgsqlParameter<string> { TypedValue = question.To.Value },
    ];

    private static void ReadSupply(NpgsqlDataReader reader, AccountHistory history)
    {
        history.OpenedOn = reader.GetFieldValue<DateOnly>(1);
        history.AreaM2 = reader.IsDBNull(2) ? 0m : reader.GetDecimal(2);
        history.HeightM = reader.IsDBNull(3) ? null : reader.GetDecimal(3);
        history.UseClass = reader.IsDBNull(4) ? null : reader.GetString(4);
    }

    private static (BillingPeriod, PeriodReading) ReadClosing(NpgsqlDataReader reader) => (
        BillingPeriod.Wrap(reader.GetString(1)),
        new(
            MeterNo.Wrap(reader.GetString(2)), reader.GetFieldValue<DateOnly>(3),
            Enum.Parse<ReadingKind>(reader.GetString(4)),
            reader.GetFieldValue<DateOnly>(5), reader.GetInt32(6), reader.GetInt64(7),
            reader.IsDBNull(8) ? null : reader.GetInt64(8), reader.IsDBNull(9) ? null : reader.GetInt64(9), ""));
}
