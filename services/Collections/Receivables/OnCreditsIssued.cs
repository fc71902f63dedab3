using Billing.Contracts.Invoicing;
using Billing.Platform;
using Npgsql;

namespace Billing.Collections;

/// <summary>Reduces receivables by credit notes.</summary>
public sealed class OnCreditsIssued(NpgsqlDataSource source) : Consumer<CreditsIssued>(source)
{
    protected override Task<int> Apply(
        CreditsIssued message, NpgsqlConnection connection, CancellationToken cancellation) =>
        ReceivablesWriter.Credit(message.Items, connection, cancellation);
}
