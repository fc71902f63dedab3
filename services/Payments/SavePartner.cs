using System.Globalization;
using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Billing.Payments;

/// <summary>
/// A partner and its terms take two people: whoever sets the terms decides which money is taken and until when. What
/// people see is every term that changes.
/// </summary>
public sealed class SavePartnerKind : ApprovalKind<Partner>
{
    private readonly Partners _partners;

    /// <summary>Registers the kind with its rights.</summary>
    public SavePartnerKind(Partners partners)
        : base("save-partner", Right.SavePartner, Right.ApprovePartner) => _partners = partners;

    /// <inheritdoc/>
    protected override IEnumerable<string> StreamsOf(Partner request) => [];

    /// <inheritdoc/>
    protected override async Task<Consequence> CarryOut(
        Partner request, Attempt attempt, CancellationToken cancellation)
    {
        var known = await Partners.Hold(attempt.Session.Connection, request.Code, cancellation);
        if (known == request)
            return Consequence.Nothing;
        await Partners.Save(attempt.Session.Connection, request, cancellation);
        return new(null,
        [
            .. Terms(request).Zip(known is null ? Terms(request).Select(_ => ("", (string?)null)) : Terms(known))
                .Select(term => new ProposedChange(term.First.Name, term.Second.Item2, term.First.Value))
                .Where(change => change.Before != change.After),
        ]);
    }

    /// <inheritdoc/>
    protected override void Carried(Partner request) => _partners.Forget(request.Code);

    private static (string Name, string? Value)[] Terms(Partner partner) =>
    [
        ("name", partner.Name), ("channel", $"{partner.Channel}"), ("amount-rule", partner.AmountRule.WireName()),
        ("day-cut", partner.DayCut.ToString("HH:mm:ss", CultureInfo.InvariantCulture)),
        ("encoding", partner.Encoding.WireName()), ("late-days", $"{partner.LateDays}"),
    ];
}

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
