using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Billing.Payments;

/// <summary>
/// Requests a reversal after the bank day. A partner reverses a payment only while its bank day runs (rules.md B-3);
/// later the company does it, whatever the money is allocated to. Because money moves without the partner's
/// confirmation, it takes two people: one requests it with a reason, another one approves it.
/// </summary>
/// <param name="Account">The account that was paid for.</param>
/// <param name="Request">The request's own number.</param>
/// <param name="Payment">The payment.</param>
/// <param name="Reason">Why, for people.</param>
/// <param name="RequestedOn">Business date.</param>
/// <param name="By">The person who requests it.</param>
public sealed record RequestReversal(
    AccountNo Account, string Request, PaymentId Payment, string Reason, DateOnly RequestedOn, string By)
    : ICommand<Account, AccountEvent>
{
    public static readonly Rejection NumberMalformed = Rejection.Invalid(
        "reversal-request-number-malformed",
        "A request's number is 1 to 64 letters, digits, dashes, dots or underscores.");

    public static readonly Rejection OtherFacts = Rejection.Conflict(
        "reversal-request-key-taken",
        "This number already stands for a request of another payment, person or reason.");

    public static readonly Rejection PaymentUnknown =
        Rejection.NotFound("payment-unknown", "No payment has this name.");

    public static readonly Rejection AlreadyReversed = Rejection.Conflict(
        "payment-already-reversed", "This payment was reversed already; there is nothing to take back.");

    public static readonly Rejection AlreadyRequested = Rejection.Conflict(
        "reversal-already-requested", "Another request to reverse this payment is open; approve or reject that one.");

    public Decision<AccountEvent> Decide(Account state) => state.ReversalRequests.GetValueOrDefault(Request) switch
    {
        { } known => known.Payment == Payment && known.Reason == Reason && known.IsBy(By) ? [] : OtherFacts,
        null => state.Payments.GetValueOrDefault(Payment) switch
        {
            null => PaymentUnknown,
            { Status: not PaymentStatus.Received } => AlreadyReversed,
            _ when state.ReversalRequests.Values.Any(
                other => other.Payment == Payment && other.Status == ReversalStatus.Open) => AlreadyRequested,
            { Amount: var amount } =>
                [new ReversalRequested(Account, Request, Payment, amount, Reason, RequestedOn, By)],
        },
    };
}

public static class RequestReversalEndpoint
{
    public static void MapRequestReversal(this IEndpointRouteBuilder routes) =>
        routes.MapPut("/reversal-requests/{request}", Handle)
            .RequirePerson().WithName(nameof(RequestReversal)).RequireRight(Right.RequestReversal)
            .WithSummary("Requests the reversal of a payment after its bank day; another person has to approve it.")
            .Refuses(typeof(RequestReversal)).RefusesProposals()
            .Refuses(RefundAdvance.ReasonMissing, ReversePayment.MoneyGone, Partners.Unknown);

    private static async Task<Results<Accepted<ProposalDetails>, Ok<RequestedReversal>, ProblemHttpResult>> Handle(
        string request, RequestReversalRequest body, ReversalRequests requests, Approvals approvals,
        ReversePaymentKind kind, CancellationToken cancellation)
    {
        if (!PaymentKey.IsSerial(request))
            return RequestReversal.NumberMalformed.ToProblem();
        if (!Reasons.IsGiven(body.Reason))
            return RefundAdvance.ReasonMissing.ToProblem();
        if (await requests.PaymentOf(body.Payment, cancellation) is not var (account, _, _))
            return RequestReversal.PaymentUnknown.ToProblem();
        var proposing = await approvals.Propose(
            kind, request, new(request, account, body.Payment, body.Reason), body.Reason, cancellation);
        if (proposing.Refusal is { } rejection)
            return rejection.ToProblem();
        return proposing.Waits is { } proposal
            ? proposal.ToAccepted()
            : TypedResults.Ok(await requests.Find(request, cancellation));
    }
}
