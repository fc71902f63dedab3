using System.Diagnostics;
using System.Text.Json;
using Billing.Contracts;
using Billing.Contracts.Api;

namespace Billing.Platform;

/// <summary>
/// A proposal: an act that one person asks for and another one approves (docs/adr/0042). A service that has such acts
/// declares <see cref="Streams"/> in a static field of its own.
/// </summary>
/// <param name="Made">The last round as it was proposed; null when nothing was proposed.</param>
/// <param name="Status">The status of the last round.</param>
public sealed record Proposal(ProposalMade? Made, ProposalStatus Status)
{
    /// <summary>All proposals of a service.</summary>
    public static readonly StreamType<Proposal, ProposalEvent> Streams = new(
        "proposal", new(null, ProposalStatus.Open), Evolve, ProposalRows.Project, ProposalRows.Table);

    /// <summary>Who decided the last round, or withdrew it; null while it is open.</summary>
    public string? DecidedBy { get; init; }

    /// <summary>The stream of a proposal.</summary>
    /// <param name="kind">The kind of act.</param>
    /// <param name="key">What it is about.</param>
    public static StreamName<Proposal, ProposalEvent> Stream(string kind, string key) =>
        Streams.Named($"{kind}/{key}");

    /// <summary>Whether two names are those of one person: letters differ in case only.</summary>
    internal static bool IsSamePerson(string one, string other) =>
        string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether what is asked for, and what it would change, is what was proposed.</summary>
    internal bool Says(JsonElement request, IReadOnlyList<ProposedChange> changes) => Made is { } made
        && JsonElement.DeepEquals(made.Request, request) && made.Changes.SequenceEqual(changes);

    /// <summary>Whether it can be decided at a moment.</summary>
    internal bool IsOpen(DateTimeOffset now) =>
        Made is { } made && Status == ProposalStatus.Open && now < made.ExpiresAt;

    private static Proposal Evolve(Proposal state, ProposalEvent @event) => @event switch
    {
        ProposalMade e => new(e, ProposalStatus.Open),
        ProposalApproved e => state with { Status = ProposalStatus.Approved, DecidedBy = e.By },
        ProposalRejected e => state with { Status = ProposalStatus.Rejected, DecidedBy = e.By },
        ProposalWithdrawn e => state with { Status = ProposalStatus.Withdrawn, DecidedBy = e.By },
        ProposalExpired => state with { Status = ProposalStatus.Expired },
        ProposalFailed e => state with { Status = ProposalStatus.Failed, DecidedBy = e.By },
        _ => throw new UnreachableException($"{@event.GetType().Name} is no event of a proposal."),
    };
}

/// <summary>The table of proposals: of each, the last round.</summary>
internal static class ProposalRows
{
    public static readonly Table<(ProposalMade Made, ProposalStatus Status, ProposalEvent? End, DateTimeOffset At)>
        Table = new Table<(ProposalMade Made, ProposalStatus Status, ProposalEvent? End, DateTimeOffset At)>("proposal")
            .Key("kind", row => row.Made.Kind)
            .Key("key", row => row.Made.Key)
            .Column("round", row => row.Made.Round)
            .Column("status", row => row.Status.ToString())
            .JsonColumn("request", row => row.Made.Request.GetRawText())
            .JsonColumn("changes", row => JsonSerializer.Serialize(row.Made.Changes, Wire.Stored))
            .Column("amount_fen", row => row.Made.Amount?.Fen)
            .Column("account_no", row => row.Made.Account?.Value)
            .Column("reason", row => row.Made.Reason)
            .Column("proposed_by", row => row.Made.By)
            .Column("proposed_at", row => row.Made.At.ToUniversalTime())
            .Column("expires_at", row => row.Made.ExpiresAt.ToUniversalTime())
            .Column("digest", row => row.Made.Digest)
            .Column("decided_by", row => DecidedBy(row.End))
            .Column("decided_at", row => row.End is null ? (DateTimeOffset?)null : row.At.ToUniversalTime())
            .Column("decision_reason", row => (row.End as ProposalRejected)?.Reason
                ?? (row.End as ProposalWithdrawn)?.Reason)
            .Column("failure", row => (row.End as ProposalFailed)?.Code);

    public static void Project(Rows rows, Recorded<ProposalEvent> recorded, Proposal before, Proposal after) =>
        rows.Upsert(Table, (
            after.Made!, after.Status, recorded.Event is ProposalMade ? null : recorded.Event, recorded.At));

    private static string? DecidedBy(ProposalEvent? end) => end switch
    {
        ProposalApproved e => e.By,
        ProposalRejected e => e.By,
        ProposalWithdrawn e => e.By,
        ProposalFailed e => e.By,
        _ => null,
    };
}
