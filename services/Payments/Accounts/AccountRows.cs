using Billing.Contracts;
using Billing.Platform;

namespace Billing.Payments;

/// <summary>The tables written with an account's events, from which they can be rebuilt.</summary>
internal static class AccountRows
{
    public static readonly Rejection PaymentKeyTaken = Rejection.Conflict(
        "payment-key-taken", "This partner, bank date and serial already stand for a payment of another account.");

    private static readonly Rejection RefundKeyTaken = Rejection.Conflict(
        "refund-key-taken", "This refund number already stands for a refund of another account.");

    private static readonly Table<(AccountNo Account, Charge Charge)> Charges =
        new Table<(AccountNo Account, Charge Charge)>("open_charge")
            .Key("invoice_no", row => row.Charge.Invoice.Value)
            .Column("account_no", row => row.Account.Value)
            .Column("utility", row => row.Charge.Utility.ToString())
            .Column("period", row => row.Charge.Period.Value)
            .Column("issued_on", row => row.Charge.IssuedOn)
            .Column("due_on", row => row.Charge.DueOn)
            .Column("amount_fen", row => row.Charge.Amount.Fen)
            .Column("credited_fen", row => row.Charge.Credited.Fen)
            .Column("allocated_fen", row => row.Charge.Allocated.Fen);

    private static readonly Table<(AccountNo Account, Account State)> Balances =
        new Table<(AccountNo Account, Account State)>("account_balance")
            .Key("account_no", row => row.Account.Value)
            .Column("open_fen", row => row.State.Outstanding.Fen)
            .Column("advance_fen", row => row.State.Advance.Fen);

    private static readonly Table<PaymentRow> Payments = new Table<PaymentRow>("payment")
        .Key("payment_id", row => row.Payment.Value)
        .Column("partner", row => row.Partner.Value)
        .Column("bank_date", row => row.BankDate)
        .Column("serial", row => row.Serial)
        .Column("account_no", row => row.Account.Value)
        .Column("channel", row => row.Channel.ToString())
        .Column("amount_fen", row => row.Amount.Fen)
        .Column("receipt", row => row.Receipt?.Value)
        .Column("status", row => row.Status.ToString())
        .Column("reversed_on", row => row.ReversedOn)
        .TakenAs(PaymentKeyTaken);

    private static readonly Table<AdvanceRefunded> Refunds = new Table<AdvanceRefunded>("refund")
        .Key("refund_no", row => row.Refund.Value)
        .Column("account_no", row => row.Account.Value)
        .Column("amount_fen", row => row.Amount.Fen)
        .Column("refunded_on", row => row.RefundedOn)
        .Column("reason", row => row.Reason)
        .TakenAs(RefundKeyTaken);

    private static readonly Table<(AccountNo Account, ReversalRequest Request)> Requests =
        new Table<(AccountNo Account, ReversalRequest Request)>("reversal_request")
            .Key("request_no", row => row.Request.Number)
            .Column("payment_id", row => row.Request.Payment.Value)
            .Column("account_no", row => row.Account.Value)
            .Column("amount_fen", row => row.Request.Amount.Fen)
            .Column("reason", row => row.Request.Reason)
            .Column("requested_on", row => row.Request.RequestedOn)
            .Column("requested_by", row => row.Request.RequestedBy)
            .Column("status", row => row.Request.Status.ToString())
            .Column("decided_on", row => row.Request.DecidedOn)
            .Column("decided_by", row => row.Request.DecidedBy)
            .Column("decision_reason", row => row.Request.DecisionReason)
            .TakenAs(RequestReversal.OtherFacts);

    /// <summary>All tables that follow from the events of accounts.</summary>
    public static readonly ITable[] Tables = [Charges, Balances, Payments, Refunds, Requests];

    public static void Project(Rows rows, Recorded<AccountEvent> recorded, Account before, Account after)
    {
        var account = recorded.Event switch
        {
            ChargeOpened e => Opened(e),
            ChargeCredited e => Touched(e.Account, [e.Invoice]),
            PaymentReceived e => Received(e),
            AdvanceApplied e => Touched(e.Account, e.Allocations.Select(allocation => allocation.Invoice)),
            PaymentReversed e => Reversed(e),
            PaymentBlocked e => Blocked(e),
            AdvanceRefunded e => Refunded(e),
            ReversalRequested e => Requested(rows, e, after),
            ReversalRejected e => Rejected(rows, e, after),
            _ => throw new InvalidOperationException($"{recorded.Event.GetType().Name} has no rows."),
        };
        rows.Upsert(Balances, (account, after));

        AccountNo Opened(ChargeOpened e)
        {
            rows.Insert(Charges, (e.Account, after.Charges[e.Invoice]));
            return e.Account;
        }

        AccountNo Touched(AccountNo owner, IEnumerable<InvoiceNo> invoices)
        {
            foreach (var invoice in invoices)
            {
                if (after.Charges.TryGetValue(invoice, out var charge))
                    rows.Upsert(Charges, (owner, charge));
            }
            return owner;
        }

        AccountNo Received(PaymentReceived e)
        {
            var row = new PaymentRow(
                e.Payment, e.Partner, e.BankDate, e.Serial, e.Account, e.Channel, e.Amount, e.Receipt,
                PaymentStatus.Received, ReversedOn: null);
            if (before.Payments.ContainsKey(e.Payment))
                rows.Upsert(Payments, row);
            else
                rows.Insert(Payments, row);
            return Touched(e.Account, e.Allocations.Select(allocation => allocation.Invoice));
        }

        AccountNo Reversed(PaymentReversed e)
        {
            rows.Upsert(Payments, new(
                e.Payment, e.Partner, e.BankDate, e.Serial, e.Account, e.Channel, e.Amount,
                after.Payments[e.Payment].Receipt, PaymentStatus.Reversed, e.ReversedOn));
            foreach (var request in after.ReversalRequests.Values.Where(request => request.Payment == e.Payment))
                rows.Upsert(Requests, (e.Account, request));
            return Touched(e.Account, e.Allocations.Select(allocation => allocation.Invoice));
        }

        AccountNo Blocked(PaymentBlocked e)
        {
            rows.Insert(Payments, new(
                e.Payment, e.Partner, e.BankDate, e.Serial, e.Account, e.Channel, Money.Zero, null,
                PaymentStatus.Blocked, ReversedOn: null));
            return e.Account;
        }

        AccountNo Refunded(AdvanceRefunded e)
        {
            rows.Insert(Refunds, e);
            return e.Account;
        }
    }

    private static AccountNo Requested(Rows rows, ReversalRequested e, Account after)
    {
        rows.Insert(Requests, (e.Account, after.ReversalRequests[e.Request]));
        return e.Account;
    }

    private static AccountNo Rejected(Rows rows, ReversalRejected e, Account after)
    {
        rows.Upsert(Requests, (e.Account, after.ReversalRequests[e.Request]));
        return e.Account;
    }

    private sealed record PaymentRow(
        PaymentId Payment,
        PartnerCode Partner,
        DateOnly BankDate,
        string Serial,
        AccountNo Account,
        Channel Channel,
        Money Amount,
        ReceiptNo? Receipt,
        PaymentStatus Status,
        DateOnly? ReversedOn);
}
