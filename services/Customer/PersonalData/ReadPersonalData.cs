using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Billing.Customers;

/// <summary>
/// Shows personal data in clear: to whoever has the right and gives a reason, which is recorded first. The reason is a
/// header, percent-encoded UTF-8, because addresses of requests are logged by whoever passes them on.
/// </summary>
public static class ReadPersonalData
{
    public static readonly Rejection ReasonMissing = Rejection.Invalid(
        "read-reason-missing",
        $"Say why in the header Reason: 1 to {Reasons.Longest} characters, percent-encoded UTF-8.")
        with { Status = 400 };

    public static void MapReadPersonalData(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/customers/{customer}/personal-data", OfCustomer)
            .WithName("CustomerPersonalData").RequireRight(Right.ReadPersonalData).NeedsPlace()
            .WithSummary("Returns name and telephone number of a customer in clear; the read is recorded.")
            .Refuses(ReasonMissing, RegisterCustomerEndpoint.CustomerUnknown, RegisterCustomer.Erased);
        routes.MapGet("/accounts/{account}/personal-data", OfAccount)
            .WithName("AccountPersonalData").RequireRight(Right.ReadPersonalData)
            .WithSummary("Returns the address of an account in clear; the read is recorded.")
            .Refuses(ReasonMissing, ChangeElectricity.AccountUnknown, RegisterCustomer.Erased);
    }

    private static async Task<Results<Ok<CustomerPersonalData>, ProblemHttpResult>> OfCustomer(
        CustomerNo customer, [FromHeader(Name = "Reason")] string reason, EventStore store, CustomerKeys keys,
        PersonalDataReads reads, AuditLog audit, CancellationToken cancellation)
    {
        if (Given(reason) is not { } why)
            return ReasonMissing.ToProblem();
        var (state, _) = await store.Load(Holder.Stream(customer), cancellation);
        if (state is Holder.Unknown)
            return RegisterCustomerEndpoint.CustomerUnknown.ToProblem();
        if (state is not Holder.Registered known || await keys.Find(customer.Value, cancellation) is not { } key)
            return RegisterCustomer.Erased.ToProblem();
        await reads.Record(customer.Value, ["name", "phone"], why, cancellation);
        await audit.Read($"customer-{customer}", why, 1, cancellation);
        return TypedResults.Ok(new CustomerPersonalData(
            customer, key.OpenName(known.Name), key.OpenPhone(known.Phone)));
    }

    private static async Task<Results<Ok<AccountPersonalData>, ProblemHttpResult>> OfAccount(
        AccountNo account, [FromHeader(Name = "Reason")] string reason, EventStore store, CustomerKeys keys,
        PersonalDataReads reads, AuditLog audit, CancellationToken cancellation)
    {
        if (Given(reason) is not { } why)
            return ReasonMissing.ToProblem();
        var (state, _) = await store.Load(Account.Stream(account), cancellation);
        if (state is not Account.Open open)
            return ChangeElectricity.AccountUnknown.ToProblem();
        var customer = open.Contract.Customer;
        if (await keys.Find(customer.Value, cancellation) is not { } key)
            return RegisterCustomer.Erased.ToProblem();
        await reads.Record(customer.Value, ["address"], why, cancellation);
        await audit.Read($"account-{account}", why, 1, cancellation);
        return TypedResults.Ok(new AccountPersonalData(
            account, customer, key.OpenAddress(account, open.Opening.Address)));
    }

    /// <summary>The reason of a header; null when it gives none.</summary>
    private static string? Given(string header) =>
        Uri.UnescapeDataString(header) is var reason && Reasons.IsGiven(reason) ? reason : null;
}
