using System.Text.Json;
using Billing.Contracts;

namespace Billing.Platform;

/// <summary>An event of a proposal; each names what it is about, because readers see events one by one.</summary>
/// <param name="Kind">The kind of act.</param>
/// <param name="Key">What it is about, unique among its kind.</param>
/// <param name="Round">The round, from 1: what was decided can be proposed again.</param>
/// <param name="Account">The account concerned, or null.</param>
public abstract record ProposalEvent(string Kind, string Key, int Round, AccountNo? Account);

/// <summary>Somebody proposed an act. A later round replaces an open one.</summary>
/// <param name="Kind">The kind of act.</param>
/// <param name="Key">What it is about.</param>
/// <param name="Round">The round.</param>
/// <param name="Account">The account concerned, or null.</param>
/// <param name="Request">The whole request, as it will be carried out.</param>
/// <param name="Changes">What carrying it out changes, as it was computed then.</param>
/// <param name="Amount">The money concerned, or null.</param>
/// <param name="Reason">Why, for people, or null.</param>
/// <param name="By">Who.</param>
/// <param name="At">When.</param>
/// <param name="ExpiresAt">Until when it can be decided, exclusive.</param>
/// <param name="Digest">The digest of key, round, request and changes, which a decision names.</param>
[StoredAs("proposal-made.v1")]
public sealed record ProposalMade(
    string Kind, string Key, int Round, AccountNo? Account, JsonElement Request, IReadOnlyList<ProposedChange> Changes,
    Money? Amount, string? Reason, string By, DateTimeOffset At, DateTimeOffset ExpiresAt, string Digest)
    : ProposalEvent(Kind, Key, Round, Account);

/// <summary>Another person approved it. What was proposed was done in the same transaction.</summary>
[StoredAs("proposal-approved.v1")]
public sealed record ProposalApproved(string Kind, string Key, int Round, AccountNo? Account, string By)
    : ProposalEvent(Kind, Key, Round, Account);

/// <summary>Another person rejected it.</summary>
[StoredAs("proposal-rejected.v1")]
public sealed record ProposalRejected(
    string Kind, string Key, int Round, AccountNo? Account, string By, string Reason)
    : ProposalEvent(Kind, Key, Round, Account);

/// <summary>Whoever made it withdrew it.</summary>
[StoredAs("proposal-withdrawn.v1")]
public sealed record ProposalWithdrawn(
    string Kind, string Key, int Round, AccountNo? Account, string By, string Reason)
    : ProposalEvent(Kind, Key, Round, Account);

/// <summary>Nobody decided it in time.</summary>
[StoredAs("proposal-expired.v1")]
public sealed record ProposalExpired(string Kind, string Key, int Round, AccountNo? Account)
    : ProposalEvent(Kind, Key, Round, Account);

/// <summary>
/// It was approved, but what it would have done was not what had been proposed any more, so nothing was done.
/// </summary>
[StoredAs("proposal-failed.v1")]
public sealed record ProposalFailed(string Kind, string Key, int Round, AccountNo? Account, string By, string Code)
    : ProposalEvent(Kind, Key, Round, Account);
