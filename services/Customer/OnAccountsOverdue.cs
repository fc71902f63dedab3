using Billing.Contracts.Collections;
using Billing.Platform;
using Npgsql;

namespace Billing.Customers;

/// <summary>An account fell into arrears.</summary>
public sealed class OnAccountsOverdue(NpgsqlDataSource source) : Consumer<AccountsOverdue>(source)
{
    /// <inheritdoc/>
    protected override Task<int> Apply(
        AccountsOverdue message, NpgsqlConnection connection, CancellationToken cancellation) =>
        AccountTimeline.Write(
            connection, "collections", "account-overdue", message.Items,
            item => new(item.Account, item.Origin, item.Overdue,
                new { item.AsOf, item.Since }),
            cancellation);
}
