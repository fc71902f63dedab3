using Billing.Contracts.Payments;
using Billing.Platform;
using Npgsql;

namespace Billing.Customers;

/// <summary>Money that came in, and what it paid.</summary>
public sealed class OnPaymentsReceived(NpgsqlDataSource source) : Consumer<PaymentsReceived>(source)
{
    /// <inheritdoc/>
    protected override Task<int> Apply(
        PaymentsReceived message, NpgsqlConnection connection, CancellationToken cancellation) =>
        AccountTimeline.Write(
            connection, "payments", "payment-received", message.Items,
            item => new(item.Account, item.Origin, item.Amount,
                new
                {
                    item.Payment, item.Channel, item.Partner, item.PaidOn, item.Receipt, item.Allocations, item.Advance,
                }),
            cancellation);
}
