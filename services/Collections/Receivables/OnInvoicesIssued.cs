using Billing.Contracts.Invoicing;
using Billing.Platform;
using Npgsql;

namespace Billing.Collections;

/// <summary>Adds invoices as receivables, which age from their due date.</summary>
public sealed class OnInvoicesIssued(NpgsqlDataSource source) : Consumer<InvoicesIssued>(source)
{
    protected override Task<int> Apply(
        InvoicesIssued message, NpgsqlConnection connection, CancellationToken cancellation) =>
        ReceivablesWriter.Issue(message.Items, connection, cancellation);
}
