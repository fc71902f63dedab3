using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Billing.Payments;

/// <summary>
/// A partner pays money in for an account. Partners repeat a request that was not answered, so the same key with the
/// same facts gets the first answer again, and the same key with other facts is refused. The money pays the oldest due
/// invoices; the remainder becomes advance.
/// <para>
/// Once the partner's file of the day was taken, the file decides: the partner holds the money of a payment that the
/// file reports and does not reverse, so that payment is accepted whatever its amount and however late it is, also when
/// the partner had reversed it before. Only a payment that the company itself reversed is not accepted a second time.
/// </para>
/// </summary>
/// <param name="Account">The account that is paid for.</param>
/// <param name="Key">The partner's natural key.</param>
/// <param name="Channel">The channel of the partner's money.</param>
/// <param name="Amount">The money.</param>
/// <param name="Rule">Which amounts the partner may collect.</param>
/// <param name="Day">The state of the payment's bank day; a payment in the day's file may be as late as the file
/// itself.</param>
/// <param name="InFile">Whether the partner's file of the day reports exactly this payment; null while no file was
/// taken.</param>
/// <param name="Opened">Whether the account is known to exist although no event was recorded on it here.</param>
public sealed record ReceivePayment(
    AccountNo Account, PaymentKey Key, Channel Channel, Money Amount, AmountRule Rule, BankDayState Day, bool? InFile,
    bool Opened)
    : ICommand<Account, AccountEvent>
{
    public static readonly Money Most = new(100_000_000_000);

    public static readonly Rejection AmountOutOfRange = Rejection.Invalid(
        "payment-amount-out-of-range", $"A payment is more than zero and at most {Most} yuan.");

    public static readonly Rejection OtherFacts = Rejection.Conflict(
        "payment-key-taken", "This partner, bank date and serial already stand for a payment of another amount.");

    public static readonly Rejection WasReversed = Rejection.Conflict(
        "payment-reversed",
        "This payment was taken back. Money that is to be paid all the same comes under a new serial, of the bank day "
        + "that runs.");

    public static readonly Rejection AccountUnknown =
        Rejection.NotFound("account-unknown", "No account has this number.");

    public static readonly Rejection NotExact = Rejection.Invalid(
        "payment-amount-not-exact", "This partner must bring exactly what is owed; query again.");

    public static readonly Rejection BelowDue = Rejection.Invalid(
        "payment-amount-below-due", "This partner must bring at least what is owed; query again.");

    public static readonly Rejection DayClosed = Rejection.Conflict(
        "bank-day-closed",
        "The partner's file for this bank day was taken, and it does not tell that this serial brought this amount for "
        + "this account and kept it.");

    /// <inheritdoc/>
    public Rejection? Refuse() => Amount <= Money.Zero || Amount > Most ? AmountOutOfRange : null;

    public Decision<AccountEvent> Decide(Account state) => state.Payments.GetValueOrDefault(Key.Id) switch
    {
        _ when Refuse() is { } wrong => wrong,
        { Status: PaymentStatus.Received } known => known.Amount == Amount ? [] : OtherFacts,
        { Status: PaymentStatus.Reversed } known when known.Amount != Amount && InFile != true => OtherFacts,
        { ByCompany: true } => WasReversed,
        not null when InFile != true => WasReversed,
        _ when BankDays.Refuse(Day) is { } refusal => refusal,
        _ when InFile == false => DayClosed,
        _ when !state.Known && !Opened => AccountUnknown,
        _ when InFile == true => [Receive(state)],
        _ when Rule == AmountRule.Exact && Amount != state.Outstanding => NotExact,
        _ when Rule == AmountRule.AtLeastDue && Amount < state.Outstanding => BelowDue,
        _ => [Receive(state)],
    };

    /// <summary>The payment event; a payment received again keeps its receipt number.</summary>
    private PaymentReceived Receive(Account state)
    {
        var (allocations, advance) = PaymentAllocation.OldestDueFirst(Amount, state.Charges.Values);
        var receipt = state.Payments.GetValueOrDefault(Key.Id) is { Status: PaymentStatus.Reversed } before
            ? before.Receipt!.Value
            : ReceiptNo.Wrap($"{Account}-{state.Receipts + 1:0000}");
        return new(
            Account, Key.Id, Key.Partner, Key.BankDate, Key.Serial, Channel, Amount, receipt, allocations, advance);
    }
}

public static class ReceivePaymentEndpoint
{
    public static void MapReceivePayment(this IEndpointRouteBuilder routes) =>
        routes.MapPut("/payments/{bankDate}/{serial}", Handle)
            .ChangedByPartners(nameof(ReceivePayment), Right.ReceivePayment).Counts(PartnerAct.Pay)
            .WithSummary("Receives a payment for an account; repeating it returns the first answer.")
            .Refuses(typeof(ReceivePayment))
            .Refuses(PaymentKey.Malformed, BankDays.InFuture, BankDays.IsTooOld)
            .WithExample(
                PartnerEdge.Prefix + "/payments/20261103/0042", PartnerExamples.Receipt, PartnerExamples.Payment);

    private static async Task<Results<Created<PaymentReceipt>, Ok<PaymentReceipt>, ProblemHttpResult>> Handle(
        string bankDate, string serial, ReceivePaymentRequest body, HttpContext context,
        PartnerDays days, BillReader bills, EventStore store, TimeProvider clock, CancellationToken cancellation)
    {
        var terms = PartnerEdge.Of(context);
        if (!PaymentKey.TryParse(terms.Code, bankDate, serial, out var key))
            return PaymentKey.Malformed.ToProblem();

        var inFile = await days.Tells(key, body.Account, body.Amount, cancellation);
        var command = new ReceivePayment(
            body.Account, key, terms.Channel, body.Amount, terms.AmountRule,
            terms.StateOf(key.BankDate, clock.GetUtcNow(), isInFile: inFile == true), inFile, Opened: false);
        var executed = await store.Execute(Account.Stream(body.Account), command, cancellation);
        if (executed.Rejection == ReceivePayment.AccountUnknown
            && await bills.Read(body.Account, cancellation) is not null)
            executed = await store.Execute(
                Account.Stream(body.Account), command with { Opened = true }, cancellation);
        if (executed.Rejection is { } rejection)
            return rejection.ToProblem();

        var paid = executed.State.Payments[key.Id];
        var answer = new PaymentReceipt(
            key.Id, paid.Receipt!.Value, body.Account, paid.Amount,
            [.. paid.Allocations.Select(part => new PaidInvoice(part.Invoice, part.Amount))], paid.Advance,
            paid.Balance);
        return executed.Changed
            ? TypedResults.Created($"{PartnerEdge.Prefix}/payments/{bankDate}/{serial}", answer)
            : TypedResults.Ok(answer);
    }
}
