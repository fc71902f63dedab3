using Billing.Platform;

namespace Billing.Collections;

/// <summary>Consumers and the tables they fill: receivables, and what was paid of them.</summary>
public static class Inbound
{
    private static readonly string[] Credited = ["heard", "receivable", "credit"];
    private static readonly string[] Moved = ["heard", "receivable", "allocation", "advance", "account_advance"];

    public static readonly InboundMap Map = new InboundMap()
        .Rows<OnInvoicesIssued>("heard", "receivable")
        .Rows<OnCreditsIssued>(Credited)
        .Rows<OnPaymentsReceived>(Moved)
        .Rows<OnAdvancesApplied>(Moved)
        .Rows<OnPaymentsReversed>(Moved)
        .Rows<OnAdvancesRefunded>(Moved);
}
