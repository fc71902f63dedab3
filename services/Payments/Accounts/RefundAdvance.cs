using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Billing.Payments;

/// <summary>
/// Pays advance back to the customer. Only advance can be refunded: money allocated to an invoice must first be
/// released by a credit or a reversal. Money that an open request for a reversal asks back is not refunded, so that it
/// is not paid out twice; the refundable amount is the advance that would be left if all requests were approved.
/// </summary>
/// <param name="Account">The account.</param>
/// <param name="Refund">The refund's own number.</param>
/// <param name="Amount">The money.</param>
/// <param name="RefundedOn">Business date.</param>
/// <param name="Reason">Why, for people.</param>
public sealed record RefundAdvance(AccountNo Account, RefundNo Refund, Money Amount, DateOnly RefundedOn, string Reason)
    : ICommand<Account, AccountEvent>
{
    public static readonly Rejection ReasonMissing =
        Rejection.Invalid("reason-missing", $"A reason has 1 to {Reasons.Longest} characters, one of them visible.");

    public static readonly Rejection NumberMalformed = Rejection.Invalid(
        "refund-number-malformed", "A refund's number is 1 to 64 letters, digits, dashes, dots or underscores.");

    public static readonly Rejection AmountNotPositive =
        Rejection.Invalid("refund-amount-not-positive", "A refund is more than zero.");

    public static readonly Rejection OtherFacts =
        Rejection.Conflict("refund-key-taken", "This refund number already stands for another amount.");

    public static readonly Rejection ExceedsAdvance =
        Rejection.Conflict(
            "refund-exceeds-advance",
            "The account does not hold so much advance. A payment that stands against invoices goes back when its "
            + "reversal is requested (PUT /reversal-requests/{number}) and another person approves it.");

    public static readonly Rejection AskedBack = Rejection.Conflict(
        "refund-of-requested-reversal",
        "Open requests ask to reverse payments of this account, and their money is not refunded. Another person "
        + "approves them (POST /reversal-requests/{number}/approve) or rejects them (/reject); "
        + "GET /reversal-requests lists them.");

    /// <inheritdoc/>
    public Rejection? Refuse() => Amount <= Money.Zero ? AmountNotPositive : null;

    public Decision<AccountEvent> Decide(Account state) => state switch
    {
        _ when Refuse() is { } wrong => wrong,
        _ when state.Refunds.TryGetValue(Refund, out var known) => known == Amount ? [] : OtherFacts,
        _ when Amount > state.Advance => ExceedsAdvance,
        _ when Amount > state.Advance - state.AskedBack => AskedBack,
        _ => [new AdvanceRefunded(Account, Refund, Amount, RefundedOn, Reason)],
    };
}

public static class RefundAdvanceEndpoint
{
    public static void MapRefundAdvance(this IEndpointRouteBuilder routes) =>
        routes.MapPut("/refunds/{refund}", Handle)
            .WithName(nameof(RefundAdvance)).RequireRight(Right.RefundAdvance)
            .WithSummary("Refunds an advance to the customer.")
            .Refuses(typeof(RefundAdvance));

    private static async Task<Results<Created<RefundReceipt>, Ok<RefundReceipt>, ProblemHttpResult>> Handle(
        string refund, RefundAdvanceRequest body, EventStore store, TimeProvider clock, CancellationToken cancellation)
    {
        if (!RefundNo.TryParse(refund, null, out var number))
            return RefundAdvance.NumberMalformed.ToProblem();
        if (!Reasons.IsGiven(body.Reason))
            return RefundAdvance.ReasonMissing.ToProblem();

        var command = new RefundAdvance(body.Account, number, body.Amount, clock.Today(), body.Reason);
        var executed = await store.Execute(Account.Stream(body.Account), command, cancellation);
        var answer = new RefundReceipt(number, body.Account, body.Amount);
        return executed switch
        {
            { Rejection: { } rejection } => rejection.ToProblem(),
            { Changed: true } => TypedResults.Created($"/refunds/{refund}", answer),
            _ => TypedResults.Ok(answer),
        };
    }
}
