using Billing.Platform;

namespace Billing.Customers;

/// <summary>What comes in: facts of other services for the timeline, and the plans that accounts may be on.</summary>
public static class Inbound
{
    private const string Timeline = "account_timeline", Plans = "plan_version";

    public static readonly InboundMap Map = new InboundMap()
        .Rows<OnInvoicesIssued>(Timeline)
        .Rows<OnCreditsIssued>(Timeline)
        .Rows<OnPaymentsReceived>(Timeline)
        .Rows<OnAdvancesApplied>(Timeline)
        .Rows<OnPaymentsReversed>(Timeline)
        .Rows<OnAdvancesRefunded>(Timeline)
        .Rows<OnAccountsOverdue>(Timeline)
        .Rows<OnPlanPublished>(Plans)
        .Rows<OnPlanSuperseded>(Plans)
        .Rows<OnPlanWithdrawn>(Plans);
}
