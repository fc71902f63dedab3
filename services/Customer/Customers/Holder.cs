using System.Diagnostics;
using Billing.Contracts;
using Billing.Platform;

namespace Billing.Customers;

/// <summary>
/// A customer: a person or an organisation that holds contracts. Names and telephone numbers are stored only in this
/// service and leave it only masked.
/// </summary>
public abstract record Holder
{
    public sealed record Unknown : Holder;

    public sealed record Registered(string Name, string Phone, HolderKind Kind) : Holder;

    public static readonly StreamType<Holder, HolderEvent> Streams = new(
        "customer", new Unknown(), Evolve);

    public static StreamName<Holder, HolderEvent> Stream(CustomerNo customer) => Streams.Named(customer.Value);

    internal static Holder Evolve(Holder state, HolderEvent @event) => (state, @event) switch
    {
        (Unknown, CustomerRegistered e) => new Registered(e.Name, e.Phone, e.Kind),
        _ => throw new UnreachableException($"{@event.GetType().Name} cannot follow {state.GetType().Name}."),
    };
}

public abstract record HolderEvent
{
    private protected HolderEvent()
    {
    }
}

/// <summary>A person or an organisation was registered as a customer.</summary>
[StoredAs("customer-registered.v1")]
public sealed record CustomerRegistered(CustomerNo Customer, string Name, string Phone, HolderKind Kind) : HolderEvent;
