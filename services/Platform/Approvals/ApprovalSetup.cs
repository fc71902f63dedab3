using System.Text.Json;
using Billing.Contracts;
using Billing.Contracts.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.Platform;

/// <summary>
/// Registers kinds of acts that take two people, and maps what decides them. Every kind has routes of its own, so that
/// each needs exactly one right and says what it refuses.
/// </summary>
public static class ApprovalSetup
{
    /// <summary>Registers kinds: singletons of these types.</summary>
    public static IServiceCollection AddApprovals(this IServiceCollection services, params Type[] kinds)
    {
        ArgumentNullException.ThrowIfNull(kinds);
        foreach (var kind in kinds)
        {
            services.AddSingleton(kind)
                .AddSingleton(provider => (ApprovalKind)provider.GetRequiredService(kind));
        }
        services.AddSingleton<ChangeLimitKind>()
            .AddSingleton<ApprovalKind>(provider => provider.GetRequiredService<ChangeLimitKind>());
        return services.AddSingleton<ApprovalLimits>().AddSingleton<Approvals>().AddSingleton<ProposalList>()
            .AddSingleton<ExpiredProposals>()
            .AddHostedService(provider => provider.GetRequiredService<ExpiredProposals>());
    }

    /// <summary>Maps lists, decisions and limits for the kinds that are registered.</summary>
    public static void MapApprovals(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var routes = app.MapGroup("").WithTags("Approvals");
        routes.MapProposals();
        foreach (var kind in KindsIn(app.Services).Values)
            routes.MapDecisions(kind);
        routes.MapGet("/approval-limits", Limits).WithName("ApprovalLimits").RequireRight(Right.ReadApprovals)
            .WithSummary("Lists, for every kind of act that takes two people, its limits.");
        routes.MapPut("/approval-limits/{kind}", ChangeLimit).WithName("ChangeApprovalLimit")
            .RequireRight(Right.ChangeLimits)
            .WithSummary("Proposes other limits of a kind; another person has to approve them.")
            .RefusesProposals().Refuses(typeof(ChangeApprovalLimit)).Refuses(RejectProposal.ReasonMissing);
    }

    /// <summary>Declares the refusals of proposals as such, on an endpoint that makes one.</summary>
    public static RouteHandlerBuilder RefusesProposals(this RouteHandlerBuilder endpoint) =>
        endpoint.Refuses(typeof(Propose));

    /// <summary>The proposal that waits for a decision, as an answer: 202.</summary>
    public static Accepted<ProposalDetails> ToAccepted(this Proposal proposal)
    {
        ArgumentNullException.ThrowIfNull(proposal);
        var made = proposal.Made!;
        return TypedResults.Accepted($"/approvals/{made.Kind}/{made.Key}", ProposalList.DetailsOf(proposal));
    }

    internal static IReadOnlyDictionary<string, ApprovalKind> KindsIn(IServiceProvider services) =>
        services.GetServices<ApprovalKind>().ToDictionary(kind => kind.Code, StringComparer.Ordinal);

    private static void MapDecisions(this IEndpointRouteBuilder routes, ApprovalKind kind)
    {
        var name = string.Concat(kind.Code.Split('-').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
        var path = $"/approvals/{kind.Code}/{{key}}";
        routes.MapPost($"{path}/approve", Approve).RequirePerson().WithName($"Approve-{name}")
            .RequireRight(kind.Decides)
            .WithSummary($"Approves a proposal of the kind {kind.Code}, which carries it out.")
            .Refuses(typeof(Deciding), typeof(ApproveProposal)).Refuses(FailProposal.Outdated)
            .Refuses([.. kind.Refuses]).Refuses([.. kind.Refusals]);
        routes.MapPost($"{path}/reject", Reject).RequirePerson().WithName($"Reject-{name}")
            .RequireRight(kind.Decides)
            .WithSummary($"Rejects a proposal of the kind {kind.Code}.")
            .Refuses(typeof(Deciding), typeof(RejectProposal));
        routes.MapPost($"{path}/withdraw", Withdraw).WithName($"Withdraw-{name}")
            .RequireRight(kind.Proposes)
            .WithSummary($"Withdraws one's own proposal of the kind {kind.Code}.")
            .Refuses(typeof(WithdrawProposal), typeof(RejectProposal)).Refuses(Deciding.Unknown, Deciding.Decided);

        async Task<Results<Ok<ProposalDetails>, ProblemHttpResult>> Approve(
            string key, ApproveProposalRequest body, Approvals approvals, ProposalList list,
            CancellationToken cancellation) => await Answer(
            await approvals.Approve(kind, key, body.Seen, cancellation), list, cancellation);

        async Task<Results<Ok<ProposalDetails>, ProblemHttpResult>> Reject(
            string key, RejectProposalRequest body, Approvals approvals, ProposalList list,
            CancellationToken cancellation) => await Answer(
            await approvals.Reject(kind, key, body.Seen, body.Reason, cancellation), list, cancellation);

        async Task<Results<Ok<ProposalDetails>, ProblemHttpResult>> Withdraw(
            string key, WithdrawProposalRequest body, Approvals approvals, ProposalList list,
            CancellationToken cancellation) => await Answer(
            await approvals.Withdraw(kind, key, body.Reason, cancellation), list, cancellation);
    }

    private static async Task<Results<Ok<ProposalDetails>, ProblemHttpResult>> Answer(
        Decided decided, ProposalList list, CancellationToken cancellation) =>
        decided is { Refusal: null, Proposal.Made: { } made }
            ? TypedResults.Ok(await list.Find(made.Kind, made.Key, cancellation))
            : decided.Refusal!.ToProblem();

    private static async Task<Ok<IReadOnlyList<ApprovalLimit>>> Limits(
        ApprovalLimits limits, CancellationToken cancellation) => TypedResults.Ok(await limits.All(cancellation));

    private static async Task<Results<Ok, Accepted<ProposalDetails>, ProblemHttpResult>> ChangeLimit(
        string kind, ChangeApprovalLimitRequest body, Approvals approvals, ChangeLimitKind changes,
        CancellationToken cancellation)
    {
        var proposing = await approvals.Propose(
            changes, kind, new(kind, body.Alone, body.OpenDays, body.Reason), body.Reason, cancellation);
        return proposing switch
        {
            { Refusal: { } refusal } => refusal.ToProblem(),
            { Waits: { } proposal } => proposal.ToAccepted(),
            _ => TypedResults.Ok(),
        };
    }
}
