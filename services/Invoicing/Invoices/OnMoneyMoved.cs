using Billing.Contracts;
using Billing.Contracts.Payments;
using Billing.Platform;
using Dapper;
using Npgsql;

namespace Billing.Invoicing;

/// <summary>Adds payments to the statements of account.</summary>
public sealed class OnPaymentsReceived(NpgsqlDataSource source) : Consumer<PaymentsReceived>(source)
{
    protected override Task<int> Apply(
        PaymentsReceived message, NpgsqlConnection connection, CancellationToken cancellation) =>
        MoneyMoved.Enter(connection, message.Items, item => new(
            "payment", item.PaidOn, -item.Amount, item.Payment.Value,
            $"{item.Channel} {item.Partner}"), cancellation);
}

/// <summary>
/// Adds applied advance to the statements of account: shown with amount 0, because the balance stays the same.
/// </summary>
public sealed class OnAdvancesApplied(NpgsqlDataSource source) : Consumer<AdvancesApplied>(source)
{
    protected override Task<int> Apply(
        AdvancesApplied message, NpgsqlConnection connection, CancellationToken cancellation) =>
        MoneyMoved.Enter(connection, message.Items, item => new(
            "advance", item.Origin.RecordedAt.BusinessDate(), Money.Zero,
            string.Join(' ', item.Allocations.Select(allocation => allocation.Invoice.Value)),
            $"advance {item.Advance}"), cancellation);
}

/// <summary>Adds reversals to the statements of account: the amount is owed again.</summary>
public sealed class OnPaymentsReversed(NpgsqlDataSource source) : Consumer<PaymentsReversed>(source)
{
    protected override Task<int> Apply(
        PaymentsReversed message, NpgsqlConnection connection, CancellationToken cancellation) =>
        MoneyMoved.Enter(connection, message.Items, item => new(
            "reversal", item.ReversedOn, item.Amount, item.Payment.Value, item.Reason), cancellation);
}

/// <summary>Adds refunds to the statements of account: the money is no longer in the customer's favour.</summary>
public sealed class OnAdvancesRefunded(NpgsqlDataSource source) : Consumer<AdvancesRefunded>(source)
{
    protected override Task<int> Apply(
        AdvancesRefunded message, NpgsqlConnection connection, CancellationToken cancellation) =>
        MoneyMoved.Enter(connection, message.Items, item => new(
            "refund", item.RefundedOn, item.Amount, item.Refund.Value, item.Reason), cancellation);
}
