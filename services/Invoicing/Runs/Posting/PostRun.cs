using Billing.Contracts;
using Billing.Platform;
using Dapper;
using Npgsql;

namespace Billing.Invoicing;

/// <summary>
/// Posts the reviewed draft: it becomes invoices. Every invoice gets its number now, before any is written: each chunk
/// has a range, so that chunks are independent and no number is left out. From now on the draft is final. Drafts whose
/// facts changed since are left out as exceptions; later changes are corrected by credit notes. Runs of the same period
/// are posted one after the other.
/// </summary>
public sealed record PostRun(RunName Run, PostingFacts Found) : ICommand<BillingRun, RunEvent>
{
    public static readonly Rejection OtherPosting = Rejection.Conflict(
        "run-other-posting", "Another run of the same period is being posted; try again when it is done.");
    public static readonly Rejection SeriesFull = Rejection.Conflict(
        "run-series-full", "A period has at most 99,999,999 invoices, for their numbers have eight digits.");

    public static readonly Rejection AllOutdated = Rejection.Conflict(
        "run-outdated", "What every draft of this run rests on has changed; draft the run again.");

    private const long LastNumber = 99_999_999;

    public Decision<RunEvent> Decide(BillingRun state) => state switch
    {
        BillingRun.None => BillingRun.Unknown,
        BillingRun.Abandoned => AbandonRun.Abandoned,
        BillingRun.Drafted s when !FreezeRun.IsBillable(s.Facts.Period) => FreezeRun.PeriodOutOfRange,
        BillingRun.Drafted when Found.Undrafted > 0 => ExcludeAccount.StillDrafting,
        BillingRun.Drafted when Found.OtherPosting => OtherPosting,
        BillingRun.Drafted when Found is { Invoices: 0, Outdated: > 0 } => AllOutdated,
        BillingRun.Drafted when Found.FirstNo + Found.Invoices - 1 > LastNumber => SeriesFull,
        BillingRun.Drafted => [new RunPostingStarted(Run, Found.FirstNo, Found.Invoices, Found.Amount)],
        _ => [],
    };
}

/// <summary>The facts on which the start of posting rests.</summary>
/// <param name="Undrafted">Chunks that are not drafted yet.</param>
/// <param name="OtherPosting">Whether another run of the same utility and period is being posted.</param>
/// <param name="FirstNo">The running number of the first invoice.</param>
/// <param name="Invoices">How many drafts can be posted.</param>
/// <param name="Amount">Their sum.</param>
public sealed record PostingFacts(int Undrafted, bool OtherPosting, long FirstNo, int Invoices, Money Amount)
{
    /// <summary>Nothing was read, because the run is not a draft.</summary>
    internal static readonly PostingFacts NotSought = new(0, false, 0, 0, Money.Zero);

    /// <summary>How many drafts are left out because they are outdated.</summary>
    public int Outdated { get; init; }

    /// <summary>
    /// A digest of all exceptions: together with the draft it identifies whom the run bills, and how much.
    /// </summary>
    public string Exceptions { get; init; } = "";

    private const string ExceptionsSql = $"""
        select count(*) filter (where code = '{OutdatedDrafts.Code}' and state = 'open')::int,
          coalesce(md5(string_agg(account_no || ' ' || state || ' ' || code, ',' order by account_no)), '')
        from run_exception where run = @run
        """;

    private const string InvoicedSinceSql = """
        insert into run_exception as known (run, account_no, chunk_no, code, message, state, amount_fen)
        select @run, d.account_no, d.chunk_no, 'already-invoiced', 'Invoice ' || i.invoice_no || ' bills this period.',
          'excluded', d.amount_fen
        from {draft} d
        join invoice i on i.account_no = d.account_no and i.utility = @utility and i.period = @period
          and i.kind = 'regular'
        where exists (
          select 1 from run r where r.utility = @utility and r.period = @period and r.run <> @run
            and r.state = 'posted')
        on conflict (run, account_no) do update set code = excluded.code, message = excluded.message,
          state = excluded.state
        """;

    private const string RangesSql = """
        with held as (
          select chunk_no, count(*)::int as drafts, sum(amount_fen)::bigint as fen from run_exception
          where run = @run and amount_fen is not null and state <> 'released' group by chunk_no),
        left_over as (
          select c.chunk_no, c.drafted - coalesce(h.drafts, 0) as invoices, c.drafted_fen - coalesce(h.fen, 0) as fen
          from run_chunk c left join held h using (chunk_no) where c.run = @run),
        total as (select sum(invoices)::int as invoices, sum(fen)::bigint as fen from left_over),
        series as (
          insert into invoice_series as s (utility, period, last_no) select @utility, @period, invoices from total
          on conflict (utility, period) do update set last_no = s.last_no + excluded.last_no returning last_no),
        first as (select last_no - invoices + 1 as no, invoices, fen from series, total),
        ranges as (
          update run_chunk c set numbered_at = clock_timestamp(), issued = r.invoices, issued_fen = r.fen,
            first_no = (select no from first) + r.before, attempts = 0, fault = null,
            posted_at = case when r.invoices = 0 then clock_timestamp() end
          from (select *, sum(invoices) over (order by chunk_no) - invoices as before from left_over) r
          where c.run = @run and c.chunk_no = r.chunk_no)
        select no, invoices, fen from first
        """;

    /// <summary>Holds outdated drafts back and numbers the others, inside the caller's transaction.</summary>
    internal static async Task<PostingFacts> Gather(
        NpgsqlConnection connection, Plans plans, BillingRun.Drafted draft, CancellationToken cancellation)
    {
        var run = draft.Facts;
        var facts = new { run = run.Run.Value, utility = run.Utility.ToString(), period = run.Period.Value };
        await PostingGate.PassAlone(connection, cancellation);
        var (undrafted, otherPosting) = await connection.QuerySingleAsync<(int, bool)>(Sql("""
            select (select count(*)::int from run_chunk where run = @run and drafted_at is null), exists (
              select 1 from run where utility = @utility and period = @period and run <> @run and state = 'posting')
            """));
        if (undrafted > 0 || otherPosting)
            return NotSought with { Undrafted = undrafted, OtherPosting = otherPosting };
        await new OutdatedDrafts(connection, plans, draft).Hold(cancellation);
        await connection.ExecuteAsync(Sql(InvoicedSinceSql));
        var (outdated, exceptions) = await connection.QuerySingleAsync<(int, string)>(Sql(ExceptionsSql));
        var (firstNo, invoices, fen) = await connection.QuerySingleAsync<(long, int, long)>(Sql(RangesSql));
        return new(0, false, firstNo, invoices, new(fen)) { Outdated = outdated, Exceptions = exceptions };

        CommandDefinition Sql(string text) => new(
            text.Replace("{draft}", run.Run.DraftTable(), StringComparison.Ordinal), facts, commandTimeout: 600,
            cancellationToken: cancellation);
    }
}
