using Billing.Contracts;

namespace Billing.Platform;

/// <summary>
/// The rules of a decision: it takes another person than the one who proposed, who has seen what is decided, in time.
/// </summary>
public static class Deciding
{
    /// <summary>Nothing was proposed under this key.</summary>
    public static readonly Rejection Unknown = Rejection.NotFound(
        "proposal-unknown", "There is no proposal of this kind and key.");

    /// <summary>It was decided already.</summary>
    public static readonly Rejection Decided = Rejection.Conflict(
        "proposal-decided", "This was decided already, by another person or in another way, or it was withdrawn.");

    /// <summary>Nobody decided it in time.</summary>
    public static readonly Rejection Expired = Rejection.Conflict(
        "proposal-expired", "Nobody decided this in time; it has to be proposed again.");

    /// <summary>What is proposed is not what the decider has seen.</summary>
    public static readonly Rejection Changed = Rejection.Conflict(
        "proposal-changed", "What is proposed is not what you have seen: read it again.");

    /// <summary>The proposer does not decide.</summary>
    public static readonly Rejection SamePerson = Rejection.Conflict(
        "proposal-same-person", "Whoever proposed this does not decide it; somebody else has to.");

    /// <summary>A program does not decide: 403.</summary>
    public static readonly Rejection Program = new(
        "proposal-decider-program", "A program is no second person; somebody has to look.", 403);

    private static readonly string[] Programs = ["client:", "partner:"];

    /// <summary>Why somebody cannot decide what was seen, or null.</summary>
    internal static Rejection? Refuse(Proposal state, string seen, string by, DateTimeOffset now) => state switch
    {
        _ when Programs.Any(program => by.StartsWith(program, StringComparison.OrdinalIgnoreCase)) => Program,
        { Made: null } => Unknown,
        { Status: ProposalStatus.Expired } => Expired,
        { Status: not ProposalStatus.Open } => Decided,
        { Made: { } made } when made.Digest != seen => Changed,
        { Made: { } made } when Proposal.IsSamePerson(made.By, by) => SamePerson,
        _ when !state.IsOpen(now) => Expired,
        _ => null,
    };

    /// <summary>Whether the same decision by the same person was recorded already.</summary>
    internal static bool Repeats(Proposal state, ProposalStatus status, string seen, string by) =>
        state is { Made: { } made, DecidedBy: { } decider } && state.Status == status && made.Digest == seen
        && Proposal.IsSamePerson(decider, by);
}

/// <summary>Approves a proposal; it is carried out in the same transaction.</summary>
/// <param name="Seen">The digest of the proposal that was seen.</param>
/// <param name="By">Who approves.</param>
/// <param name="Now">The present moment.</param>
public sealed record ApproveProposal(string Seen, string By, DateTimeOffset Now) : ICommand<Proposal, ProposalEvent>
{
    /// <inheritdoc/>
    public Decision<ProposalEvent> Decide(Proposal state) => state.Made switch
    {
        _ when Deciding.Repeats(state, ProposalStatus.Approved, Seen, By) => [],
        _ when Deciding.Refuse(state, Seen, By, Now) is { } refusal => refusal,
        var made => [new ProposalApproved(made!.Kind, made.Key, made.Round, made.Account, By)],
    };
}

/// <summary>Rejects a proposal.</summary>
/// <param name="Seen">The digest of the proposal that was seen.</param>
/// <param name="Reason">Why, for people.</param>
/// <param name="By">Who rejects.</param>
/// <param name="Now">The present moment.</param>
public sealed record RejectProposal(string Seen, string Reason, string By, DateTimeOffset Now)
    : ICommand<Proposal, ProposalEvent>
{
    /// <summary>A decision without a reason.</summary>
    public static readonly Rejection ReasonMissing = Rejection.Invalid(
        "decision-reason-missing", $"A reason has 1 to {Reasons.Longest} characters, one of them visible.");

    /// <inheritdoc/>
    public Rejection? Refuse() => Reasons.IsGiven(Reason) ? null : ReasonMissing;

    /// <inheritdoc/>
    public Decision<ProposalEvent> Decide(Proposal state) => state.Made switch
    {
        _ when Refuse() is { } wrong => wrong,
        _ when Deciding.Repeats(state, ProposalStatus.Rejected, Seen, By) => [],
        _ when Deciding.Refuse(state, Seen, By, Now) is { } refusal => refusal,
        var made => [new ProposalRejected(made!.Kind, made.Key, made.Round, made.Account, By, Reason)],
    };
}

/// <summary>Withdraws one's own proposal, also when it has expired but nobody has noted it.</summary>
/// <param name="Reason">Why, for people.</param>
/// <param name="By">Who withdraws it: whoever made it.</param>
public sealed record WithdrawProposal(string Reason, string By) : ICommand<Proposal, ProposalEvent>
{
    /// <summary>Somebody else's proposal.</summary>
    public static readonly Rejection OfAnother = Rejection.Conflict(
        "proposal-of-another", "Only whoever made a proposal withdraws it; others reject it.");

    /// <inheritdoc/>
    public Rejection? Refuse() => Reasons.IsGiven(Reason) ? null : RejectProposal.ReasonMissing;

    /// <inheritdoc/>
    public Decision<ProposalEvent> Decide(Proposal state) => state switch
    {
        _ when Refuse() is { } wrong => wrong,
        { Made: null } => Deciding.Unknown,
        { Made: { } made } when !Proposal.IsSamePerson(made.By, By) => OfAnother,
        { Status: ProposalStatus.Withdrawn } => [],
        { Status: not ProposalStatus.Open } => Deciding.Decided,
        { Made: { } made } => [new ProposalWithdrawn(made.Kind, made.Key, made.Round, made.Account, By, Reason)],
    };
}

/// <summary>Notes that a proposal was not decided in time; one that can still be decided stays open.</summary>
/// <param name="Now">The present moment.</param>
public sealed record ExpireProposal(DateTimeOffset Now) : ICommand<Proposal, ProposalEvent>
{
    /// <inheritdoc/>
    public Decision<ProposalEvent> Decide(Proposal state) =>
        state is { Status: ProposalStatus.Open, Made: { } made } && !state.IsOpen(Now)
            ? [new ProposalExpired(made.Kind, made.Key, made.Round, made.Account)]
            : [];
}

/// <summary>Notes that a proposal was approved but would not do any more what was proposed.</summary>
/// <param name="Seen">The digest of the proposal that was approved.</param>
/// <param name="By">Who approved.</param>
/// <param name="Code">The code of the refusal.</param>
public sealed record FailProposal(string Seen, string By, string Code) : ICommand<Proposal, ProposalEvent>
{
    /// <summary>What it would do has changed since it was proposed.</summary>
    public static readonly Rejection Outdated = Rejection.Conflict(
        "proposal-outdated",
        "What this would do has changed since it was proposed, so nothing was done; it has to be proposed again.");

    /// <inheritdoc/>
    public Decision<ProposalEvent> Decide(Proposal state) =>
        state is { Status: ProposalStatus.Open, Made: { } made } && made.Digest == Seen
            ? [new ProposalFailed(made.Kind, made.Key, made.Round, made.Account, By, Code)]
            : [];
}
