namespace Billing.Invoicing;

/// <summary>The queries for the accounts concerned.</summary>
internal static class HistoriesSql
{
    /// <summary>The invoices concerned; periods of the same kind have the same length as text.</summary>
    public const string Asked = """
        utility = $1 and period between $2 and $3 and length(period) = length($2) and plan = any($4)
          and kind = 'regular'
        """;

    public const string CountSql =
        $"select plan, plan_version, count(*) from invoice where {Asked} group by plan, plan_version";

    public const string InvoicesSql = $"""
        select account_no, invoice_no, period, class, plan, plan_version, amount_fen
        from invoice where {Asked} and account_no > $5 order by account_no, utility, period limit $6
        """;

    public const string InvoicesOfSql = $"""
        select account_no, invoice_no, period, class, plan, plan_version, amount_fen
        from invoice where {Asked} and account_no = any($5) order by account_no, utility, period
        """;

    public const string ElectricitySql = """
        select account_no, opened_on, null::numeric, null::numeric, null::text
        from account_supply where account_no = any($1)
        """;

    public const string HeatSql = """
        select account_no, opened_on, area_m2, storey_height_m, use_class
        from account_supply where account_no = any($1)
        """;

    public const string ReadingsSql = """
        select account_no, period, months, kwh, peak_kwh, valley_kwh
        from reading
        where account_no = any($1) and period between $2 and $3 and from_on is not null and kwh is not null
          and not withdrawn
        """;

    public const string PinnedSql = """
        select period, plans from run
        where utility = $1 and period between $2 and $3 and length(period) = length($2) and state <> 'drafting'
        """;

    public const string ClosingsSql = """
        select account_no, period, meter_no, read_on, kind, from_on, months, kwh, peak_kwh, valley_kwh
        from reading
        where account_no = any($1) and period = any($2) and from_on is not null and kwh is not null
          and not withdrawn
        order by account_no, meter_no, read_on
        """;

    public const string ChargesSql = $"""
        select i.account_no, i.period, ({Charged.TotalSql})::bigint, ({Charged.NetSql})::bigint
        from invoice i {Charged.CreditsSql}
        where i.account_no = any($1) and i.utility = 'Electricity' and i.period between $2 and $3 and i.kind = 'regular'
        """;

    /// <summary>Months in which the last reading of every meter that was read is a final one.</summary>
    public const string EndingsSql = """
        select account_no, period from (
          select distinct on (account_no, period, meter_no) account_no, period, kind
          from reading where account_no = any($1) and period between $2 and $3 and not withdrawn
          order by account_no, period, meter_no, read_on desc) last
        group by account_no, period having bool_and(kind = 'Final')
        """;
}
