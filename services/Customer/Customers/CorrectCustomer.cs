using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Billing.Customers;

/// <summary>
/// Corrects what is known of a customer: it was wrong, or it has changed. The former facts stay in the history, where
/// an erasure reaches them, too. The masked name of every account of the customer follows, and with it every replica.
/// </summary>
/// <param name="Customer">The number.</param>
/// <param name="Name">The full name as it should be.</param>
/// <param name="Phone">The telephone number as it should be; empty when there is none.</param>
/// <param name="Kind">Person or company.</param>
/// <param name="Reason">The document or ticket that it rests on.</param>
/// <param name="Key">The customer's key; null when there is none.</param>
public sealed record CorrectCustomer(
    CustomerNo Customer, string Name, string Phone, HolderKind Kind, string Reason, CustomerKey? Key)
    : ICommand<Holder, HolderEvent>
{
    public static readonly Rejection ReasonMissing = Rejection.Invalid(
        "customer-reason-missing", $"A reason is 1 to {Reasons.Longest} characters, at least one of them visible.");

    /// <inheritdoc/>
    public Rejection? Refuse() =>
        RegisterCustomer.Check(Name, Phone, Kind) ?? (Reasons.IsGiven(Reason) ? null : ReasonMissing);

    public Decision<HolderEvent> Decide(Holder state) => (state, Key) switch
    {
        _ when Refuse() is { } wrong => wrong,
        (Holder.Unknown, _) => RegisterCustomerEndpoint.CustomerUnknown,
        (Holder.Registered known, { } key) when Correction(key) is var correction => IsKnown(known, correction)
            ? []
            : [correction],
        _ => RegisterCustomer.Erased,
    };

    private static bool IsKnown(Holder.Registered known, CustomerCorrected to) =>
        (known.Name, known.Phone, known.Kind) == (to.Name, to.Phone, to.Kind);

    private CustomerCorrected Correction(CustomerKey key) => new(
        Customer, key.SealName(Name), key.SealPhone(Phone), Kind, Mask.Name(Name, Kind), Reason);
}

public static class CorrectCustomerEndpoint
{
    public static void MapCorrectCustomer(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/customers/{customer}/corrections", Handle)
            .WithName(nameof(CorrectCustomer)).RequireRight(Right.CorrectCustomer).NeedsPlace(everywhere: true)
            .WithSummary("Corrects name, telephone number and kind of a customer.")
            .Refuses(typeof(CorrectCustomer)).Refuses(
                RegisterCustomer.NameInvalid, RegisterCustomer.PhoneInvalid, RegisterCustomer.KindUnknown,
                RegisterCustomer.Erased, RegisterCustomerEndpoint.CustomerUnknown);

    private static async Task<Results<Ok, ProblemHttpResult>> Handle(
        CustomerNo customer, CorrectCustomerRequest body, CustomerData data, CustomerSearch search,
        CancellationToken cancellation)
    {
        var command = new CorrectCustomer(customer, body.Name, body.Phone, body.Kind, body.Reason, null);
        if (command.Refuse() is { } wrong)
            return wrong.ToProblem();
        var found = await search.Entry(customer, body.Name, body.Phone, cancellation);
        var masked = Mask.Name(body.Name, body.Kind);
        var (rejection, _) = await data.Execute(
            customer, locked => command with { Key = locked.Key },
            account => account.Corrected(masked, body.Reason),
            connection => CustomerSearch.Write(connection, [found], cancellation), isNew: false, cancellation);
        return rejection is null ? TypedResults.Ok() : rejection.ToProblem();
    }
}
