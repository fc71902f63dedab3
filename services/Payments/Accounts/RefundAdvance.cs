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
        + "approves or rejects them: GET /reversal-requests lists them, GET /approvals what is to be decided.");

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

/// <summary>A refund as it is proposed.</summary>
/// <param name="Refund">The refund's own number.</param>
/// <param name="Account">The account.</param>
/// <param name="Amount">The money.</param>
/// <param name="Reason">Why, for people.</param>
public sealed record RefundToMake(RefundNo Refund, AccountNo Account, Money Amount, string Reason);

/// <summary>
/// A refund takes two people, unless the limits let one person refund so much to an account, in all; what they see is
/// the advance before and after.
/// </summary>
public sealed class RefundKind : ApprovalKind<RefundToMake>
{
    /// <summary>Its stable name.</summary>
    public const string Name = "refund";

    private readonly TimeProvider _clock;

    /// <summary>Registers the kind with its rights, its limit and its refusals.</summary>
    public RefundKind(TimeProvider clock)
        : base(Name, Right.RefundAdvance, Right.ApproveRefund) =>
        (_clock, Alone, Refuses) = (clock, Money.Zero, [typeof(RefundAdvance)]);

    /// <inheritdoc/>
    protected override IEnumerable<string> StreamsOf(RefundToMake request) => [Account.Stream(request.Account).Id];

    /// <inheritdoc/>
    protected override async Task<Consequence> CarryOut(
        RefundToMake request, Attempt attempt, CancellationToken cancellation)
    {
        var stream = Account.Stream(request.Account);
        var state = await attempt.Load(stream, cancellation);
        var decision = new RefundAdvance(
            request.Account, request.Refund, request.Amount, _clock.Today(), request.Reason).Decide(state);
        if (decision.Rejection is { } rejection)
            return Consequence.Refused(rejection);
        if (decision.Events.Count == 0)
            return Consequence.Nothing;
        var after = attempt.Session.Append(stream, state, decision.Events);
        return new(null, [new("advance", state.Advance.ToString(), after.Advance.ToString())])
        {
            Amount = request.Amount, Account = request.Account,
            Together = after.Refunds.Values.Aggregate(Money.Zero, (sum, refund) => sum + refund),
        };
    }
}

public static class RefundAdvanceEndpoint
{
    public static void MapRefundAdvance(this IEndpointRouteBuilder routes) =>
        routes.MapPut("/refunds/{refund}", Handle)
            .WithName(nameof(RefundAdvance)).RequireRight(Right.RefundAdvance)
            .WithSummary("Refunds an advance to the customer, or proposes it where one person may not do it alone.")
            .Refuses(typeof(RefundAdvance)).RefusesProposals();

    private static async Task<
        Results<Created<RefundReceipt>, Ok<RefundReceipt>, Accepted<ProposalDetails>, ProblemHttpResult>> Handle(
        string refund, RefundAdvanceRequest body, Approvals approvals, RefundKind kind, CancellationToken cancellation)
    {
        if (!RefundNo.TryParse(refund, null, out var number))
            return RefundAdvance.NumberMalformed.ToProblem();
        if (!Reasons.IsGiven(body.Reason))
            return RefundAdvance.ReasonMissing.ToProblem();

        var proposing = await approvals.Propose(
            kind, number.Value, new(number, body.Account, body.Amount, body.Reason), body.Reason, cancellation);
        var answer = new RefundReceipt(number, body.Account, body.Amount);
        return proposing switch
        {
            { Refusal: { } rejection } => rejection.ToProblem(),
            { Waits: { } proposal } => proposal.ToAccepted(),
            { IsDone: true } => TypedResults.Created($"/refunds/{refund}", answer),
            _ => TypedResults.Ok(answer),
        };
    }
}
