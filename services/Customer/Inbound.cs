using System.Reflection;
using Billing.Contracts;
using Billing.Platform;

namespace Billing.Customers;

/// <summary>
/// Consumers and the tables they fill: every public fact about an account, and the plans that accounts may be on.
/// </summary>
public static class Inbound
{
    private const string Timeline = "account_timeline", Plans = "plan_version";

    public static readonly InboundMap Map = From(typeof(AccountNo).Assembly);

    /// <summary>The same for the facts of another assembly of contracts.</summary>
    public static InboundMap From(Assembly contracts)
    {
        var map = new InboundMap().Rows<OnPlanPublished>(Plans).Rows<OnPlanSuperseded>(Plans)
            .Rows<OnPlanWithdrawn>(Plans);
        foreach (var (message, fact) in AccountFacts.In(contracts, Outbound.Map))
            map.Rows(typeof(OnAccountFacts<,>).MakeGenericType(message, fact), Timeline);
        return map;
    }
}
