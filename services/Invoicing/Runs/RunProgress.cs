using Billing.Contracts;
using Billing.Platform;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Billing.Invoicing;

/// <summary>
/// How far a run is and what it comes to. Progress is the sum of the chunk markers; no large table is counted.
/// </summary>
public static class RunProgress
{
    /// <summary>A run.</summary>
    /// <param name="Run">Its name.</param>
    /// <param name="Utility">What is billed.</param>
    /// <param name="Period">For when.</param>
    /// <param name="IssuedOn">Day of issue.</param>
    /// <param name="DueOn">Due date.</param>
    /// <param name="State">drafting, drafted, posting or posted.</param>
    /// <param name="Draft">Which draft, from 1.</param>
    /// <param name="Cohort">Accounts in the cohort.</param>
    /// <param name="Drafting">Progress of the draft.</param>
    /// <param name="Posting">Progress of posting.</param>
    /// <param name="Exceptions">Accounts per reason and state.</param>
    /// <param name="Previous">The posted runs of the period before, to compare with.</param>
    public sealed record Answer(
        RunName Run, Utility Utility, BillingPeriod Period, DateOnly IssuedOn, DateOnly DueOn, string State, int Draft,
        int Cohort, Phase Drafting, Phase Posting, IReadOnlyList<ExceptionCount> Exceptions, PeriodTotal Previous);

    /// <summary>A phase.</summary>
    /// <param name="Chunks">Chunks in all.</param>
    /// <param name="ChunksDone">Chunks done.</param>
    /// <param name="AccountsDone">Accounts in the chunks done.</param>
    /// <param name="Invoices">Drafts made, or invoices issued, by now.</param>
    /// <param name="Amount">Their sum.</param>
    /// <param name="Seconds">From the start of the phase to its last chunk so far.</param>
    /// <param name="PerSecond">Accounts done per second.</param>
    public sealed record Phase(
        int Chunks, int ChunksDone, int AccountsDone, int Invoices, Money Amount, double Seconds, double PerSecond);

    /// <summary>Exceptions of one kind.</summary>
    /// <param name="Code">The reason.</param>
    /// <param name="State">open, released or excluded.</param>
    /// <param name="Accounts">How many accounts.</param>
    public sealed record ExceptionCount(string Code, string State, int Accounts);

    /// <summary>What was billed in a period.</summary>
    /// <param name="Period">The period.</param>
    /// <param name="Invoices">How many invoices.</param>
    /// <param name="Amount">Their sum.</param>
    public sealed record PeriodTotal(BillingPeriod Period, int Invoices, Money Amount);

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
          coalesce(extract(epoch from max(posted_at) - min(numbered_at)), 0)::float8 as postseconds
        from run_chunk where run = @run
        """;

    public static void MapRunProgress(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/runs/{run}", Get).WithName(nameof(RunProgress));
        routes.MapGet("/runs", List).WithName("Runs");
    }

    private static async Task<Results<Ok<Answer>, ProblemHttpResult>> Get(
        RunName run, NpgsqlDataSource source, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        return await Find(connection, run) is { } answer ? TypedResults.Ok(answer) : Run.Unknown.ToProblem();
    }

    private static async Task<Ok<List<string>>> List(NpgsqlDataSource source, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        return TypedResults.Ok(
            (await connection.QueryAsync<string>("select run from run order by period desc, run limit 100"))
            .ToList());
    }

    private static async Task<Answer?> Find(NpgsqlConnection connection, RunName run)
    {
        var name = new { run = run.Value };
        var row = await connection.QuerySingleOrDefaultAsync<Row>("""
            select utility, period, issued_on::timestamp as issuedon, due_on::timestamp as dueon, state, draft, cohort
            from run where run = @run
            """, name);
        if (row is null)
            return null;
        var p = await connection.QuerySingleAsync<Phases>(PhasesSql, name);
        var exceptions = await connection.QueryAsync<ExceptionCount>("""
            select code, state, count(*)::int as accounts from run_exception where run = @run
            group by code, state order by code, state
            """, name);
        var period = BillingPeriod.Wrap(row.Period);
        var previous = await connection.QuerySingleAsync<(int, long)>("""
            select coalesce(sum(issued), 0)::int, coalesce(sum(amount_fen), 0)::bigint from run
            where utility = @Utility and period = @period and state = 'posted'
            """, new { row.Utility, period = period.Previous.Value });
        var state = row.State == RunRow.Drafting && p.DraftedChunks == p.Chunks ? "drafted" : row.State;
        return new(
            run, Enum.Parse<Utility>(row.Utility), period, DateOnly.FromDateTime(row.IssuedOn),
            DateOnly.FromDateTime(row.DueOn), state, row.Draft, row.Cohort,
            PhaseOf(p.Chunks, p.DraftedChunks, p.DraftedAccounts, p.Drafted, p.DraftedFen, p.DraftSeconds),
            PhaseOf(p.Chunks, p.PostedChunks, p.PostedAccounts, p.Posted, p.PostedFen, p.PostSeconds),
            [.. exceptions], new(period.Previous, previous.Item1, new(previous.Item2)));
    }

    private static Phase PhaseOf(int chunks, int done, int accounts, int invoices, long fen, double seconds) =>
        new(chunks, done, accounts, invoices, new(fen), seconds, seconds > 0 ? accounts / seconds : 0);

    private sealed record Row(
        string Utility, string Period, DateTime IssuedOn, DateTime DueOn, string State, int Draft, int Cohort);

    private sealed record Phases(
        int Chunks, int DraftedChunks, int DraftedAccounts, int Drafted, long DraftedFen, double DraftSeconds,
        int PostedChunks, int PostedAccounts, int Posted, long PostedFen, double PostSeconds);
}
