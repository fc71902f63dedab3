using Billing.Contracts.Payments;
using Billing.Platform;
using Npgsql;

namespace Billing.Collections;

/// <summary>Reduces the advance of accounts by refunds.</summary>
public sealed class OnAdvancesRefunded(NpgsqlDataSource source) : Consumer<AdvancesRefunded>(source)
{
    protected override Task<int> Apply(
        AdvancesRefunded message, NpgsqlConnection connection, CancellationToken cancellation) =>
        ReceivablesWriter.Move(
            message.Items.Select(item => new DatedMovement(item, item.RefundedOn)), connection, cancellation);
}
