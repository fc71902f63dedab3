using System.Security.Cryptography;
using Npgsql;

namespace Billing.Platform;

/// <summary>
/// Documents about customers (letters, scans, photographs) in the table <c>documents</c>, each encrypted under its
/// customer's key and named by the SHA-256 of its ciphertext. The same document of the same customer has the same name
/// and is kept once. Events hold the name and nothing else.
/// </summary>
public sealed class PersonalDocuments(NpgsqlDataSource source, CustomerKeys keys)
{
    /// <summary>The size of the largest document, bytes, inclusive.</summary>
    public const int Largest = 10 * 1024 * 1024;

    /// <summary>The media types that are kept.</summary>
    public static readonly IReadOnlyList<string> MediaTypes = ["application/pdf", "image/jpeg", "image/png"];

    /// <summary>The document is of a type or a size that is not kept.</summary>
    public static readonly Rejection Unfit = Rejection.Invalid(
        "document-unfit", $"A document is 1 byte to 10 MiB of {string.Join(", ", MediaTypes)}.");

    /// <summary>The customer's key does not exist any more.</summary>
    public static readonly Rejection Erased = Rejection.Conflict(
        "document-customer-erased", "The customer's personal data was erased.");

    /// <summary>Keeps a document; the same one again changes nothing.</summary>
    /// <returns>Its name, 64 hexadecimal digits; or why it is not kept.</returns>
    public async Task<(string? Name, Rejection? Rejection)> Put(
        string customer, string mediaType, byte[] document, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(document);
        if (document.Length is 0 or > Largest || !MediaTypes.Contains(mediaType, StringComparer.Ordinal))
            return (null, Unfit);
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var made = await keys.OfOrNew(connection, [customer], cancellation);
        // Until the commit nobody destroys the key, and so no document is left behind by an erasure.
        await using (var hold = new NpgsqlCommand(
            "select from customer_keys where customer = $1 and wrapped is not null for share", connection))
        {
            hold.Parameters.Add(new() { Value = customer });
            await using var held = await hold.ExecuteReaderAsync(cancellation);
            if (!await held.ReadAsync(cancellation) || !made.ContainsKey(customer))
                return (null, Erased);
        }
        var cipher = made[customer].Seal(MemberOf(mediaType), document);
        var hash = SHA256.HashData(cipher);
        await using var insert = new NpgsqlCommand("""
            insert into documents (sha256, customer, media_type, size, bytes) values ($1, $2, $3, $4, $5)
            on conflict do nothing
            """, connection);
        foreach (object value in (object[])[hash, customer, mediaType, document.Length, cipher])
            insert.Parameters.Add(new() { Value = value });
        await insert.ExecuteNonQueryAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return (Convert.ToHexStringLower(hash), null);
    }

    /// <summary>A document by its name; null when there is none, or its customer was erased.</summary>
    /// <exception cref="CryptographicException">It is not what was put there.</exception>
    public async Task<(string MediaType, byte[] Document)?> Get(
        string customer, string name, CancellationToken cancellation = default)
    {
        if (await keys.Find(customer, cancellation) is not { } key)
            return null;
        await using var query = source.CreateCommand(
            "select media_type, bytes from documents where sha256 = $1 and customer = $2");
        query.Parameters.Add(new() { Value = Convert.FromHexString(name) });
        query.Parameters.Add(new() { Value = customer });
        await using var reader = await query.ExecuteReaderAsync(cancellation);
        if (!await reader.ReadAsync(cancellation))
            return null;
        var mediaType = reader.GetString(0);
        return (mediaType, key.Open(MemberOf(mediaType), reader.GetFieldValue<byte[]>(1)));
    }

    /// <summary>Deletes all documents of a customer, in the transaction that destroys the key.</summary>
    public static async Task Erase(
        NpgsqlConnection connection, string customer, CancellationToken cancellation = default)
    {
        await using var delete = new NpgsqlCommand("delete from documents where customer = $1", connection);
        delete.Parameters.Add(new() { Value = customer });
        await delete.ExecuteNonQueryAsync(cancellation);
    }

    private static string MemberOf(string mediaType) => $"document/{mediaType}";
}
