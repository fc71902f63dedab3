using System.Security.Cryptography;
using System.Text.Json;
using Billing.Contracts;

namespace Billing.Platform;

/// <summary>
/// Proposes an act. The same proposal by the same person again changes nothing. Whoever made an open proposal replaces
/// it by another one; somebody else does so only when the open one could not be carried out any more, because what it
/// would change has changed. What was decided can be proposed again, as the next round.
/// </summary>
/// <param name="Kind">The kind of act.</param>
/// <param name="Key">What it is about, unique among its kind.</param>
/// <param name="Account">The account concerned, or null.</param>
/// <param name="Request">The whole request.</param>
/// <param name="Changes">What carrying it out would change now.</param>
/// <param name="Amount">The money concerned, or null.</param>
/// <param name="Reason">Why, for people, or null.</param>
/// <param name="By">Who proposes it.</param>
/// <param name="Now">The present moment.</param>
/// <param name="OpenFor">For how long it can be decided.</param>
public sealed record Propose(
    string Kind, string Key, AccountNo? Account, JsonElement Request, IReadOnlyList<ProposedChange> Changes,
    Money? Amount, string? Reason, string By, DateTimeOffset Now, TimeSpan OpenFor) : ICommand<Proposal, ProposalEvent>
{
    /// <summary>Somebody without a name proposes: 403.</summary>
    public static readonly Rejection Nameless = RightsOfEndpoints.Nameless;

    /// <summary>Somebody else's proposal is open.</summary>
    public static readonly Rejection OtherOpen = Rejection.Conflict(
        "proposal-open",
        "Somebody else has proposed this, and it waits for a decision: approve or reject that one (GET /approvals).");

    /// <inheritdoc/>
    public Rejection? Refuse() => By == Actor.Anonymous ? Nameless : null;

    /// <inheritdoc/>
    public Decision<ProposalEvent> Decide(Proposal state) => state switch
    {
        _ when Refuse() is { } nobody => nobody,
        _ when !state.IsOpen(Now) => [Made(state)],
        { Made: { } made } when Proposal.IsSamePerson(made.By, By) =>
            state.Says(Request, Changes) ? [] : [Made(state)],
        { Made: { } made } when JsonElement.DeepEquals(made.Request, Request) && !state.Says(Request, Changes) =>
            [Made(state)],
        _ => OtherOpen,
    };

    private ProposalMade Made(Proposal state)
    {
        var round = (state.Made?.Round ?? 0) + 1;
        return new(
            Kind, Key, round, Account, Request, Changes, Amount, Reason, By, Now, Now + OpenFor,
            Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(
                new { Kind, Key, round, Request, Changes, Amount, Reason, By }, Wire.Stored))));
    }
}
