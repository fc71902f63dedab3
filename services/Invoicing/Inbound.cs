using Billing.Platform;

namespace Billing.Invoicing;

/// <summary>What comes in: who is supplied with what, on which plans, and the money that moved.</summary>
public static class Inbound
{
    private const string Plans = "plan_version", Statement = "statement_entry";

    public static readonly InboundMap Map = new InboundMap()
        .Rows<OnAccountsChanged>("account_supply", "meter_picture")
        .Rows<OnPlanPublished>(Plans)
        .Rows<OnPlanSuperseded>(Plans)
        .Rows<OnPlanWithdrawn>(Plans)
        .Rows<OnPaymentsReceived>(Statement)
        .Rows<OnPaymentsReversed>(Statement)
        .Rows<OnAdvancesApplied>(Statement)
        .Rows<OnAdvancesRefunded>(Statement);
}
