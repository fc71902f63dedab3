using System.Security.Cryptography;
using Npgsql;

namespace Billing.Platform;

/// <summary>
/// The data keys of a service's customers, in the table <c>customer_keys</c>. No data key is kept in memory: every read
/// asks the table, so that a destroyed key is gone at once for every process.
/// </summary>
public sealed class CustomerKeys(NpgsqlDataSource source, MasterKeys masters)
{
    private const int AtOnce = 1_000;

    /// <summary>The row of the key for hashes; no customer's number is a star.</summary>
    private const string HashesRow = "*";

    private KeyedHash? _hash;

    /// <summary>
    /// The keys of customers, made for those who have none. A customer whose key was destroyed is not in the result and
    /// never gets another one.
    /// </summary>
    /// <param name="connection">The connection in whose transaction new keys are stored.</param>
    /// <param name="customers">The customers' numbers.</param>
    /// <param name="cancellation">Cancels.</param>
    public async Task<IReadOnlyDictionary<string, CustomerKey>> OfOrNew(
        NpgsqlConnection connection, IEnumerable<string> customers, CancellationToken cancellation = default)
    {
        string[] wanted = [.. customers.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        var keys = new Dictionary<string, CustomerKey>(wanted.Length, StringComparer.Ordinal);
        var known = await Read(connection, wanted, keys, cancellation);
        string[] missing = [.. wanted.Where(customer => !known.Contains(customer))];
        if (missing.Length == 0)
            return keys;
        var made = missing.ToDictionary(
            customer => customer, _ => RandomNumberGenerator.GetBytes(CustomerKey.Length), StringComparer.Ordinal);
        await using (var insert = new NpgsqlCommand("""
            insert into customer_keys (customer, wrapped, master_key)
            select c, w, $3 from unnest($1::text[], $2::bytea[]) k(c, w) order by c
            on conflict do nothing returning customer
            """, connection))
        {
            insert.Parameters.Add(new() { Value = missing });
            insert.Parameters.Add(new()
            {
                Value = missing.Select(customer => masters.Wrap(made[customer], customer)).ToArray(),
            });
            insert.Parameters.Add(new() { Value = masters.Current });
            await using var reader = await insert.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
                keys[reader.GetString(0)] = new(reader.GetString(0), made[reader.GetString(0)]);
        }
        string[] others = [.. missing.Where(customer => !keys.ContainsKey(customer))];
        if (others.Length > 0)
            await Read(connection, others, keys, cancellation);
        return keys;
    }

    /// <summary>The key of a customer; null when there is none, or none any more.</summary>
    public async Task<CustomerKey?> Find(string customer, CancellationToken cancellation = default)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        return await Find(connection, customer, cancellation);
    }

    /// <inheritdoc cref="Find(string, CancellationToken)"/>
    public async Task<CustomerKey?> Find(
        NpgsqlConnection connection, string customer, CancellationToken cancellation = default)
    {
        var keys = new Dictionary<string, CustomerKey>(1, StringComparer.Ordinal);
        await Read(connection, [customer], keys, cancellation);
        return keys.GetValueOrDefault(customer);
    }

    /// <summary>Destroys the key of a customer: all that was sealed with it can never be read again.</summary>
    public static async Task Destroy(
        NpgsqlConnection connection, string customer, CancellationToken cancellation = default)
    {
        await using var destroy = new NpgsqlCommand("""
            insert into customer_keys (customer, wrapped, master_key, destroyed_at) values ($1, null, '', now())
            on conflict (customer) do update set wrapped = null, master_key = '', destroyed_at = now()
            where customer_keys.wrapped is not null
            """, connection);
        destroy.Parameters.Add(new() { Value = customer });
        await destroy.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>
    /// Wraps again, with the current master key, every data key that another one wraps; afterwards the other ones are
    /// not needed any more. Safe to repeat and to interrupt.
    /// </summary>
    /// <returns>How many keys were wrapped again.</returns>
    public async Task<long> Rewrap(CancellationToken cancellation = default)
    {
        for (var (total, after) = (0L, ""); ; )
        {
            await using var connection = await source.OpenConnectionAsync(cancellation);
            await using var transaction = await connection.BeginTransactionAsync(cancellation);
            var rows = new List<(string Customer, byte[] Wrapped)>();
            await using (var read = new NpgsqlCommand($"""
                select customer, wrapped, master_key from customer_keys
                where wrapped is not null and master_key <> $1 and customer > $2
                order by customer limit {AtOnce} for update
                """, connection))
            {
                read.Parameters.Add(new() { Value = masters.Current });
                read.Parameters.Add(new() { Value = after });
                await using var reader = await read.ExecuteReaderAsync(cancellation);
                while (await reader.ReadAsync(cancellation))
                {
                    var customer = reader.GetString(0);
                    var key = masters.Unwrap(reader.GetFieldValue<byte[]>(1), reader.GetString(2), customer);
                    rows.Add((customer, masters.Wrap(key, customer)));
                }
            }
            if (rows.Count == 0)
                return total;
            await using var update = new NpgsqlCommand("""
                update customer_keys k set wrapped = n.wrapped, master_key = $3
                from unnest($1::text[], $2::bytea[]) n(customer, wrapped) where k.customer = n.customer
                """, connection);
            update.Parameters.Add(new() { Value = rows.ConvertAll(row => row.Customer).ToArray() });
            update.Parameters.Add(new() { Value = rows.ConvertAll(row => row.Wrapped).ToArray() });
            update.Parameters.Add(new() { Value = masters.Current });
            await update.ExecuteNonQueryAsync(cancellation);
            await transaction.CommitAsync(cancellation);
            (total, after) = (total + rows.Count, rows[^1].Customer);
        }
    }

    /// <summary>
    /// The key for hashes by which rows are found. It is a data key like the customers', so that a new master key
    /// changes no hash.
    /// </summary>
    public async ValueTask<KeyedHash> Hash(CancellationToken cancellation = default)
    {
        if (_hash is not null)
            return _hash;
        // In a transaction of its own: what is remembered here must not be rolled back.
        await using var connection = await source.OpenConnectionAsync(cancellation);
        var key = (await OfOrNew(connection, [HashesRow], cancellation))[HashesRow];
        return _hash = new(key);
    }

    private async Task<HashSet<string>> Read(
        NpgsqlConnection connection, string[] customers, Dictionary<string, CustomerKey> keys,
        CancellationToken cancellation)
    {
        await using var read = new NpgsqlCommand(
            "select customer, wrapped, master_key from customer_keys where customer = any($1)", connection);
        read.Parameters.Add(new() { Value = customers });
        await using var reader = await read.ExecuteReaderAsync(cancellation);
        var known = new HashSet<string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellation))
        {
            var customer = reader.GetString(0);
            known.Add(customer);
            if (!reader.IsDBNull(1))
                keys[customer] = new(
                    customer, masters.Unwrap(reader.GetFieldValue<byte[]>(1), reader.GetString(2), customer));
        }
        return known;
    }
}
