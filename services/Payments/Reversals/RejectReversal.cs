using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Billing.Payments;

/// <summary>
/// Rejects a request for a reversal; when the person who made it does so, it is withdrawn. Either way the payment
/// stays, and its reversal can be requested again under a new number.
/// </summary>
/// <param name="Account">The account that was paid for.</param>
/// <param name="Request">The request's number.</param>
/// <param name="Reason">Why, for people.</param>
/// <param name="RejectedOn">Business date.</param>
/// <param name="By">The person who rejects or withdraws it.</param>
public sealed record RejectReversal(AccountNo Account, string Request, string Reason, DateOnly RejectedOn, string By)
    : ICommand<Account, AccountEvent>
{
    public static readonly Rejection Unknown =
        Rejection.NotFound("reversal-request-unknown", "No request for a reversal has this number.");

    public static readonly Rejection NotOpen = Rejection.Conflict(
        "reversal-request-not-open", "This request was decided already, or the payment went back otherwise.");

    public Decision<AccountEvent> Decide(Account state) => state.ReversalRequests.GetValueOrDefault(Request) switch
    {
        null => Unknown,
        { Status: ReversalStatus.Rejected or ReversalStatus.Withdrawn } => [],
        { Status: not ReversalStatus.Open } => NotOpen,
        { } request => [new ReversalRejected(Account, Request, request.Payment, Reason, RejectedOn, By)],
    };
}

public static class RejectReversalEndpoint
{
    public static void MapRejectReversal(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/reversal-requests/{request}/reject", Handle)
            .RequirePerson().WithName(nameof(RejectReversal)).RequireRight(Right.RejectReversal)
            .WithSummary("Rejects a request for a reversal; its author withdraws it in the same way.")
            .Refuses(typeof(RejectReversal)).Refuses(RefundAdvance.ReasonMissing);

    private static async Task<Results<Ok<RequestedReversal>, ProblemHttpResult>> Handle(
        string request, RejectReversalRequest body, ReversalRequests requests, EventStore store, TimeProvider clock,
        CancellationToken cancellation)
    {
        if (!Reasons.IsGiven(body.Reason))
            return RefundAdvance.ReasonMissing.ToProblem();
        if (await requests.PaymentOf(request, cancellation) is not var (account, _, _))
            return RejectReversal.Unknown.ToProblem();
        var command = new RejectReversal(account, request, body.Reason, clock.Today(), Actor.Current.By);
        var executed = await store.Execute(Account.Stream(account), command, cancellation);
        return executed.Rejection is { } rejection
            ? rejection.ToProblem()
            : TypedResults.Ok(executed.State.ReversalRequests[request].ToWire(account));
    }
}
