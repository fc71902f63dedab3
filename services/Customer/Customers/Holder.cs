using System.Diagnostics;
using Billing.Contracts;
using Billing.Platform;

namespace Billing.Customers;

/// <summary>
/// A customer: a person or an organisation that holds contracts. Names and telephone numbers are stored only in this
/// service, encrypted under the customer's key (docs/adr/0039), and leave it only masked.
/// </summary>
public abstract record Holder
{
    public sealed record Unknown : Holder;

    /// <summary>
    /// A registered customer. The registration is kept beside the present facts, so that the same registration is
    /// recognised after a correction.
    /// </summary>
    public sealed record Registered(
        CustomerRegistered Registration, Sealed Name, Sealed Phone, HolderKind Kind, string MaskedName) : Holder;

    /// <summary>A customer whose personal data was erased; the number is not given out again.</summary>
    public sealed record Erased(HolderKind Kind) : Holder;

    public static readonly StreamType<Holder, HolderEvent> Streams = new(
        "customer", new Unknown(), Evolve);

    public static StreamName<Holder, HolderEvent> Stream(CustomerNo customer) => Streams.Named(customer.Value);

    internal static Holder Evolve(Holder state, HolderEvent @event) => (state, @event) switch
    {
        (Unknown, CustomerRegistered e) => new Registered(e, e.Name, e.Phone, e.Kind, e.MaskedName),
        (Registered known, CustomerCorrected e) =>
            known with { Name = e.Name, Phone = e.Phone, Kind = e.Kind, MaskedName = e.MaskedName },
        (Registered known, CustomerErased) => new Erased(known.Kind),
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
[StoredAs("customer-registered.v2")]
public sealed record CustomerRegistered(
    CustomerNo Customer, Sealed Name, Sealed Phone, HolderKind Kind, string MaskedName) : HolderEvent;

/// <summary>What is known of a customer was wrong or has changed; all facts as they are now.</summary>
[StoredAs("customer-corrected.v1")]
public sealed record CustomerCorrected(
    CustomerNo Customer, Sealed Name, Sealed Phone, HolderKind Kind, string MaskedName, string Reason) : HolderEvent;

/// <summary>The key of the customer was destroyed: nothing personal can be read any more.</summary>
[StoredAs("customer-erased.v1")]
public sealed record CustomerErased(CustomerNo Customer, DateOnly? ContractsEndedOn, string Reason) : HolderEvent;
