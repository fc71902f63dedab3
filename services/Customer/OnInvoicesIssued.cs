using Billing.Contracts.Invoicing;
using Billing.Platform;
using Npgsql;

namespace Billing.Customers;

/// <summary>An invoice is a day in the life of its account.</summary>
public sealed class OnInvoicesIssued(NpgsqlDataSource source) : Consumer<InvoicesIssued>(source)
{
    /// <inheritdoc/>
    protected override Task<int> Apply(
        InvoicesIssued message, NpgsqlConnection connection, CancellationToken cancellation) =>
        AccountTimeline.Write(
            connection, "invoicing", "invoice-issued", message.Items,
            item => new(item.Account, item.Origin, item.Amount,
                new { item.Invoice, item.Utility, item.Period, item.IssuedOn, item.DueOn }),
            cancellation);
}
