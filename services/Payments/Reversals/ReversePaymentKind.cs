using Billing.Contracts;
using Billing.Platform;

namespace Billing.Payments;

/// <summary>A reversal after the bank day as it is proposed.</summary>
/// <param name="Request">The request's own number.</param>
/// <param name="Account">The account that was paid for.</param>
/// <param name="Payment">The payment.</param>
/// <param name="Reason">Why, for people.</param>
public sealed record ReversalToMake(string Request, AccountNo Account, PaymentId Payment, string Reason);

/// <summary>
/// A reversal after the bank day takes two people (docs/adr/0020). While it waits, the account holds the request, so
/// that the money is not refunded meanwhile; what people see is the payment, not the balance, because the money is
/// taken back from wherever it is.
/// </summary>
public sealed class ReversePaymentKind : ApprovalKind<ReversalToMake>
{
    private readonly ReversalRequests _requests;
    private readonly Partners _partners;
    private readonly PartnerDays _days;
    private readonly TimeProvider _clock;

    /// <summary>Registers the kind with its rights and refusals.</summary>
    public ReversePaymentKind(ReversalRequests requests, Partners partners, PartnerDays days, TimeProvider clock)
        : base("reverse-payment", Right.RequestReversal, Right.ApproveReversal)
    {
        (_requests, _partners, _days, _clock) = (requests, partners, days, clock);
        Refuses = [typeof(ApproveReversal), typeof(RejectReversal)];
        Refusals = [ReversePayment.MoneyGone, Partners.Unknown, RequestReversal.PaymentUnknown];
    }

    /// <inheritdoc/>
    protected override IEnumerable<string> StreamsOf(ReversalToMake request) => [Account.Stream(request.Account).Id];

    /// <inheritdoc/>
    protected override async Task<Consequence> CarryOut(
        ReversalToMake request, Attempt attempt, CancellationToken cancellation)
    {
        if (await _requests.PaymentOf(request.Payment, cancellation) is not var (account, key, channel))
            return Consequence.Refused(RequestReversal.PaymentUnknown);
        if (await _partners.Find(key.Partner, cancellation) is not { } terms)
            return Consequence.Refused(Partners.Unknown);
        var stream = Account.Stream(account);
        var state = await attempt.Load(stream, cancellation);
        if (attempt.Decider is null)
        {
            var asked = Requested(request, attempt.Proposer).Decide(state);
            if (asked.Rejection is { } wrong)
                return Consequence.Refused(wrong);
            state = attempt.Session.Append(stream, state, asked.Events);
            if (state.ReversalRequests[request.Request].Status != ReversalStatus.Open)
                return Consequence.Nothing;
        }
        var decision = new ApproveReversal(
            account, request.Request, key, channel, BankDays.Current(terms.DayCut, _clock.GetUtcNow()),
            DayClosed: await _days.IsClosed(key.Partner, key.BankDate, cancellation), attempt.Decider ?? "")
            .Decide(state);
        if (decision.Rejection is { } rejection)
            return Consequence.Refused(rejection);
        if (decision.Events.Count == 0)
            return Consequence.Nothing;
        var after = attempt.Session.Append(stream, state, decision.Events);
        var payment = state.Payments[request.Payment];
        return new(null,
        [
            new("payment-status", $"{payment.Status}", $"{after.Payments[request.Payment].Status}"),
            new("amount", payment.Amount.ToString(), Money.Zero.ToString()),
        ])
        {
            Amount = payment.Amount, Account = account,
        };
    }

    /// <inheritdoc/>
    protected override async Task<Rejection?> Hold(
        ReversalToMake request, BulkSession session, CancellationToken cancellation)
    {
        var attempt = new Attempt(session, Actor.Current.By, null);
        var stream = Account.Stream(request.Account);
        var state = await attempt.Load(stream, cancellation);
        var decision = Requested(request, attempt.Proposer).Decide(state);
        session.Append(stream, state, decision.Events);
        return decision.Rejection;
    }

    /// <inheritdoc/>
    protected override async Task Release(
        ReversalToMake request, BulkSession session, string by, string reason, CancellationToken cancellation)
    {
        var stream = Account.Stream(request.Account);
        var state = await new Attempt(session, by, null).Load(stream, cancellation);
        // A request that is not open any more holds nothing.
        session.Append(
            stream, state,
            new RejectReversal(request.Account, request.Request, reason, _clock.Today(), by).Decide(state).Events);
    }

    private RequestReversal Requested(ReversalToMake request, string by) =>
        new(request.Account, request.Request, request.Payment, request.Reason, _clock.Today(), by);
}
