using Billing.Contracts;
using Billing.Platform;

namespace Billing.Payments;

/// <summary>
/// A person other than the requester approves the reversal of a payment. It counts on the bank day on which it is
/// approved, so figures of earlier days do not change, and is recorded as made after the day end. Only money that was
/// refunded meanwhile cannot be paid back a second time.
/// </summary>
/// <param name="Account">The account that was paid for.</param>
/// <param name="Request">The request's number.</param>
/// <param name="Key">The payment's key.</param>
/// <param name="Channel">The channel through which the payment was received.</param>
/// <param name="ReversedOn">The partner's current bank day.</param>
/// <param name="DayClosed">Whether the partner's file for the payment's day was taken.</param>
/// <param name="By">The person who approves.</param>
public sealed record ApproveReversal(
    AccountNo Account, string Request, PaymentKey Key, Channel Channel, DateOnly ReversedOn, bool DayClosed, string By)
    : ICommand<Account, AccountEvent>
{
    public static readonly Rejection SamePerson = Rejection.Conflict(
        "reversal-approval-same-person", "Whoever requested the reversal cannot approve it; somebody else has to.");

    public Decision<AccountEvent> Decide(Account state) => state.ReversalRequests.GetValueOrDefault(Request) switch
    {
        null => RejectReversal.Unknown,
        { Status: ReversalStatus.Approved } => [],
        { Status: not ReversalStatus.Open } => RejectReversal.NotOpen,
        { } request when request.IsBy(By) => SamePerson,
        { } request => ReversePayment.TakeBack(state, new(
            Account, Key.Id, Key.Partner, Key.BankDate, Key.Serial, Channel, request.Amount, ReversedOn,
            request.Reason, [], Money.Zero,
            new(Request, request.RequestedBy, By, AfterDayEnd: DayClosed || ReversedOn != Key.BankDate))),
    };
}
