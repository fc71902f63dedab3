using Billing.Contracts;
using Billing.Platform;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Billing.Payments;

/// <summary>
/// A partner takes a payment back, because its customer did or because it heard no answer and is not sure. Only on the
/// bank day of the payment and before the partner's file for that day was taken; afterwards the way back is a refund
/// (rules.md B-3). A reversal that overtakes its payment blocks it: the payment that comes late is refused.
/// </summary>
/// <param name="Account">The account that was paid for.</param>
/// <param name="Key">The payment's key.</param>
/// <param name="Channel">How the partner's money comes.</param>
/// <param name="ReversedOn">The partner's business date of the reversal.</param>
/// <param name="Reason">Why, for people.</param>
/// <param name="DayClosed">Whether the partner's file for the payment's day was taken.</param>
/// <param name="Opened">Whether the account is known to exist although nothing has happened on it here.</param>
public sealed record ReversePayment(
    AccountNo Account, PaymentKey Key, Channel Channel, DateOnly ReversedOn, string Reason, bool DayClosed, bool Opened)
    : ICommand<Account, AccountEvent>
{
    public static readonly Rejection OtherDay = Rejection.Conflict(
        "reversal-on-other-day", "A payment can be reversed on its own bank day only; refund it instead.");

    public static readonly Rejection Closed = Rejection.Conflict(
        "reversal-after-day-end", "The file for this bank day was taken; refund the payment instead.");

    public static readonly Rejection MoneyGone = Rejection.Conflict(
        "reversal-of-refunded-money", "Money of this payment was refunded meanwhile and cannot go back a second time.");

    public Decision<AccountEvent> Decide(Account state) => state.Payments.GetValueOrDefault(Key.Id) switch
    {
        { Status: PaymentStatus.Reversed or PaymentStatus.Blocked } => [],
        null when !state.Known && !Opened => PayBill.AccountUnknown,
        null => [new PaymentBlocked(Account, Key.Id, Key.Partner, Key.BankDate, Key.Serial, Channel, Reason)],
        { } when ReversedOn != Key.BankDate => OtherDay,
        { } when DayClosed => Closed,
        { } payment => TakeBack(payment, state),
    };

    private Decision<AccountEvent> TakeBack(Payment payment, Account state) =>
        Allocating.TakeBack(payment, state) is not var (allocations, advance)
            ? MoneyGone
            : state.Settled(Account, new PaymentReversed(
                Account, Key.Id, Key.Partner, Key.BankDate, Key.Serial, Channel, payment.Amount, ReversedOn, Reason,
                allocations, advance));
}

public static class ReversePaymentEndpoint
{
    /// <summary>What the partner sends.</summary>
    /// <param name="Account">The account that was paid for.</param>
    /// <param name="Reason">Why, 1 to 200 characters.</param>
    /// <param name="ReversedOn">The partner's business date of the reversal; the payment's own when left out.</param>
    public sealed record Body(AccountNo Account, string Reason, DateOnly? ReversedOn = null);

    /// <summary>What the partner is told, the same however often it asks.</summary>
    /// <param name="Payment">The payment's name.</param>
    /// <param name="Account">The account.</param>
    /// <param name="Status">Reversed, or Blocked when the payment had not arrived.</param>
    /// <param name="Amount">The money that went back; zero when the payment had not arrived.</param>
    public sealed record Answer(PaymentId Payment, AccountNo Account, PaymentStatus Status, Money Amount);

    public static void MapReversePayment(this IEndpointRouteBuilder routes) => routes
        .MapPut("/partners/{partner}/payments/{bankDate}/{serial}/reversal", Handle).WithName(nameof(ReversePayment));

    private static async Task<Results<Created<Answer>, Ok<Answer>, ProblemHttpResult>> Handle(
        string partner, string bankDate, string serial, Body body,
        Partners partners, PartnerDays days, BillReader bills, EventStore store, CancellationToken cancellation)
    {
        if (!PaymentKey.TryParse(partner, bankDate, serial, out var key))
            return PaymentKey.Malformed.ToProblem();
        if (body.Reason.Length is 0 or > 200)
            return RefundAdvance.ReasonMissing.ToProblem();
        if (await partners.Find(partner, cancellation) is not { } terms)
            return Partners.Unknown.ToProblem();
        Actor.Current = Actor.Current with { By = $"partner:{partner}" };

        var command = new ReversePayment(
            body.Account, key, terms.Channel, body.ReversedOn ?? key.BankDate, body.Reason,
            DayClosed: await days.IsClosed(partner, key.BankDate, cancellation),
            Opened: await bills.Read(body.Account, cancellation) is not null);
        var executed = await store.Execute(Account.Stream(body.Account), command, cancellation);
        if (executed.Rejection is { } rejection)
            return rejection.ToProblem();

        var payment = executed.State.Payments[key.Id];
        var answer = new Answer(key.Id, body.Account, payment.Status, payment.Amount);
        return executed.Changed
            ? TypedResults.Created($"/partners/{partner}/payments/{bankDate}/{serial}/reversal", answer)
            : TypedResults.Ok(answer);
    }
}
