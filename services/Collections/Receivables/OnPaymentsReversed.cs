using Billing.Contracts.Payments;
using Billing.Platform;
using Npgsql;

namespace Billing.Collections;

/// <summary>
/// Opens the receivables of reversed payments again, from the partner's business date of the reversal.
/// </summary>
public sealed class OnPaymentsReversed(NpgsqlDataSource source) : Consumer<PaymentsReversed>(source)
{
    protected override Task<int> Apply(
        PaymentsReversed message, NpgsqlConnection connection, CancellationToken cancellation) =>
        ReceivablesWriter.Move(
            message.Items.Select(item => new DatedMovement(item, item.ReversedOn)), connection, cancellation);
}
