using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Billing.Invoicing;

/// <summary>The exceptions of a run, and the decisions of people about them.</summary>
public static class RunExceptions
{
    private const int MostPerPage = 1_000;

    private static readonly Rejection StateUnknown = Rejection.Invalid(
        "exception-state-unknown", $"A state is one of {WireNames.All<RunExceptionState>()}.") with { Status = 400 };

    private const string ExcludeSql = """
        insert into run_exception as known (run, account_no, chunk_no, code, message, state, amount_fen)
        select @run, @account, c.chunk_no, 'excluded-by-person', @reason, 'excluded', (
          select d.amount_fen from {draft} d where d.chunk_no = c.chunk_no and d.account_no = @account)
        from run_cohort c where c.run = @run and @account = any(c.accounts)
        on conflict (run, account_no) do update set state = 'excluded'
        """;

    public static void MapRunExceptions(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/runs/{run}/exceptions", List).WithName(nameof(RunExceptions)).RequireRight(Right.ReadRuns)
            .WithSummary("Lists the exceptions of a run, page by page.")
            .Refuses(BillingRun.Unknown, StateUnknown);
        routes.MapPut("/runs/{run}/exceptions/{account}", Decide)
            .WithName("ReviewAccount").RequireRight(Right.ReviewAccount)
            
            .WithSummary("Releases or excludes an account with an exception.")
            .Refuses(typeof(ExcludeAccount), typeof(ReleaseAccount))
            .Refuses(BillingRun.Unknown, AbandonRun.Abandoned, RedraftRun.PostingBegun);
    }

    private static async Task<Results<Ok<RunExceptionPage>, ProblemHttpResult>> List(
        RunName run, string? state, string? code, AccountNo? after, int? limit, NpgsqlDataSource source,
        CancellationToken cancellation)
    {
        var size = Math.Clamp(limit ?? MostPerPage, 1, MostPerPage);
        if (state is not null && !WireNames.TryParse<RunExceptionState>(state, out _))
            return StateUnknown.ToProblem();
        await using var connection = await source.OpenConnectionAsync(cancellation);
        var rows = (await connection.QueryAsync<Row>("""
            select account_no as account, code, message, state, amount_fen as fen from run_exception
            where run = @run and account_no > @after and (@state::text is null or state = @state)
              and (@code::text is null or code = @code)
            order by account_no limit @size
            """, new { run = run.Value, after = after?.Value ?? "", state, code, size })).ToList();
        if (rows.Count == 0 && !await connection.ExecuteScalarAsync<bool>(
            "select exists (select 1 from run where run = @run)", new { run = run.Value }))
            return BillingRun.Unknown.ToProblem();
        return TypedResults.Ok(new RunExceptionPage(
            rows.ConvertAll(row => new RunException(
                AccountNo.Wrap(row.Account), row.Code, row.Message, row.State,
                row.Fen is { } fen ? new Money(fen) : null)),
            rows.Count == size ? AccountNo.Wrap(rows[^1].Account) : null));
    }

    private static async Task<Results<Ok, ProblemHttpResult>> Decide(
        RunName run, AccountNo account, ReviewAccountRequest body, EventStore store, CancellationToken cancellation)
    {
        if (!Reasons.IsGiven(body.Reason))
            return ExcludeAccount.ReasonMissing.ToProblem();
        var executed = await RunTransaction.Execute(
            store,
            run,
            async (state, session) =>
            {
                var facts = await Facts(session.Connection, run, account);
                ICommand<BillingRun, RunEvent> command = body.Action == ReviewAction.Exclude
                    ? new ExcludeAccount(run, account, body.Reason, facts)
                    : new ReleaseAccount(run, account, body.Reason, facts);
                // Without a run there is no draft table to update; a refusal rolls this back.
                if (state is BillingRun.Drafted)
                {
                    await session.Connection.ExecuteAsync(
                        body.Action == ReviewAction.Exclude
                            ? ExcludeSql.Replace("{draft}", run.DraftTable(), StringComparison.Ordinal)
                            : "update run_exception set state = 'released' where run = @run and account_no = @account",
                        new { run = run.Value, account = account.Value, reason = body.Reason });
                }
                return command;
            },
            cancellation);
        return executed.Rejection is { } rejection ? rejection.ToProblem() : TypedResults.Ok();
    }

    private static async Task<ReviewFacts> Facts(NpgsqlConnection connection, RunName run, AccountNo account)
    {
        var (undrafted, inCohort, code, hasDraft) = await connection.QuerySingleAsync<(int, bool, string?, bool)>("""
            select
              (select count(*)::int from run_chunk where run = @run and drafted_at is null),
              exists (select 1 from run_cohort where run = @run and @account = any(accounts)),
              e.code, coalesce(e.amount_fen is not null, false)
            from (select 1) one left join run_exception e on e.run = @run and e.account_no = @account
            """, new { run = run.Value, account = account.Value });
        return new(undrafted, inCohort, code, hasDraft);
    }

    private sealed record Row(string Account, string Code, string Message, RunExceptionState State, long? Fen);
}
