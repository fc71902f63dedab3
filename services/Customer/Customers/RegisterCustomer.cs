using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Billing.Customers;

/// <summary>
/// Registers a customer under the number given by the caller. The number identifies the stream, so a repetition changes
/// nothing, and the number cannot be reused for another customer.
/// </summary>
/// <param name="Customer">The number.</param>
/// <param name="Name">The full name.</param>
/// <param name="Phone">A telephone number; empty when there is none.</param>
/// <param name="Kind">Person or company; null when the source does not say, and it is derived from the name.</param>
/// <param name="Key">The customer's key; null once it was destroyed.</param>
public sealed record RegisterCustomer(
    CustomerNo Customer, string Name, string Phone, HolderKind? Kind, CustomerKey? Key)
    : ICommand<Holder, HolderEvent>
{
    public static readonly Rejection NameInvalid = Rejection.Invalid(
        "customer-name-invalid", "A name is 1 to 100 characters on one line, without blanks at its ends.");

    public static readonly Rejection PhoneInvalid = Rejection.Invalid(
        "customer-phone-invalid", "A telephone number is 3 to 20 digits, blanks, + or -, or empty.");

    public static readonly Rejection KindUnknown = Rejection.Invalid(
        "customer-kind-unknown", "A customer is a Person or a Company.");

    public static readonly Rejection RegisteredOtherwise = Rejection.Conflict(
        "customer-registered-otherwise", "This number already stands for a customer with other facts.");

    public static readonly Rejection Erased = Rejection.Conflict(
        "customer-erased", "The customer's personal data was erased; the number is not given out again.");

    /// <inheritdoc/>
    public Rejection? Refuse() => Check(Name, Phone, Kind);

    /// <summary>The refusal of facts about a customer that are wrong in every state, or null.</summary>
    internal static Rejection? Check(string name, string phone, HolderKind? kind) =>
        !PlainText.IsValid(name, 100) ? NameInvalid
        : !IsPhone(phone) ? PhoneInvalid
        : kind is { } said && !Enum.IsDefined(said) ? KindUnknown
        : null;

    public Decision<HolderEvent> Decide(Holder state) => (state, Key) switch
    {
        _ when Refuse() is { } wrong => wrong,
        (Holder.Erased, _) or (_, null) => Erased,
        (Holder.Unknown, { } key) => [Registration(key, Kind ?? Mask.KindOf(Name))],
        (Holder.Registered known, { } key) when Repeats(known, key) => [],
        _ => RegisteredOtherwise,
    };

    /// <summary>Whether these are the facts of the registration, or the present ones after a correction.</summary>
    private bool Repeats(Holder.Registered known, CustomerKey key)
    {
        var (first, mine) = (known.Registration, Registration(key, Kind ?? known.Kind));
        return (mine.Name, mine.Phone, mine.Kind) == (known.Name, known.Phone, known.Kind)
            || (mine.Name, mine.Phone, Kind ?? first.Kind) == (first.Name, first.Phone, first.Kind);
    }

    private CustomerRegistered Registration(CustomerKey key, HolderKind kind) =>
        new(Customer, key.SealName(Name), key.SealPhone(Phone), kind, Mask.Name(Name, kind));

    private static bool IsPhone(string text) =>
        text.Length is 0 or (>= 3 and <= 20) && text.All(c => char.IsAsciiDigit(c) || c is ' ' or '+' or '-');
}

public static class RegisterCustomerEndpoint
{
    public static readonly Rejection CustomerUnknown = Rejection.NotFound(
        "customer-unknown", "There is no customer with this number.");

    public static void MapRegisterCustomer(this IEndpointRouteBuilder routes)
    {
        routes.MapPut("/customers/{customer}", Put)
            .WithName(nameof(RegisterCustomer)).RequireRight(Right.RegisterCustomer)
            .WithSummary("Registers a customer.")
            .Refuses(typeof(RegisterCustomer));
        routes.MapGet("/customers/{customer}", Get).WithName("Customer").RequireRight(Right.ReadCustomers)
            .WithSummary("Returns a customer with the name masked.")
            .Refuses(CustomerUnknown);
    }

    private static async Task<Results<Created, Ok, ProblemHttpResult>> Put(
        CustomerNo customer, RegisterCustomerRequest body, CustomerData data, CustomerSearch search,
        CancellationToken cancellation)
    {
        var command = new RegisterCustomer(customer, body.Name, body.Phone, body.Kind, null);
        if (command.Refuse() is { } wrong)
            return wrong.ToProblem();
        var found = await search.Entry(customer, body.Name, body.Phone, cancellation);
        var executed = await data.Execute(
            customer, locked => command with { Key = locked.Key }, follow: null,
            connection => CustomerSearch.Write(connection, [found], cancellation), isNew: true, cancellation);
        return executed switch
        {
            { Rejection: { } rejection } => rejection.ToProblem(),
            { Changed: true } => TypedResults.Created($"/customers/{customer}"),
            _ => TypedResults.Ok(),
        };
    }

    private static async Task<Results<Ok<CustomerDetails>, ProblemHttpResult>> Get(
        CustomerNo customer, EventStore store, CancellationToken cancellation)
    {
        var (state, _) = await store.Load(Holder.Stream(customer), cancellation);
        return Describe(customer, state) is { } details ? TypedResults.Ok(details) : CustomerUnknown.ToProblem();
    }

    /// <summary>A customer as shown to everybody who serves customers; null for one who is not registered.</summary>
    internal static CustomerDetails? Describe(CustomerNo customer, Holder state) => state switch
    {
        Holder.Registered known => new(customer, known.MaskedName, known.Kind, false),
        Holder.Erased erased => new(customer, Mask.Erased, erased.Kind, true),
        _ => null,
    };
}
