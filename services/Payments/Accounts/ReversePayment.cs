using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Billing.Payments;

/// <summary>
/// A partner reverses a payment, because its customer cancelled it or because it received no answer. Allowed only while
/// the bank day of the payment runs and before the partner's file for that day was taken (rules.md B-3), so that the
/// reversal counts on the day of its payment; afterwards the company reverses it itself, by two people: see
/// <see cref="RequestReversal"/>. A reversal that arrives before its payment blocks it: the payment that comes late is
/// refused. Once the day's file was taken nothing is blocked any more: payments in the file are accepted, and no
/// others.
/// </summary>
/// <param name="Account">The account that was paid for.</param>
/// <param name="Key">The payment's key.</param>
/// <param name="Channel">The channel of the partner's money.</param>
/// <param name="ReversedOn">The partner's business date of the reversal.</param>
/// <param name="Reason">Why, for people.</param>
/// <param name="Day">The state of the payment's bank day.</param>
/// <param name="DayClosed">Whether the partner's file for the payment's day was taken.</param>
/// <param name="Opened">Whether the account is known to exist although no event was recorded on it here.</param>
public sealed record ReversePayment(
    AccountNo Account, PaymentKey Key, Channel Channel, DateOnly ReversedOn, string Reason, BankDayState Day,
    bool DayClosed, bool Opened)
    : ICommand<Account, AccountEvent>
{
    /// <summary>Whether the partner has blocked as many payments of the day as it may.</summary>
    public bool MayNotBlock { get; init; }

    public static readonly Rejection OtherDay = Rejection.Conflict(
        "reversal-on-other-day",
        "A partner reverses a payment on its own bank day, while that day runs; afterwards the company does: somebody "
        + "requests it (PUT /reversal-requests/{number}) and another person approves it.");

    public static readonly Rejection Closed = Rejection.Conflict(
        "reversal-after-day-end",
        "The file for this bank day was taken. The company can reverse the payment: somebody requests it "
        + "(PUT /reversal-requests/{number}) and another person approves it.");

    public static readonly Rejection NeverCame = Rejection.Conflict(
        "bank-day-closed",
        "The file for this bank day was taken, and no payment of this serial is held for this account. What the file "
        + "tells stands; nothing else is taken for this day.");

    public static readonly Rejection TooManyBlocks = Rejection.Conflict(
        "blocks-exhausted",
        "Of this bank day you have reversed as many payments that never came as was agreed. Is it the payments that do "
        + "not arrive?");

    public static readonly Rejection MoneyGone = Rejection.Conflict(
        "reversal-of-refunded-money",
        "Money of this payment was refunded meanwhile and cannot go back a second time. A request to reverse it can be "
        + "rejected or withdrawn.");

    public Decision<AccountEvent> Decide(Account state) => state.Payments.GetValueOrDefault(Key.Id) switch
    {
        { Status: PaymentStatus.Reversed or PaymentStatus.Blocked } => [],
        _ when ReversedOn != Key.BankDate => OtherDay,
        null when BankDays.Refuse(Day) is { } refusal => refusal,
        null when !state.Known && !Opened => ReceivePayment.AccountUnknown,
        null when DayClosed => NeverCame,
        null when MayNotBlock => TooManyBlocks,
        null => [new PaymentBlocked(Account, Key.Id, Key.Partner, Key.BankDate, Key.Serial, Channel, Reason)],
        { } when Day != BankDayState.Current => OtherDay,
        { } when DayClosed => Closed,
        { Amount: var amount } => TakeBack(state, new(
            Account, Key.Id, Key.Partner, Key.BankDate, Key.Serial, Channel, amount, ReversedOn, Reason, [],
            Money.Zero)),
    };

    /// <summary>The reversal with its allocations, or the refusal when the money is no longer held.</summary>
    internal static Decision<AccountEvent> TakeBack(Account state, PaymentReversed reversal) =>
        PaymentAllocation.TakeBack(state.Payments[reversal.Payment], state) is not var (allocations, advance)
            ? MoneyGone
            : state.Settled(reversal.Account, reversal with { Allocations = allocations, Advance = advance });
}

public static class ReversePaymentEndpoint
{
    public static void MapReversePayment(this IEndpointRouteBuilder routes) => routes
        .MapPut("/payments/{bankDate}/{serial}/reversal", Handle)
        .ChangedByPartners(nameof(ReversePayment), Right.ReversePayment).Counts(PartnerAct.Pay)
        .WithSummary("Reverses a payment during its bank day.")
        .Refuses(typeof(ReversePayment))
        .Refuses(
            PaymentKey.Malformed, RefundAdvance.ReasonMissing, BankDays.InFuture, BankDays.IsTooOld,
            ReceivePayment.AccountUnknown, AccountRows.PaymentKeyTaken)
        .WithExample(
            PartnerEdge.Prefix + "/payments/20261103/0043/reversal", PartnerExamples.ReversalReceipt,
            PartnerExamples.Reversal);

    private static async Task<Results<Created<ReversalReceipt>, Ok<ReversalReceipt>, ProblemHttpResult>> Handle(
        string bankDate, string serial, ReversePaymentRequest body, HttpContext context,
        PartnerDays days, PartnerRates rates, BillReader bills, EventStore store, TimeProvider clock,
        CancellationToken cancellation)
    {
        var terms = PartnerEdge.Of(context);
        if (!PaymentKey.TryParse(terms.Code, bankDate, serial, out var key))
            return PaymentKey.Malformed.ToProblem();
        if (!Reasons.IsGiven(body.Reason))
            return RefundAdvance.ReasonMissing.ToProblem();

        var command = new ReversePayment(
            body.Account, key, terms.Channel, body.ReversedOn ?? key.BankDate, body.Reason,
            terms.StateOf(key.BankDate, clock.GetUtcNow()),
            DayClosed: await days.IsClosed(key.Partner, key.BankDate, cancellation),
            Opened: await bills.Read(body.Account, cancellation) is not null)
        {
            MayNotBlock = await days.BlockedOf(key, rates.LimitsOf(terms).BlocksPerDay, cancellation),
        };
        var executed = await store.Execute(Account.Stream(body.Account), command, cancellation);
        if (executed.Rejection is { } rejection)
            return rejection.ToProblem();

        var payment = executed.State.Payments[key.Id];
        var answer = new ReversalReceipt(key.Id, body.Account, payment.Status, payment.Amount);
        return executed.Changed
            ? TypedResults.Created($"{PartnerEdge.Prefix}/payments/{bankDate}/{serial}/reversal", answer)
            : TypedResults.Ok(answer);
    }
}
