using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Billing.Payments;

public static class SavePartnerEndpoint
{
    private static readonly Rejection Malformed = Rejection.Invalid(
        "partner-malformed",
        "A partner's code is 1 to 20 of a-z and 0-9; its name is 1 to 100 characters; its dayCut is a whole second; "
        + $"its lateDays are 0 to {BankDays.MostFileDays}; at most {MostProjects} projects, each once; "
        + "limits are 1 to 1000000.");

    private const int MostProjects = 1_000, MostOften = 1_000_000;

    public static void MapSavePartner(this IEndpointRouteBuilder routes) =>
        routes.MapPut("/partners/{partner}", Handle).WithName("SavePartner").RequireRight(Right.SavePartner)
            .WithSummary("Proposes a partner or other terms for it; another person has to approve them.")
            .Refuses(Malformed).RefusesProposals();

    private static async Task<Results<Accepted<ProposalDetails>, Ok<PartnerTerms>, ProblemHttpResult>> Handle(
        string partner, SavePartnerRequest body, Approvals approvals, SavePartnerKind kind,
        IOptions<PartnerEdgeOptions> options, CancellationToken cancellation)
    {
        if (!PartnerCode.TryParse(partner, null, out var code) || body.Name.Length is 0 or > 100
            || body.DayCut.Ticks % TimeSpan.TicksPerSecond != 0 || body.LateDays is < 0 or > BankDays.MostFileDays
            || body.Projects is { } projects
                && (projects.Count > MostProjects || projects.Distinct().Count() < projects.Count)
            || body.Limits is { } limits && !AreGood(limits))
            return Malformed.ToProblem();
        var saved = new Partner(
            code, body.Name, body.Channel, body.AmountRule, body.DayCut, body.Encoding, body.LateDays)
        {
            Projects = body.Projects ?? [], Limits = body.Limits,
        };
        var proposing = await approvals.Propose(kind, code.Value, saved, reason: null, cancellation);
        return proposing switch
        {
            { Refusal: { } rejection } => rejection.ToProblem(),
            { Waits: { } proposal } => proposal.ToAccepted(),
            _ => TypedResults.Ok(saved.ToTerms(options.Value.Limits)),
        };
    }

    /// <summary>Whether each limit lets something through.</summary>
    internal static bool AreGood(PartnerLimits limits) => new[]
    {
        limits.QueriesPerMinute, limits.PaymentsPerMinute, limits.QueriesPerAccount, limits.PaymentsPerAccount,
        limits.FilesPerMinute, limits.BlocksPerDay,
    }.All(limit => limit is >= 1 and <= MostOften);
}
