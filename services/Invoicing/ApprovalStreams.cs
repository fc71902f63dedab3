using Billing.Platform;

namespace Billing.Invoicing;

/// <summary>The streams in which this service keeps what takes two people (docs/adr/0042).</summary>
internal static class ApprovalStreams
{
    public static readonly StreamType<Proposal, ProposalEvent> Proposals = Proposal.Streams;

    public static readonly StreamType<LimitOfKind, ApprovalLimitChanged> Limits = LimitOfKind.Streams;
}
