using Billing.Contracts;
using Billing.Platform;

namespace Billing.Payments;

/// <summary>A key as it is proposed.</summary>
/// <param name="Partner">Whose key it is.</param>
/// <param name="Key">Its name.</param>
/// <param name="GoodUntil">Until when it is good, inclusive.</param>
public sealed record PartnerKeyToIssue(PartnerCode Partner, string Key, DateOnly GoodUntil)
{
    /// <summary>How requests that it signs name it.</summary>
    public string Id => $"{Partner}.{Key}";
}

/// <summary>A key takes two people: whoever holds one takes money in the partner's name.</summary>
public sealed class IssuePartnerKeyKind : ApprovalKind<PartnerKeyToIssue>
{
    private readonly Partners _partners;
    private readonly MasterKeys _masters;
    private readonly TimeProvider _clock;

    /// <summary>Registers the kind with its rights.</summary>
    public IssuePartnerKeyKind(Partners partners, MasterKeys masters, TimeProvider clock)
        : base("issue-partner-key", Right.SavePartner, Right.ApprovePartner)
    {
        (_partners, _masters, _clock) = (partners, masters, clock);
        Refuses = [typeof(IssuePartnerKey)];
        Refusals = [Partners.Unknown];
    }

    /// <inheritdoc/>
    protected override IEnumerable<string> StreamsOf(PartnerKeyToIssue request) =>
        [PartnerContract.Stream(request.Partner).Id];

    /// <inheritdoc/>
    protected override async Task<Consequence> CarryOut(
        PartnerKeyToIssue request, Attempt attempt, CancellationToken cancellation)
    {
        var stream = PartnerContract.Stream(request.Partner);
        var state = await attempt.Load(stream, cancellation);
        var decision = new IssuePartnerKey(
            request.Partner, request.Key, request.GoodUntil, _masters.Current, _clock.Today()).Decide(state);
        if (decision.Rejection is { } rejection)
            return Consequence.Refused(rejection);
        if (decision.Events.Count == 0)
            return Consequence.Nothing;
        attempt.Session.Append(stream, state, decision.Events);
        return new(null, [new("good-until", null, $"{request.GoodUntil:yyyy-MM-dd}")]);
    }

    /// <inheritdoc/>
    protected override void Carried(PartnerKeyToIssue request) => _partners.Forget(request.Partner);
}
