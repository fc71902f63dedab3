using Billing.Platform;

namespace Billing.Payments;

/// <summary>Consumers and the tables they fill: the accounts that partners may ask about, and what they owe.</summary>
public static class Inbound
{
    public static readonly InboundMap Map = new InboundMap()
        .Rows<OnAccountsChanged>("account")
        .Events<OnInvoicesIssued>()
        .Events<OnCreditsIssued>();
}
