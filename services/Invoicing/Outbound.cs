using Billing.Contracts;
using Billing.Platform;
using Published = Billing.Contracts.Invoicing;

namespace Billing.Invoicing;

/// <summary>The events this service publishes.</summary>
public static class Outbound
{
    public static readonly OutboundMap Map = new OutboundMap()
        .Pack<InvoiceIssued, Published.InvoiceIssued, Published.InvoicesIssued>(
            (e, origin) => new(
                e.Invoice, e.Account, e.Utility, e.Period, e.Region, e.Project, e.Class, e.Amount, e.IssuedOn, e.DueOn,
                origin),
            items => new(items))
        .Pack<CreditIssued, Published.CreditIssued, Published.CreditsIssued>(
            (e, origin) => new(
                e.Note, e.Invoice, e.Account, e.Amount, e.Reason, e.IssuedOn, origin, e.Net, e.Tax),
            items => new(items))
        .Single<RunPosted, Published.RunPosted>(
            (e, origin) => new(
                e.Run, e.Utility, e.Period, e.Cohort, e.Issued, e.Excepted, e.Excluded, e.Amount, origin),
            mustBeHeard: false)
        .Pack<ProposalMade, Published.CreditProposed, Published.CreditsProposed>(
            (e, origin) => IsCredit(e)
                ? new(e.Key, e.Account!.Value, e.Amount!.Value, e.Reason, e.ExpiresAt, origin)
                : null,
            items => new(items))
        .Pack<ProposalRejected, Published.CreditDropped, Published.CreditsDropped>(
            (e, origin) => Dropped(e, ProposalStatus.Rejected, e.Reason, origin), items => new(items))
        .Pack<ProposalWithdrawn, Published.CreditDropped, Published.CreditsDropped>(
            (e, origin) => Dropped(e, ProposalStatus.Withdrawn, e.Reason, origin), items => new(items))
        .Pack<ProposalExpired, Published.CreditDropped, Published.CreditsDropped>(
            (e, origin) => Dropped(e, ProposalStatus.Expired, null, origin), items => new(items))
        .Pack<ProposalFailed, Published.CreditDropped, Published.CreditsDropped>(
            (e, origin) => Dropped(e, ProposalStatus.Failed, null, origin), items => new(items));

    private static bool IsCredit(ProposalEvent e) => e.Kind == CreditKind.Name;

    private static Published.CreditDropped? Dropped(
        ProposalEvent e, ProposalStatus status, string? reason, Origin origin) =>
        IsCredit(e) ? new(e.Key, e.Account!.Value, status, reason, origin) : null;
}
