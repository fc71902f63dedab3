using System.Text.Json;

namespace Billing.Contracts.Api;

/// <summary>A proposal: what somebody asked for and somebody else decides.</summary>
/// <param name="Kind">What kind of act it is, such as <c>refund</c>.</param>
/// <param name="Key">What it is about, unique among its kind, such as the refund's number.</param>
/// <param name="Round">How often this was proposed, from 1; only the last round can be decided.</param>
/// <param name="Status">Its status.</param>
/// <param name="Request">The whole request, as it will be carried out.</param>
/// <param name="Changes">What it changes, as computed when it was proposed; if that is not so any more when it is
/// approved, nothing is done.</param>
/// <param name="Amount">The money concerned, fen; null where there is none.</param>
/// <param name="Account">The account concerned; null where there is none.</param>
/// <param name="Reason">Why, for people; null where no reason is asked for.</param>
/// <param name="ProposedBy">Who proposed it.</param>
/// <param name="ProposedAt">When.</param>
/// <param name="ExpiresAt">Until when it can be decided, exclusive.</param>
/// <param name="Seen">The digest of all this, SHA-256 in hexadecimal; whoever decides sends it back.</param>
/// <param name="DecidedBy">Who decided it; null while it is open.</param>
/// <param name="DecidedAt">When it was decided, withdrawn or expired; null while it is open.</param>
/// <param name="DecisionReason">Why it was rejected or withdrawn; null otherwise.</param>
/// <param name="Failure">The code of the refusal when it failed; null otherwise.</param>
public sealed record ProposalDetails(
    string Kind, string Key, int Round, ProposalStatus Status, JsonElement Request,
    IReadOnlyList<ProposedChange> Changes, Money? Amount, AccountNo? Account, string? Reason, string ProposedBy,
    DateTimeOffset ProposedAt, DateTimeOffset ExpiresAt, string Seen, string? DecidedBy, DateTimeOffset? DecidedAt,
    string? DecisionReason, string? Failure);

/// <summary>A page of proposals, those that expire first first.</summary>
/// <param name="Items">At most a hundred.</param>
/// <param name="Next">The value of <c>after</c> that asks for the next page; null on the last.</param>
public sealed record ProposalPage(IReadOnlyList<ProposalDetails> Items, string? Next);

/// <summary>Approves what was seen.</summary>
/// <param name="Seen">The proposal's digest, as it was read.</param>
public sealed record ApproveProposalRequest(string Seen);

/// <summary>Rejects what was seen.</summary>
/// <param name="Seen">The proposal's digest, as it was read.</param>
/// <param name="Reason">Why, 1 to 200 characters.</param>
public sealed record RejectProposalRequest(string Seen, string Reason);

/// <summary>Withdraws one's own proposal.</summary>
/// <param name="Reason">Why, 1 to 200 characters.</param>
public sealed record WithdrawProposalRequest(string Reason);

/// <summary>When a kind of act takes two people, and how long a proposal is open.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Alone">Up to how much one person may do alone, fen, inclusive; null when money does not decide, and
/// two people are needed always.</param>
/// <param name="OpenDays">For how many days a proposal can be decided, 1 to 90.</param>
public sealed record ApprovalLimit(string Kind, Money? Alone, int OpenDays);

/// <summary>Proposes other limits of a kind of act.</summary>
/// <param name="Alone">Up to how much one person may do alone, fen, inclusive; zero for nothing, null where money does
/// not decide.</param>
/// <param name="OpenDays">For how many days a proposal can be decided, 1 to 90.</param>
/// <param name="Reason">Why, 1 to 200 characters.</param>
public sealed record ChangeApprovalLimitRequest(Money? Alone, int OpenDays, string Reason);
