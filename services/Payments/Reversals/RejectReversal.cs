using Billing.Contracts;
using Billing.Platform;

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
