using Billing.Contracts.Payments;
using Billing.Platform;
using Npgsql;

namespace Billing.Customers;

/// <summary>Money that was taken back, by a partner or after its day end by the company.</summary>
public sealed class OnPaymentsReversed(NpgsqlDataSource source) : Consumer<PaymentsReversed>(source)
{
    /// <inheritdoc/>
    protected override Task<int> Apply(
        PaymentsReversed message, NpgsqlConnection connection, CancellationToken cancellation) =>
        AccountTimeline.Write(
            connection, "payments", "payment-reversed", message.Items,
            item => new(item.Account, item.Origin, item.Amount,
                new
                {
                    item.Payment, item.Channel, item.Partner, item.ReversedOn, item.Reason, item.Allocations,
                    item.Advance, item.AfterDayEnd,
                }),
            cancellation);
}
