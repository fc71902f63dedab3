using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Billing.Payments;

public static class SavePartnerEndpoint
{
    private static readonly Rejection Malformed = Rejection.Invalid(
        "partner-malformed",
        "A partner's code is 1 to 20 of a-z and 0-9; its name is 1 to 100 characters; its dayCut is a whole second; "
        + $"its lateDays are 0 to {BankDays.MostFileDays}.");

    public static void MapSavePartner(this IEndpointRouteBuilder routes) =>
        routes.MapPut("/partners/{partner}", Handle).WithName("SavePartner").RequireRight(Right.SavePartner)
            .WithSummary("Proposes a partner or other terms for it; another person has to approve them.")
            .Refuses(Malformed).RefusesProposals();

    private static async Task<Results<Accepted<ProposalDetails>, Ok<PartnerTerms>, ProblemHttpResult>> Handle(
        string partner, SavePartnerRequest body, Approvals approvals, SavePartnerKind kind,
        CancellationToken cancellation)
    {
        if (!PartnerCode.TryParse(partner, null, out var code) || body.Name.Length is 0 or > 100
            || body.DayCut.Ticks % TimeSpan.TicksPerSecond != 0 || body.LateDays is < 0 or > BankDays.MostFileDays)
            return Malformed.ToProblem();
        var saved = new Partner(
            code, body.Name, body.Channel, body.AmountRule, body.DayCut, body.Encoding, body.LateDays);
        var proposing = await approvals.Propose(kind, code.Value, saved, reason: null, cancellation);
        return proposing switch
        {
            { Refusal: { } rejection } => rejection.ToProblem(),
            { Waits: { } proposal } => proposal.ToAccepted(),
            _ => TypedResults.Ok(saved.ToTerms()),
        };
    }
}
