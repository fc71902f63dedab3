using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Billing.Payments;

/// <summary>
/// Queries what an account owes: partners ask for the bill before they pay, the company's own staff for the balance.
/// </summary>
public static class QueryBill
{
    public static void MapQueryBill(this IEndpointRouteBuilder partners) =>
        partners.MapGet("/bills/{account}", OfPartner)
            .ForPartners(nameof(QueryBill), Right.QueryBill).Counts(PartnerAct.Query)
            .WithSummary("Returns what an account owes.")
            .Refuses(ReceivePayment.AccountUnknown)
            .WithExample(PartnerEdge.Prefix + "/bills/1000000001", PartnerExamples.Bill);

    public static void MapAccountBalance(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/accounts/{account}/balance", OfAccount)
            .WithName("AccountBalance").RequireRight(Right.ReadPayments)
            .WithSummary("Returns the balance of an account: what it owes less its advance.")
            .Refuses(ReceivePayment.AccountUnknown);

    private static async Task<Results<Ok<OpenBill>, ProblemHttpResult>> OfPartner(
        AccountNo account, BillReader bills, CancellationToken cancellation) =>
        await bills.Read(account, cancellation) is { } bill
            ? TypedResults.Ok(bill)
            : ReceivePayment.AccountUnknown.ToProblem();

    private static async Task<Results<Ok<AccountBalance>, ProblemHttpResult>> OfAccount(
        AccountNo account, BillReader bills, CancellationToken cancellation) =>
        await bills.Read(account, cancellation) is { } bill
            ? TypedResults.Ok(
                new AccountBalance(account, bill.Outstanding, bill.Advance, bill.Outstanding - bill.Advance))
            : ReceivePayment.AccountUnknown.ToProblem();
}
