using Billing.Contracts.Payments;
using Billing.Platform;
using Npgsql;

namespace Billing.Collections;

/// <summary>
/// Advance that pays an invoice settles it like money; it counts for the day in China on which it was recorded.
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
