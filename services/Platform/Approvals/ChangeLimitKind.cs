using Billing.Contracts;

namespace Billing.Platform;

/// <summary>A change of limits as it is proposed.</summary>
/// <param name="Kind">The kind of act.</param>
/// <param name="Alone">Up to how much one person may do alone, or null where money does not decide.</param>
/// <param name="OpenDays">For how many days a proposal can be decided.</param>
/// <param name="Reason">Why, for people.</param>
internal sealed record ChangeOfLimit(string Kind, Money? Alone, int OpenDays, string Reason);

/// <summary>Other limits: what decides when two people are needed is not changed by one.</summary>
internal sealed class ChangeLimitKind : ApprovalKind<ChangeOfLimit>
{
    private readonly Lazy<IReadOnlyDictionary<string, ApprovalKind>> _kinds;

    public ChangeLimitKind(IServiceProvider services)
        : base("change-limit", Right.ChangeLimits, Right.ApproveLimits)
    {
        _kinds = new(() => ApprovalSetup.KindsIn(services));
        Refuses = [typeof(ChangeApprovalLimit)];
    }

    protected internal override IEnumerable<string> StreamsOf(ChangeOfLimit request) =>
        [LimitOfKind.Streams.Named(request.Kind).Id];

    protected internal override async Task<Consequence> CarryOut(
        ChangeOfLimit request, Attempt attempt, CancellationToken cancellation)
    {
        if (!_kinds.Value.TryGetValue(request.Kind, out var kind))
            return Consequence.Refused(ChangeApprovalLimit.Unknown);
        var stream = LimitOfKind.Streams.Named(kind.Code);
        var state = await attempt.Load(stream, cancellation);
        var change = new ChangeApprovalLimit(
            kind.Code, kind.Alone is not null, request.Alone, request.OpenDays, request.Reason,
            attempt.Decider ?? attempt.Proposer);
        var decision = change.Decide(state);
        if (decision.Rejection is { } rejection)
            return Consequence.Refused(rejection);
        if (decision.Events.Count == 0)
            return Consequence.Nothing;
        attempt.Session.Append(stream, state, decision.Events);
        var (alone, days) = state.Last is { } last
            ? (last.Alone, last.OpenDays)
            : (kind.Alone, ApprovalKind.OpenDays);
        return new(null, [new("alone", alone?.ToString(), request.Alone?.ToString()), new("open-days", $"{days}",
            $"{request.OpenDays}")]);
    }
}
