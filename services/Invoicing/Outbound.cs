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
            mustBeHeard: false);
}
