using Billing.Platform;
using Published = Billing.Contracts.Collections;

namespace Billing.Collections;

/// <summary>The events this service publishes. That an account cleared its arrears is kept private.</summary>
public static class Outbound
{
    public static readonly OutboundMap Map = new OutboundMap()
        .Pack<BecameOverdue, Published.AccountOverdue, Published.AccountsOverdue>(
            (e, origin) => new(e.Account, e.AsOf, e.Since, e.Overdue, origin),
            items => new(items));
}
