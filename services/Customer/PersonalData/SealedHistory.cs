using Billing.Contracts;
using Billing.Platform;
using Npgsql;

namespace Billing.Customers;

/// <summary>
/// Encrypts what was stored in clear before there were keys: registrations and openings are rewritten where they stand,
/// once, by <c>./billing migrate</c> (docs/adr/0039). No event in clear is left, so no code reads one.
/// </summary>
public static class SealedHistory
{
    public static readonly SchemaStep Step = new("customer/0004-history-is-sealed", Run);

    private static async Task Run(
        NpgsqlDataSource source, Func<MasterKeys> masters, CancellationToken cancellation)
    {
        var events = new StoredEvents(source);
        Type[] clear = [typeof(ClearCustomerRegistered), typeof(ClearAccountOpened)];
        if (await events.Count(clear, 0, long.MaxValue, cancellation) == 0)
            return;
        var keys = new CustomerKeys(source, masters());
        var search = new CustomerSearch(keys);
        await Rewriting.Run<ClearCustomerRegistered, CustomerRegistered>(
            source, (connection, old) => Seal(connection, old, keys, search, cancellation), cancellation);
        await Rewriting.Run<ClearAccountOpened, AccountOpened>(
            source, (connection, old) => Seal(connection, old, keys, cancellation), cancellation);
    }

    private static async Task<IReadOnlyList<CustomerRegistered>> Seal(
        NpgsqlConnection connection, IReadOnlyList<ClearCustomerRegistered> old, CustomerKeys keys,
        CustomerSearch search, CancellationToken cancellation)
    {
        var sealing = await keys.OfOrNew(connection, old.Select(e => e.Customer.Value), cancellation);
        var found = new List<CustomerSearch.Hashes>(old.Count);
        foreach (var e in old)
            found.Add(await search.Entry(e.Customer, e.Name, e.Phone, cancellation));
        await CustomerSearch.Write(connection, found, cancellation);
        return [.. from e in old
            let key = sealing[e.Customer.Value]
            select new CustomerRegistered(
                e.Customer, key.SealName(e.Name), key.SealPhone(e.Phone), e.Kind, Mask.Name(e.Name, e.Kind))];
    }

    private static async Task<IReadOnlyList<AccountOpened>> Seal(
        NpgsqlConnection connection, IReadOnlyList<ClearAccountOpened> old, CustomerKeys keys,
        CancellationToken cancellation)
    {
        var sealing = await keys.OfOrNew(connection, old.Select(e => e.Contract.Customer.Value), cancellation);
        return [.. old.Select(e => new AccountOpened(
            e.Account, e.Contract, sealing[e.Contract.Customer.Value].SealAddress(e.Account, e.Address), e.Electricity,
            e.Heat))];
    }

    /// <summary>A registration as it was stored before there were keys.</summary>
    [StoredAs("customer-registered.v1")]
    private sealed record ClearCustomerRegistered(CustomerNo Customer, string Name, string Phone, HolderKind Kind);

    /// <summary>An opening as it was stored before there were keys.</summary>
    [StoredAs("account-opened.v1")]
    private sealed record ClearAccountOpened(
        AccountNo Account, Contract Contract, string Address, ElectricitySupply? Electricity, HeatSupply? Heat);
}
