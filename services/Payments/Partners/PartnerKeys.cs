using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Billing.Payments;

/// <summary>The keys of partners, for our own people.</summary>
public static class PartnerKeysEndpoints
{
    private const string Route = "/partners/{partner}/keys/{key}";

    public static void MapPartnerKeys(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/partners/{partner}/keys", List).WithName("PartnerKeys").RequireRight(Right.ReadPartners)
            .WithSummary("Lists the keys of a partner, without their secrets.").Refuses(Partners.Unknown);
        routes.MapPut(Route, Issue).WithName(nameof(IssuePartnerKey)).RequireRight(Right.SavePartner)
            .WithSummary("Proposes a key by which a partner signs; another person has to approve it.")
            .Refuses(typeof(IssuePartnerKey)).Refuses(Partners.Unknown).RefusesProposals();
        routes.MapPost(Route + "/secret", Tell).WithName(nameof(TellPartnerKey)).RequireRight(Right.SavePartner)
            .RequirePerson().WithSummary("Returns the secret of a key, once.")
            .Refuses(typeof(TellPartnerKey)).Refuses(Partners.Unknown);
        routes.MapPost(Route + "/end", End).WithName(nameof(EndPartnerKey)).RequireRight(Right.SavePartner)
            .WithSummary("Ends a key before its time.")
            .Refuses(TellPartnerKey.Unknown, RefundAdvance.ReasonMissing, Partners.Unknown);
    }

    private static async Task<Results<Ok<IReadOnlyList<PartnerKeyDetails>>, ProblemHttpResult>> List(
        string partner, Partners partners, NpgsqlDataSource source, CancellationToken cancellation)
    {
        if (await partners.Find(partner, cancellation) is null)
            return Partners.Unknown.ToProblem();
        await using var connection = await source.OpenConnectionAsync(cancellation);
        var keys = await connection.QueryAsync<PartnerKeyDetails>(new CommandDefinition("""
            select partner || '.' || key as KeyId, issued_on as IssuedOn, good_until as GoodUntil, told, ended
            from partner_key where partner = @partner order by issued_on, key
            """, new { partner }, cancellationToken: cancellation));
        return TypedResults.Ok<IReadOnlyList<PartnerKeyDetails>>([.. keys]);
    }

    private static async Task<Results<Accepted<ProposalDetails>, Ok<PartnerKeyDetails>, ProblemHttpResult>> Issue(
        string partner, string key, IssuePartnerKeyRequest body, Approvals approvals, IssuePartnerKeyKind kind,
        EventStore store, TimeProvider clock, CancellationToken cancellation)
    {
        if (!PartnerCode.TryParse(partner, null, out var code))
            return Partners.Unknown.ToProblem();
        // A malformed name is no key of a proposal.
        if (new IssuePartnerKey(code, key, body.GoodUntil, "", clock.Today()).Refuse() is { } wrong)
            return wrong.ToProblem();
        var asked = new PartnerKeyToIssue(code, key, body.GoodUntil);
        var proposing = await approvals.Propose(kind, asked.Id, asked, reason: null, cancellation);
        if (proposing is { Refusal: { } rejection })
            return rejection.ToProblem();
        if (proposing is { Waits: { } proposal })
            return proposal.ToAccepted();
        var (state, _) = await store.Load(PartnerContract.Stream(code), cancellation);
        return TypedResults.Ok(Details(state.Keys[key]));
    }

    private static async Task<Results<Ok<PartnerSecret>, ProblemHttpResult>> Tell(
        string partner, string key, EventStore store, MasterKeys masters, TimeProvider clock,
        CancellationToken cancellation)
    {
        if (!PartnerCode.TryParse(partner, null, out var code))
            return Partners.Unknown.ToProblem();
        var told = await store.Execute(
            PartnerContract.Stream(code), new TellPartnerKey(code, key, clock.Today()), cancellation);
        if (told.Rejection is { } rejection)
            return rejection.ToProblem();
        if (!told.Changed)
            return TellPartnerKey.Told.ToProblem();
        var secret = masters.Derive(told.State.Keys[key].Master, PartnerKey.UseOf(code, key));
        return TypedResults.Ok(new PartnerSecret($"{code}.{key}", Convert.ToHexStringLower(secret)));
    }

    private static async Task<Results<Ok<PartnerKeyDetails>, ProblemHttpResult>> End(
        string partner, string key, EndPartnerKeyRequest body, Partners partners, EventStore store,
        CancellationToken cancellation)
    {
        if (!PartnerCode.TryParse(partner, null, out var code))
            return Partners.Unknown.ToProblem();
        var ended = await store.Execute(
            PartnerContract.Stream(code), new EndPartnerKey(code, key, body.Reason), cancellation);
        if (ended.Rejection is { } rejection)
            return rejection.ToProblem();
        partners.Forget(code);
        return TypedResults.Ok(Details(ended.State.Keys[key]));
    }

    private static PartnerKeyDetails Details(PartnerKey key) =>
        new($"{key.Partner}.{key.Name}", key.IssuedOn, key.GoodUntil, key.Told, key.Ended);
}
