using Billing.Platform;

namespace Billing.Invoicing;

/// <summary>Consumers and the tables they fill: accounts and their supplies, plans, and movements of money.</summary>
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
