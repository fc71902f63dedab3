using Billing.Contracts.Invoicing;
using Billing.Platform;
using Npgsql;

namespace Billing.Customers;

/// <summary>A credit note is a day in the life of its account.</summary>
public sealed class OnCreditsIssued(NpgsqlDataSource source) : Consumer<CreditsIssued>(source)
{
    /// <inheritdoc/>
    protected override Task<int> Apply(
        CreditsIssued message, NpgsqlConnection connection, CancellationToken cancellation) =>
        AccountTimeline.Write(
            connection, "invoicing", "credit-issued", message.Items,
            item => new(item.Account, item.Origin, item.Amount,
                new { item.CreditNote, item.Invoice, item.Reason, item.IssuedOn, item.Net, item.Tax }),
            cancellation);
}
