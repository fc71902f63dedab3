using Billing.Contracts.Payments;
using Billing.Platform;
using Npgsql;

namespace Billing.Collections;

/// <summary>
/// Settles receivables from advance, like a payment; the business date is the date in China on which it was recorded.
/// </summary>
public sealed class OnAdvancesApplied(NpgsqlDataSource source) : Consumer<AdvancesApplied>(source)
{
    protected override Task<int> Apply(
        AdvancesApplied message, NpgsqlConnection connection, CancellationToken cancellation) =>
        ReceivablesWriter.Move(
            message.Items.Select(item => new DatedMovement(item, item.Origin.RecordedAt.BusinessDate())),
            connection,
            cancellation);
}
