using Billing.Contracts;
using Billing.Platform;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Billing.Payments;

/// <summary>What an account owes: a partner asks before it pays, and our own people ask for the balance.</summary>
public static class QueryBill
{
    /// <summary>What an account owes in one line.</summary>
    /// <param name="Account">The account.</param>
    /// <param name="Due">The sum of what is open.</param>
    /// <param name="Advance">Money held that stands against no invoice.</param>
    /// <param name="Balance">Due less advance; negative when the customer has money here.</param>
    public sealed record AccountBalance(AccountNo Account, Money Due, Money Advance, Money Balance);

    public static void MapQueryBill(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/partners/{partner}/bills/{account}", OfPartner).WithName(nameof(QueryBill));
        routes.MapGet("/accounts/{account}/balance", OfAccount).WithName("AccountBalance");
    }

    private static async Task<Results<Ok<Bill>, ProblemHttpResult>> OfPartner(
        string partner, AccountNo account, Partners partners, BillReader bills, CancellationToken cancellation)
    {
        if (await partners.Find(partner, cancellation) is null)
            return Partners.Unknown.ToProblem();
        return await bills.Read(account, cancellation) is { } bill
            ? TypedResults.Ok(bill)
            : ReceivePayment.AccountUnknown.ToProblem();
    }

    private static async Task<Results<Ok<AccountBalance>, ProblemHttpResult>> OfAccount(
        AccountNo account, BillReader bills, CancellationToken cancellation) =>
        await bills.Read(account, cancellation) is { } bill
            ? TypedResults.Ok(new AccountBalance(account, bill.Due, bill.Advance, bill.Due - bill.Advance))
            : ReceivePayment.AccountUnknown.ToProblem();
}
