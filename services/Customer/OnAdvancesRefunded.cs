using Billing.Contracts.Payments;
using Billing.Platform;
using Npgsql;

namespace Billing.Customers;

/// <summary>Advance that was paid back.</summary>
public sealed class OnAdvancesRefunded(NpgsqlDataSource source) : Consumer<AdvancesRefunded>(source)
{
    /// <inheritdoc/>
    protected override Task<int> Apply(
        AdvancesRefunded message, NpgsqlConnection connection, CancellationToken cancellation) =>
        AccountTimeline.Write(
            connection, "payments", "advance-refunded", message.Items,
            item => new(item.Account, item.Origin, item.Amount,
                new { item.Refund, item.RefundedOn, item.Reason }),
            cancellation);
}
