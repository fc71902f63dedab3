using Billing.Contracts.Payments;
using Billing.Platform;
using Npgsql;

namespace Billing.Collections;

/// <summary>
/// Money that was taken back makes its receivables open again, from the partner's date of the reversal.
/// </summary>
public sealed class OnPaymentsReversed(NpgsqlDataSource source) : Consumer<PaymentsReversed>(source)
{
    protected override Task<int> Apply(
        PaymentsReversed message, NpgsqlConnection connection, CancellationToken cancellation) =>
        ReceivablesWriter.Move(
            message.Items.Select(item => new DatedMovement(item, item.ReversedOn)), connection, cancellation);
}
