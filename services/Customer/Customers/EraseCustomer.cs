using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Billing.Customers;

/// <summary>
/// Erases the personal data of a customer: the key is destroyed, and with it everything that was ever sealed. The
/// accounts, their money and their history stay, under a neutral mark instead of the name. While a contract runs, it is
/// the lawful ground for the data, so erasure is refused; until contracts can be ended here, whoever erases states the
/// day on which the last one ended (docs/adr/0039).
/// </summary>
/// <param name="Customer">The number.</param>
/// <param name="ContractsEndedOn">The day on which the last contract ended, inclusive; null for a customer without
/// accounts.</param>
/// <param name="Reason">The request or rule that it rests on.</param>
/// <param name="LastOpenedOn">The first day of the youngest contract; null for a customer without accounts.</param>
/// <param name="Today">Today's business date.</param>
public sealed record EraseCustomer(
    CustomerNo Customer, DateOnly? ContractsEndedOn, string Reason, DateOnly? LastOpenedOn, DateOnly Today)
    : ICommand<Holder, HolderEvent>
{
    public static readonly Rejection ContractsRun = Rejection.Conflict(
        "customer-contracts-run", "The customer holds accounts: say on which day the last contract ended.");

    public static readonly Rejection EndedOnInvalid = Rejection.Invalid(
        "customer-ended-on-invalid", "Contracts end between the first day of the youngest one and today.");

    /// <inheritdoc/>
    public Rejection? Refuse() => Reasons.IsGiven(Reason) ? null : CorrectCustomer.ReasonMissing;

    public Decision<HolderEvent> Decide(Holder state) => state switch
    {
        _ when Refuse() is { } wrong => wrong,
        Holder.Unknown => RegisterCustomerEndpoint.CustomerUnknown,
        Holder.Erased => [],
        _ when LastOpenedOn is not null && ContractsEndedOn is null => ContractsRun,
        _ when ContractsEndedOn > Today || ContractsEndedOn < LastOpenedOn => EndedOnInvalid,
        _ => [new CustomerErased(Customer, ContractsEndedOn, Reason)],
    };
}

public static class EraseCustomerEndpoint
{
    public static void MapEraseCustomer(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/customers/{customer}/erasure", Handle)
            .WithName(nameof(EraseCustomer)).RequireRight(Right.EraseCustomer).RequirePerson()
            .NeedsPlace(everywhere: true)
            .WithSummary("Erases the personal data of a customer for ever.")
            .Refuses(typeof(EraseCustomer)).Refuses(
                CorrectCustomer.ReasonMissing, RegisterCustomerEndpoint.CustomerUnknown);

    private static async Task<Results<Ok, ProblemHttpResult>> Handle(
        CustomerNo customer, EraseCustomerRequest body, CustomerData data, TimeProvider clock,
        CancellationToken cancellation)
    {
        var command = new EraseCustomer(customer, body.ContractsEndedOn, body.Reason, null, clock.Today());
        if (command.Refuse() is { } wrong)
            return wrong.ToProblem();
        var (rejection, _) = await data.Execute(
            customer,
            locked => command with
            {
                LastOpenedOn = locked.Accounts.Select(account => (DateOnly?)account.Contract.OpenedOn).Max(),
            },
            account => account.Erased(body.Reason),
            async connection =>
            {
                await CustomerKeys.Destroy(connection, customer.Value, cancellation);
                await CustomerSearch.Erase(connection, customer, cancellation);
                await PersonalDocuments.Erase(connection, customer.Value, cancellation);
            },
            isNew: false, cancellation);
        return rejection is null ? TypedResults.Ok() : rejection.ToProblem();
    }
}
