using System.Text.Json;
using Billing.Contracts;
using Billing.Platform;
using Dapper;
using Npgsql;

namespace Billing.Payments;

/// <summary>
/// Reads what the comparison of one bank day needs: the files and payments of the day and of the adjacent days, and
/// from all other days the lines and payments with the serial and account of a reversal on either side.
/// </summary>
internal sealed class PartnerBooks(
    NpgsqlConnection connection, PartnerCode partner, DateOnly day, CancellationToken cancellation)
{
    private const string Around = """
        select bank_date as Day, lines from partner_day
        where partner = @partner and bank_date between @before and @after
        """;

    private const string HeldAround = """
        select bank_date as Day, serial, account_no as Account, amount_fen as Fen, status, reversed_on as ReversedOn
        from payment where partner = @partner and (bank_date between @before and @after or reversed_on = @day)
        """;

    // Payments of dates without adjacent dates were once accepted; they are on no day that can be asked for.
    private const string HeldElsewhere = """
        select bank_date as Day, serial, account_no as Account, amount_fen as Fen, status, reversed_on as ReversedOn
        from payment join unnest(@serials, @accounts) c(serial, account_no) using (serial, account_no)
        where partner = @partner and bank_date between date '1900-01-02' and date '2199-12-30'
        """;

    private const string ReversalsElsewhere = """
        select d.bank_date as Day, jsonb_agg(l) as Lines
        from partner_day d cross join lateral jsonb_array_elements(d.reversals) l
          join unnest(@serials, @accounts) c(serial, account) on l->>'serial' = c.serial and l->>'account' = c.account
        where d.partner = @partner and d.bank_date not between @before and @after group by d.bank_date
        """;

    private const string PaymentsElsewhere = """
        select d.bank_date as Day, jsonb_agg(l) as Lines
        from partner_day d cross join lateral jsonb_array_elements(d.lines) l
          join unnest(@serials, @accounts) c(serial, account) on l->>'serial' = c.serial and l->>'account' = c.account
        where d.partner = @partner and d.bank_date not between @before and @after and d.bank_date = any(@days::date[])
          and l->>'type' = 'PAY'
        group by d.bank_date
        """;

    /// <summary>The hash of the day's file, or null while there is none.</summary>
    public Task<string?> Hash() => connection.ExecuteScalarAsync<string?>(Command(
        "select file_hash from partner_day where partner = @partner and bank_date = @day", Parameters()));

    /// <summary>Both sides, as input of <see cref="Reconciliation.Compare"/>.</summary>
    public async Task<(IReadOnlyList<FiledLine> Filed, IReadOnlyList<HeldPayment> Held)> Read()
    {
        var filed = await Lines(Around, Parameters());
        var held = await Payments(HeldAround, Parameters());
        var concerned = filed.Where(told => told.Line.Type == BankLineType.Reversal)
            .Select(told => (told.Line.Serial, told.Line.Account))
            .Concat(held.Where(payment => payment.Status != PaymentStatus.Received)
                .Select(payment => (payment.Serial, payment.Account)))
            .Distinct().ToList();
        if (concerned.Count == 0)
            return (filed, held);
        held = [.. held.Union(await Payments(HeldElsewhere, Parameters(concerned)))];
        var reversals = await Lines(ReversalsElsewhere, Parameters(concerned));
        var names = concerned.ToHashSet();
        var days = held.Where(payment => names.Contains((payment.Serial, payment.Account)))
            .SelectMany(payment => new[] { -1, 0, 1 }.Select(payment.BankDate.AddDays))
            .Concat(reversals.Select(told => told.File)).Distinct();
        var payments = await Lines(PaymentsElsewhere, Parameters(concerned, days));
        return ([.. filed, .. reversals, .. payments], held);
    }

    private async Task<List<FiledLine>> Lines(string sql, DynamicParameters parameters) =>
        [.. (await connection.QueryAsync<FileRow>(Command(sql, parameters))).SelectMany(row => row.ToLines())];

    private async Task<List<HeldPayment>> Payments(string sql, DynamicParameters parameters) =>
        [.. (await connection.QueryAsync<PaymentRow>(Command(sql, parameters))).Select(row => row.ToPayment())];

    private CommandDefinition Command(string sql, DynamicParameters parameters) =>
        new(sql, parameters, cancellationToken: cancellation);

    private DynamicParameters Parameters(
        List<(string Serial, AccountNo Account)>? concerned = null, IEnumerable<DateOnly>? days = null) => new(new
        {
            partner = partner.Value,
            day = day.ToDateTime(default),
            before = day.AddDays(-1).ToDateTime(default),
            after = day.AddDays(1).ToDateTime(default),
            serials = concerned?.ConvertAll(one => one.Serial),
            accounts = concerned?.ConvertAll(one => one.Account.Value),
            days = days?.Select(one => one.ToDateTime(default)).ToList(),
        });

    private sealed record FileRow(DateOnly Day, string Lines)
    {
        public IEnumerable<FiledLine> ToLines() =>
            JsonSerializer.Deserialize<IReadOnlyList<BankLine>>(Lines, Wire.Stored)!
                .Select(line => new FiledLine(Day, line));
    }

    private sealed record PaymentRow(
        DateOnly Day, string Serial, string Account, long Fen, string Status, DateOnly? ReversedOn)
    {
        public HeldPayment ToPayment() => new(
            Day, Serial, AccountNo.Wrap(Account), new(Fen), Enum.Parse<PaymentStatus>(Status), ReversedOn);
    }
}
