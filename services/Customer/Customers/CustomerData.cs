using Billing.Contracts;
using Billing.Platform;
using Dapper;
using Npgsql;

namespace Billing.Customers;

/// <summary>
/// Decides about a customer: the customer's stream, the streams of all their accounts, the key and the hashes by which
/// they are found, in one transaction.
/// </summary>
public sealed class CustomerData(EventStore store, CustomerKeys keys, NpgsqlDataSource source)
{
    /// <summary>The customer with all of their accounts, locked.</summary>
    /// <param name="Key">The customer's key; null once it was destroyed.</param>
    /// <param name="Accounts">The states of the accounts, by number.</param>
    internal sealed record Locked(CustomerKey? Key, IReadOnlyList<Account.Open> Accounts);

    /// <summary>Decides a command on the customer's stream and writes what follows from it.</summary>
    /// <param name="customer">The customer.</param>
    /// <param name="command">Makes the command.</param>
    /// <param name="follow">The event of each account that follows from one of the customer; null when none
    /// does.</param>
    /// <param name="write">Writes what else belongs to the transaction of an event.</param>
    /// <param name="isNew">Whether the customer may be new and then needs a key.</param>
    /// <param name="cancellation">Cancels.</param>
    internal async Task<(Rejection? Rejection, bool Changed)> Execute(
        CustomerNo customer,
        Func<Locked, ICommand<Holder, HolderEvent>> command,
        Func<Account.Open, AccountEvent>? follow,
        Func<NpgsqlConnection, Task> write,
        bool isNew,
        CancellationToken cancellation)
    {
        var stream = Holder.Stream(customer);
        while (true)
        {
            var numbers = await AccountsOf(customer, cancellation);
            var streams = numbers.Select(number => Account.Stream(number).Id).Prepend(stream.Id);
            var done = await store.Bulk(streams, async session =>
            {
                // An account may have been opened before the customer's stream was locked.
                if (!numbers.SequenceEqual(await AccountsOf(session.Connection, customer)))
                    return null;
                var states = await session.Load(Account.Streams, cancellation);
                var accounts = numbers.Select(number => (Account.Open)states[Account.Stream(number).Id]).ToList();
                var holder = (await session.Load(Holder.Streams, cancellation))
                    .GetValueOrDefault(stream.Id, new Holder.Unknown());
                var key = isNew
                    ? (await keys.OfOrNew(session.Connection, [customer.Value], cancellation))
                        .GetValueOrDefault(customer.Value)
                    : await keys.Find(session.Connection, customer.Value, cancellation);
                var decision = command(new(key, accounts)).Decide(holder);
                if (decision.Events.Count > 0)
                {
                    session.Append(stream, holder, decision.Events);
                    foreach (var account in follow is null ? [] : accounts)
                        session.Append(Account.Stream(account.Opening.Account), account, [follow!(account)]);
                    await write(session.Connection);
                }
                return new Done(decision.Rejection, decision.Events.Count > 0);
            }, cancellation);
            if (done is null)
                continue;
            if (done.Rejection is { } rejection)
                Telemetry.Refused.Add(1, new KeyValuePair<string, object?>("code", rejection.Code));
            return (done.Rejection, done.Changed);
        }
    }

    private async Task<List<AccountNo>> AccountsOf(CustomerNo customer, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        return await AccountsOf(connection, customer);
    }

    private static async Task<List<AccountNo>> AccountsOf(NpgsqlConnection connection, CustomerNo customer) =>
        [.. (await connection.QueryAsync<string>(
            "select account_no from accounts where customer_no = @customer order by account_no",
            new { customer = customer.Value })).Select(AccountNo.Wrap)];

    private sealed record Done(Rejection? Rejection, bool Changed);
}
