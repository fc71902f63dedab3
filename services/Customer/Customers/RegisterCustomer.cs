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
public sealed record RegisterCustomer(CustomerNo Customer, string Name, string Phone, HolderKind? Kind)
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

    /// <inheritdoc/>
    public Rejection? Refuse() =>
        !PlainText.IsValid(Name, 100) ? NameInvalid
        : !IsPhone(Phone) ? PhoneInvalid
        : Kind is { } kind && !Enum.IsDefined(kind) ? KindUnknown
        : null;

    public Decision<HolderEvent> Decide(Holder state) => state switch
    {
        _ when Refuse() is { } wrong => wrong,
        Holder.Unknown => [new CustomerRegistered(Customer, Name, Phone, Kind ?? Mask.KindOf(Name))],
        Holder.Registered known when Repeats(known) => [],
        _ => RegisteredOtherwise,
    };

    private bool Repeats(Holder.Registered known) => known == new Holder.Registered(Name, Phone, Kind ?? known.Kind);

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
            .WithName(nameof(RegisterCustomer)).RequireRight(Right.RegisterCustomer).ForEveryScope()
            .WithSummary("Registers a customer.")
            .Refuses(typeof(RegisterCustomer));
        routes.MapGet("/customers/{customer}", Get).WithName("Customer").RequireRight(Right.ReadCustomers)
            .WithSummary("Returns a customer with the full name.")
            .Refuses(CustomerUnknown);
    }

    private static async Task<Results<Created, Ok, ProblemHttpResult>> Put(
        CustomerNo customer, RegisterCustomerRequest body, EventStore store, CancellationToken cancellation)
    {
        var command = new RegisterCustomer(customer, body.Name, body.Phone, body.Kind);
        var executed = await store.Execute(Holder.Stream(customer), command, cancellation);
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
        return state is Holder.Registered known
            ? TypedResults.Ok(new CustomerDetails(customer, known.Name, known.Phone, known.Kind))
            : CustomerUnknown.ToProblem();
    }
}
