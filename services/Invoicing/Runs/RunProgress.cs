using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Billing.Invoicing;

/// <summary>
/// The state, progress and totals of a run. Progress is summed over the chunk markers; no large table is counted.
/// </summary>
public static class RunProgress
{
    private const string PhasesSql = """
        select count(*)::int as chunks,
          count(drafted_at)::int as draftedchunks,
          coalesce(sum(accounts) filter (where drafted_at is not null), 0)::int as draftedaccounts,
          coalesce(sum(drafted), 0)::int as drafted, coalesce(sum(drafted_fen), 0)::bigint as draftedfen,
          coalesce(extract(epoch from max(drafted_at) - min(queued_at)), 0)::float8 as draftseconds,
          count(posted_at)::int as postedchunks,
          coalesce(sum(accounts) filter (where posted_at is not null), 0)::int as postedaccounts,
          coalesce(sum(issued) filter (where posted_at is not null), 0)::int as posted,
          coalesce(sum(issued_fen) filter (where posted_at is not null), 0)::bigint as postedfen,
          coalesce(extract(epoch from max(posted_at) - min(numbered_at)), 0)::float8 as postseconds,
          count(*) filter (where drafted_at is null and attempts >= @most)::int as draftsfailed,
          count(*) filter (where drafted_at is not null and posted_at is null and attempts >= @most)::int as postsfailed
        from run_chunk where run = @run
        """;

    private const string FailuresSql = """
        select m.chunk_no as chunk, c.accounts[1] as first, c.accounts[cardinality(c.accounts)] as last, m.attempts,
          m.fault as reason
        from run_chunk m join run_cohort c using (run, chunk_no)
        where m.run = @run and m.fault is not null order by m.chunk_no limit 20
        """;

    public static void MapRunProgress(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/runs/{run}", Get).WithName(nameof(RunProgress)).RequireRight(Right.ReadRuns)
            .WithSummary("Returns the progress of a run and its sums.")
            .Refuses(BillingRun.Unknown);
        routes.MapGet("/runs", List).WithName("Runs").RequireRight(Right.ReadRuns).ForEveryScope()
            .WithSummary("Lists the names of the newest runs.");
    }

    private static async Task<Results<Ok<RunStatus>, ProblemHttpResult>> Get(
        RunName run, NpgsqlDataSource source, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        return await Find(connection, run) is { } answer ? TypedResults.Ok(answer) : BillingRun.Unknown.ToProblem();
    }

    private static async Task<Ok<List<string>>> List(NpgsqlDataSource source, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        return TypedResults.Ok(
            (await connection.QueryAsync<string>("select run from run order by period desc, run limit 100"))
            .ToList());
    }

    private static async Task<RunStatus?> Find(NpgsqlConnection connection, RunName run)
    {
        var name = new { run = run.Value, most = ChunkFailures.MostAttempts };
        var row = await connection.QuerySingleOrDefaultAsync<Row>("""
            select utility, period, issued_on::timestamp as issuedon, due_on::timestamp as dueon, state, draft, cohort,
              abandoned_by as abandonedby, abandoned_because as abandonedbecause
            from run where run = @run
            """, name);
        if (row is null)
            return null;
        var p = await connection.QuerySingleAsync<Phases>(PhasesSql, name);
        var exceptions = await connection.QueryAsync<RunExceptionCount>("""
            select code, state, count(*)::int as accounts from run_exception where run = @run
            group by code, state order by code, state
            """, name);
        var failures = await connection.QueryAsync<RunChunkFailure>(FailuresSql, name);
        var period = BillingPeriod.Wrap(row.Period);
        // A run from before periods were limited may have a period without a predecessor.
        var before = FreezeRun.IsBillable(period) ? period.Previous : period;
        var previous = await connection.QuerySingleAsync<(int, long)>("""
            select coalesce(sum(issued), 0)::int, coalesce(sum(amount_fen), 0)::bigint from run
            where utility = @Utility and period = @period and state = 'posted' and run <> @run
            """, new { row.Utility, period = before.Value, run = run.Value });
        return new(
            run, Enum.Parse<Utility>(row.Utility), period, DateOnly.FromDateTime(row.IssuedOn),
            DateOnly.FromDateTime(row.DueOn), StateOf(row.State, p), row.Draft, row.Cohort,
            PhaseOf(p.Chunks, p.DraftedChunks, p.DraftedAccounts, p.Drafted, p.DraftedFen, p.DraftSeconds),
            PhaseOf(p.Chunks, p.PostedChunks, p.PostedAccounts, p.Posted, p.PostedFen, p.PostSeconds),
            [.. exceptions], new(before, previous.Item1, new(previous.Item2)), [.. failures],
            row.AbandonedBy is { } by ? new(by, row.AbandonedBecause!) : null);
    }

    private static RunState StateOf(RunState state, Phases p) => state switch
    {
        RunState.Drafting when p.DraftedChunks == p.Chunks => RunState.Drafted,
        RunState.Drafting when p.DraftsFailed == p.Chunks - p.DraftedChunks => RunState.Failed,
        RunState.Posting when p.PostsFailed > 0 && p.PostsFailed == p.Chunks - p.PostedChunks => RunState.Failed,
        _ => state,
    };

    private static RunPhase PhaseOf(int chunks, int done, int accounts, int invoices, long fen, double seconds) =>
        new(chunks, done, accounts, invoices, new(fen), seconds, seconds > 0 ? accounts / seconds : 0);

    private sealed record Row(
        string Utility, string Period, DateTime IssuedOn, DateTime DueOn, RunState State, int Draft, int Cohort,
        string? AbandonedBy, string? AbandonedBecause);

    private sealed record Phases(
        int Chunks, int DraftedChunks, int DraftedAccounts, int Drafted, long DraftedFen, double DraftSeconds,
        int PostedChunks, int PostedAccounts, int Posted, long PostedFen, double PostSeconds, int DraftsFailed,
        int PostsFailed);
}
