using Billing.Contracts;
using Billing.Platform;
using Published = Billing.Contracts.Payments;

namespace Billing.Payments;

/// <summary>
/// The events this service publishes. Invoices and credits are not among them: Invoicing publishes those itself.
/// </summary>
internal static class Outbound
{
    public static readonly OutboundMap Map = new OutboundMap()
        .Pack<PaymentReceived, Published.PaymentReceived, Published.PaymentsReceived>(
            (e, origin) => new(
                e.Payment, e.Account, e.Amount, e.Channel, e.Partner, e.BankDate, e.Receipt, Public(e.Allocations),
                e.Advance, origin),
            items => new(items))
        .Pack<AdvanceApplied, Published.AdvanceApplied, Published.AdvancesApplied>(
            (e, origin) => new(e.Account, Public(e.Allocations), e.Advance, origin),
            items => new(items))
        .Pack<PaymentReversed, Published.PaymentReversed, Published.PaymentsReversed>(
            (e, origin) => new(
                e.Payment, e.Account, e.Amount, e.Channel, e.Partner, e.ReversedOn, e.Reason, Public(e.Allocations),
                e.Advance, origin, e.Approval is { AfterDayEnd: true }),
            items => new(items))
        .Pack<AdvanceRefunded, Published.AdvanceRefunded, Published.AdvancesRefunded>(
            (e, origin) => new(e.Refund, e.Account, e.Amount, e.RefundedOn, e.Reason, [], -e.Amount, origin),
            items => new(items))
        .Pack<ReversalRequested, Published.ReversalRequested, Published.ReversalsRequested>(
            (e, origin) => new(e.Request, e.Payment, e.Account, e.Amount, e.Reason, e.RequestedOn, origin),
            items => new(items))
        .Pack<ReversalRejected, Published.ReversalRejected, Published.ReversalsRejected>(
            (e, origin) => new(e.Request, e.Payment, e.Account, e.Reason, e.RejectedOn, origin),
            items => new(items))
        .Pack<ProposalMade, Published.RefundProposed, Published.RefundsProposed>(
            (e, origin) => IsRefund(e)
                ? new(e.Key, e.Account!.Value, e.Amount!.Value, e.Reason, e.ExpiresAt, origin)
                : null,
            items => new(items))
        .Pack<ProposalRejected, Published.RefundDropped, Published.RefundsDropped>(
            (e, origin) => Dropped(e, ProposalStatus.Rejected, e.Reason, origin), items => new(items))
        .Pack<ProposalWithdrawn, Published.RefundDropped, Published.RefundsDropped>(
            (e, origin) => Dropped(e, ProposalStatus.Withdrawn, e.Reason, origin), items => new(items))
        .Pack<ProposalExpired, Published.RefundDropped, Published.RefundsDropped>(
            (e, origin) => Dropped(e, ProposalStatus.Expired, null, origin), items => new(items))
        .Pack<ProposalFailed, Published.RefundDropped, Published.RefundsDropped>(
            (e, origin) => Dropped(e, ProposalStatus.Failed, null, origin), items => new(items));

    // Of the proposals only refunds are public: a reversal has facts of its own, and a partner's terms are nobody's.
    private static bool IsRefund(ProposalEvent e) => e.Kind == RefundKind.Name;

    private static Published.RefundDropped? Dropped(
        ProposalEvent e, ProposalStatus status, string? reason, Origin origin) =>
        IsRefund(e) ? new(e.Key, e.Account!.Value, status, reason, origin) : null;

    private static IReadOnlyList<Published.Allocation> Public(IReadOnlyList<Allocation> allocations) =>
        [.. allocations.Select(allocation => new Published.Allocation(allocation.Invoice, allocation.Amount))];
}
