using Billing.Platform;

namespace Billing.Collections;

/// <summary>What comes in: what is owed, and what was paid of it.</summary>
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
