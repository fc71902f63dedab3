using Billing.Contracts.Payments;
using Billing.Platform;
using Npgsql;

namespace Billing.Customers;

/// <summary>Money already held that was put on invoices; the amount is negative when it came free again.</summary>
public sealed class OnAdvancesApplied(NpgsqlDataSource source) : Consumer<AdvancesApplied>(source)
{
    /// <inheritdoc/>
    protected override Task<int> Apply(
        AdvancesApplied message, NpgsqlConnection connection, CancellationToken cancellation) =>
        AccountTimeline.Write(
            connection, "payments", "advance-applied", message.Items,
            item => new(item.Account, item.Origin, -item.Advance,
                new { item.Allocations }),
            cancellation);
}
