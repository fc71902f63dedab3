using Billing.Platform;
using Published = Billing.Contracts.Collections;

namespace Billing.Collections;

/// <summary>What leaves this service. That an account is clear again is our own bookkeeping and stays here.</summary>
public static class Outbound
{
    public static readonly OutboundMap Map = new OutboundMap()
        .Pack<BecameOverdue, Published.AccountOverdue, Published.AccountsOverdue>(
            (e, origin) => new(e.Account, e.AsOf, e.Since, e.Overdue, origin),
            items => new(items));
}
