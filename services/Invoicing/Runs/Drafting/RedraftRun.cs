using Billing.Contracts;
using Billing.Platform;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Billing.Invoicing;

/// <summary>
/// Discards the whole draft and makes it again with the present facts, after something was corrected: a missing reading
/// came in, a plan was published, an area was corrected. The cohort stays; excluded accounts stay excluded, and
/// released ones have to be reviewed again.
/// </summary>
public sealed record RedraftRun(RunName Run, IReadOnlyDictionary<PlanCode, PinnedVersions> Plans, int From)
    : ICommand<BillingRun, RunEvent>
{
    public static readonly Rejection PostingBegun = Rejection.Conflict(
        "run-posting-begun",
        "The run is being posted, or posted; its draft is final. Another run of the period bills whom it left out.");

    public Decision<RunEvent> Decide(BillingRun state) => state switch
    {
        BillingRun.None => BillingRun.Unknown,
        BillingRun.Drafted s when !FreezeRun.IsBillable(s.Facts.Period) => FreezeRun.PeriodOutOfRange,
        BillingRun.Drafted s when s.Draft != From => [],
        BillingRun.Drafted s => [new RunRedrafted(Run, s.Draft + 1, Plans)],
        BillingRun.Abandoned => AbandonRun.Abandoned,
        _ => PostingBegun,
    };
}

public static class RedraftRunEndpoint
{
    private const string Sql = """
        update run_chunk set draft = draft + 1, drafted_from = @final, queued_at = clock_timestamp(), drafted_at = null,
          drafted = 0, drafted_fen = 0, attempts = 0, fault = null where run = @run;
        delete from run_exception where run = @run and state <> 'excluded';
        update run_exception set amount_fen = null where run = @run;
        """;

    public static void MapRedraftRun(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/runs/{run}/redraft", Handle).WithName(nameof(RedraftRun)).RequireRight(Right.RedraftRun)
            .WithSummary("Discards the draft of a run and drafts it again with present data.")
            .Refuses(typeof(RedraftRun))
            .Refuses(BillingRun.Unknown, FreezeRun.PeriodOutOfRange, AbandonRun.Abandoned);

    private static async Task<Results<Ok, ProblemHttpResult>> Handle(
        RunName run, EventStore store, NpgsqlDataSource source, Plans plans, WorkItems work,
        CancellationToken cancellation)
    {
        var final = await FrozenCohort.FinalPosition(source, cancellation);
        var executed = await RunTransaction.Execute(
            store,
            run,
            async (state, session) =>
            {
                if (state is not BillingRun.Drafted drafted || !FreezeRun.IsBillable(drafted.Facts.Period))
                    return new RedraftRun(run, FrozenCohort.NotSought.Plans, 0);
                // The markers first: a chunk in progress holds its marker, and then finds that its draft has been
                // replaced.
                await session.Connection.ExecuteAsync(new CommandDefinition(
                    $"{Sql} truncate {run.DraftTable()}", new { run = run.Value, final },
                    cancellationToken: cancellation));
                var pinned = await plans.VersionsFor(
                    session.Connection, drafted.Facts.Utility, drafted.Facts.Period, cancellation);
                return new RedraftRun(run, pinned, drafted.Draft);
            },
            cancellation);
        if (executed.Rejection is { } rejection)
            return rejection.ToProblem();
        work.Want(run);
        return TypedResults.Ok();
    }
}
