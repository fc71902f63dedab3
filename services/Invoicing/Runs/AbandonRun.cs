using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Billing.Invoicing;

/// <summary>
/// Abandons a run before anything of it is posted, because it was started by mistake or cannot be finished. Its drafts
/// and its pending work are deleted; its name stays taken, so that it stays on record who abandoned it and why. Another
/// run for the same period bills the same accounts.
/// </summary>
public sealed record AbandonRun(RunName Run, string Reason, string By) : ICommand<BillingRun, RunEvent>
{
    public static readonly Rejection Abandoned = Rejection.Conflict(
        "run-abandoned", "The run was abandoned; begin another one under another name.");

    /// <inheritdoc/>
    public Rejection? Refuse() => Reasons.IsGiven(Reason) ? null : ExcludeAccount.ReasonMissing;

    public Decision<RunEvent> Decide(BillingRun state) => state switch
    {
        _ when Refuse() is { } wrong => wrong,
        BillingRun.None => BillingRun.Unknown,
        BillingRun.Abandoned => [],
        BillingRun.Drafted => [new RunAbandoned(Run, Reason, By)],
        _ => RedraftRun.PostingBegun,
    };
}

public static class AbandonRunEndpoint
{
    /// <summary>
    /// Deletes the markers first: a chunk in progress holds its marker, and one that starts later finds none and does
    /// nothing.
    /// </summary>
    private const string Sql = """
        delete from run_chunk where run = @run;
        delete from run_exception where run = @run;
        delete from run_cohort where run = @run;
        """;

    public static void MapAbandonRun(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/runs/{run}/abandonment", Handle).WithName(nameof(AbandonRun)).RequireRight(Right.AbandonRun)
            .WithSummary("Abandons a run before any of it is posted.")
            .Refuses(typeof(AbandonRun))
            .Refuses(ExcludeAccount.ReasonMissing, BillingRun.Unknown, RedraftRun.PostingBegun);

    private static async Task<Results<Ok, ProblemHttpResult>> Handle(
        RunName run, AbandonRunRequest body, EventStore store, CancellationToken cancellation)
    {
        var command = new AbandonRun(run, body.Reason, Actor.Current.By);
        if (command.Refuse() is { } wrong)
            return wrong.ToProblem();
        var executed = await RunTransaction.Execute(
            store,
            run,
            async (state, session) =>
            {
                if (state is BillingRun.Drafted)
                {
                    await session.Connection.ExecuteAsync(new CommandDefinition(
                        $"{Sql} drop table if exists {run.DraftTable()}", new { run = run.Value },
                        cancellationToken: cancellation));
                }
                return command;
            },
            cancellation);
        return executed.Rejection is { } rejection ? rejection.ToProblem() : TypedResults.Ok();
    }
}
