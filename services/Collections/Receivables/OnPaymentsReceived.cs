using Billing.Contracts.Payments;
using Billing.Platform;
using Npgsql;

namespace Billing.Collections;

/// <summary>Settles receivables from payments, on the partner's business date.</summary>
public sealed class OnPaymentsReceived(NpgsqlDataSource source) : Consumer<PaymentsReceived>(source)
{
    protected override Task<int> Apply(
        PaymentsReceived message, NpgsqlConnection connection, CancellationToken cancellation) =>
        ReceivablesWriter.Move(
            message.Items.Select(item => new DatedMovement(item, item.PaidOn)), connection, cancellation);
}
