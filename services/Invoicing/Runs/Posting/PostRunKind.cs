using System.Globalization;
using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Billing.Invoicing;

/// <summary>The run that somebody proposes to post.</summary>
/// <param name="Run">The run.</param>
public sealed record RunToPost(RunName Run);

/// <summary>
/// Posting a run takes two people. What they see are the sums of the draft, as posting would begin now, with the
/// version of the run and a digest of its exceptions: when anything is drafted, released, excluded or outdated
/// meanwhile, nothing is posted.
/// </summary>
public sealed class PostRunKind : ApprovalKind<RunToPost>
{
    private readonly Plans _plans;
    private readonly WorkItems _work;

    /// <summary>Registers the kind with its rights and refusals.</summary>
    public PostRunKind(Plans plans, WorkItems work)
        : base("post-run", Right.ProposePosting, Right.PostRun)
    {
        (_plans, _work, Refuses) = (plans, work, [typeof(PostRun)]);
        Refusals =
            [BillingRun.Unknown, AbandonRun.Abandoned, FreezeRun.PeriodOutOfRange, ExcludeAccount.StillDrafting];
    }

    /// <inheritdoc/>
    protected override IEnumerable<string> StreamsOf(RunToPost request) => [BillingRun.Stream(request.Run).Id];

    /// <inheritdoc/>
    protected override async Task<Consequence> CarryOut(
        RunToPost request, Attempt attempt, CancellationToken cancellation)
    {
        var stream = BillingRun.Stream(request.Run);
        var loaded = await attempt.Session.Load(BillingRun.Streams, cancellation);
        var state = loaded.GetValueOrDefault(stream.Id, new BillingRun.None());
        var found = state is BillingRun.Drafted draft && FreezeRun.IsBillable(draft.Facts.Period)
            ? await PostingFacts.Gather(attempt.Session.Connection, _plans, draft, cancellation)
            : PostingFacts.NotSought;
        var decision = new PostRun(request.Run, found).Decide(state);
        if (decision.Rejection is { } rejection)
            return Consequence.Refused(rejection);
        if (decision.Events.Count == 0)
            return Consequence.Nothing;
        attempt.Session.Append(stream, state, decision.Events);
        var drafted = (BillingRun.Drafted)state;
        return new(null,
        [
            new("state", RunState.Drafted.WireName(), RunState.Posting.WireName()),
            new("draft", null, $"{drafted.Draft}"), new("version", null, $"{attempt.Session.VersionOf(stream.Id)}"),
            new("due-on", null, drafted.Facts.DueOn.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
            new("invoices", "0", $"{found.Invoices}"), new("amount", Money.Zero.ToString(), found.Amount.ToString()),
            new("outdated", null, $"{found.Outdated}"), new("exceptions", null, found.Exceptions),
        ])
        {
            Amount = found.Amount,
        };
    }

    /// <inheritdoc/>
    protected override void Carried(RunToPost request) => _work.Want(request.Run);
}

public static class PostRunEndpoint
{
    /// <summary>A repeated request for a run that is being posted retries chunks that failed too often.</summary>
    private const string AgainSql = """
        update run_chunk c set attempts = 0 where run = @run and posted_at is null and attempts > 0
          and exists (select from run r where r.run = c.run and r.state = 'posting')
        """;

    public static void MapPostRun(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/runs/{run}/post", Handle).WithName(nameof(PostRun)).RequireRight(Right.ProposePosting)
            .WithSummary("Proposes to post a run; another person has to approve it, and its drafts become invoices.")
            .Refuses(typeof(PostRun)).RefusesProposals()
            .Refuses(
                BillingRun.Unknown, AbandonRun.Abandoned, FreezeRun.PeriodOutOfRange, ExcludeAccount.StillDrafting);

    private static async Task<Results<Accepted<ProposalDetails>, Ok, ProblemHttpResult>> Handle(
        RunName run, Approvals approvals, PostRunKind kind, NpgsqlDataSource source, WorkItems work,
        CancellationToken cancellation)
    {
        var proposing = await approvals.Propose(kind, run.Value, new(run), reason: null, cancellation);
        if (proposing.Refusal is { } rejection)
            return rejection.ToProblem();
        if (proposing.Waits is { } proposal)
            return proposal.ToAccepted();
        await using (var connection = await source.OpenConnectionAsync(cancellation))
            await connection.ExecuteAsync(AgainSql, new { run = run.Value });
        work.Want(run);
        return TypedResults.Ok();
    }
}
