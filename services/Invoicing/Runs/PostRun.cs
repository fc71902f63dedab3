using Billing.Contracts;
using Billing.Platform;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Billing.Invoicing;

/// <summary>
/// The draft was reviewed and becomes invoices. Every invoice gets its number at this moment, before any is written:
/// each chunk owns a range, so that chunks need nothing from each other and no number is left out. From now on the
/// draft is final. Runs of the same period are posted one after the other.
/// </summary>
public sealed record PostRun(RunName Run, PostingFacts Found) : ICommand<Run, RunEvent>
{
    public static readonly Rejection OtherPosting = Rejection.Conflict(
        "run-other-posting", "Another run of the same period is being posted; try again when it is done.");
    public static readonly Rejection SeriesFull = Rejection.Conflict(
        "run-series-full", "A period has at most 99,999,999 invoices, for their numbers have eight digits.");

    private const long LastNumber = 99_999_999;

    public Decision<RunEvent> Decide(Run state) => state switch
    {
        Invoicing.Run.None => Invoicing.Run.Unknown,
        Invoicing.Run.Drafted when Found.Undrafted > 0 => ExcludeAccount.StillDrafting,
        Invoicing.Run.Drafted when Found.OtherPosting => OtherPosting,
        Invoicing.Run.Drafted when Found.FirstNo + Found.Invoices - 1 > LastNumber => SeriesFull,
        Invoicing.Run.Drafted => [new RunPostingStarted(Run, Found.FirstNo, Found.Invoices, Found.Amount)],
        _ => [],
    };
}

/// <summary>What the start of posting rests on.</summary>
/// <param name="Undrafted">Chunks that are not drafted yet.</param>
/// <param name="OtherPosting">Whether another run of the same utility and period is being posted.</param>
/// <param name="FirstNo">The running number of the first invoice.</param>
/// <param name="Invoices">How many drafts can be posted.</param>
/// <param name="Amount">Their sum.</param>
public sealed record PostingFacts(int Undrafted, bool OtherPosting, long FirstNo, int Invoices, Money Amount)
{
    /// <summary>
    /// Whether a reading came since drafting began. Only events above the position that was final then can be such
    /// readings, so that nobody has to look at every account.
    /// </summary>
    private const string ReadingsSinceSql = """
        select @electricity and exists (
          select 1 from mt_events where seq_id > (select min(drafted_from) from run_chunk where run = @run)
            and type = 'reading-accepted.v1')
        """;

    /// <summary>Drafts that are no longer what the account owes: a reading of the period is not in them.</summary>
    private const string OutdatedSql = """
        insert into run_exception as known (run, account_no, chunk_no, code, message, state, amount_fen)
        select distinct on (d.account_no) @run, d.account_no, d.chunk_no, 'draft-outdated',
          'A reading came after the draft; draft the run again.', 'open', d.amount_fen
        from mt_events e join {draft} d on d.account_no = substr(e.stream_id, 9)
        where e.seq_id > (select min(drafted_from) from run_chunk where run = @run)
          and e.type = 'reading-accepted.v1' and e.data ->> 'kind' <> 'Initial' and e.data ->> 'period' <= @period
          and not d.fact::jsonb -> 'usage' @> jsonb_build_array(jsonb_build_object(
            'meter', e.data -> 'meter', 'to', e.data -> 'readOn'))
        on conflict (run, account_no) do update set code = excluded.code, message = excluded.message,
          state = case when known.state = 'excluded' then known.state else excluded.state end
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
            first_no = (select no from first) + r.before,
            posted_at = case when r.invoices = 0 then clock_timestamp() end
          from (select *, sum(invoices) over (order by chunk_no) - invoices as before from left_over) r
          where c.run = @run and c.chunk_no = r.chunk_no)
        select no, invoices, fen from first
        """;

    /// <summary>Numbers the drafts inside the caller's transaction.</summary>
    internal static async Task<PostingFacts> Gather(
        NpgsqlConnection connection, RunFrozen run, CancellationToken cancellation)
    {
        var facts = new
        {
            run = run.Run.Value, utility = run.Utility.ToString(), period = run.Period.Value,
            electricity = run.Utility == Utility.Electricity, ReadingBatch.PostingGate,
        };
        // Alone: no reading and no other run can come in between what is looked at here and the numbers.
        await connection.ExecuteAsync(Sql("select pg_advisory_xact_lock(@PostingGate)"));
        var (undrafted, otherPosting) = await connection.QuerySingleAsync<(int, bool)>(Sql("""
            select (select count(*)::int from run_chunk where run = @run and drafted_at is null), exists (
              select 1 from run where utility = @utility and period = @period and run <> @run and state = 'posting')
            """));
        if (undrafted > 0 || otherPosting)
            return new(undrafted, otherPosting, 0, 0, Money.Zero);
        if (await connection.ExecuteScalarAsync<bool>(Sql(ReadingsSinceSql)))
            await connection.ExecuteAsync(Sql(OutdatedSql));
        await connection.ExecuteAsync(Sql(InvoicedSinceSql));
        var (firstNo, invoices, fen) = await connection.QuerySingleAsync<(long, int, long)>(Sql(RangesSql));
        return new(0, false, firstNo, invoices, new(fen));

        CommandDefinition Sql(string text) => new(
            text.Replace("{draft}", run.Run.DraftTable, StringComparison.Ordinal), facts, commandTimeout: 600,
            cancellationToken: cancellation);
    }
}

public static class PostRunEndpoint
{
    public static void MapPostRun(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/runs/{run}/post", Handle).WithName(nameof(PostRun));

    private static async Task<Results<Accepted, Ok, ProblemHttpResult>> Handle(
        RunName run, EventStore store, WorkItems work, CancellationToken cancellation)
    {
        var executed = await RunBook.Execute(
            store,
            run,
            async (state, session) => new PostRun(run, state is Run.Drafted drafted
                ? await PostingFacts.Gather(session.Connection, drafted.Facts, cancellation)
                : new(0, false, 0, 0, Money.Zero)),
            cancellation);
        if (executed.Rejection is { } rejection)
            return rejection.ToProblem();
        if (!executed.Changed)
            return TypedResults.Ok();
        work.Want(run);
        return TypedResults.Accepted($"/runs/{run}");
    }
}
