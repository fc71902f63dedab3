using System.Text;

namespace Billing.Platform;

/// <summary>
/// Hashes by which a row is found by the exact text of a personal member. Whoever has only the database cannot try
/// telephone numbers one by one: the hash needs its key. A hash is personal data still and goes with an erasure, so it
/// stands in rows that can be deleted, never in events.
/// </summary>
public sealed class KeyedHash
{
    private const int Length = 16;

    private readonly CustomerKey _key;

    internal KeyedHash(CustomerKey key) => _key = key;

    /// <summary>The hash of a text, 16 bytes.</summary>
    /// <param name="member">Which member it is; equal texts of two members have different hashes.</param>
    /// <param name="text">The clear text, in the form in which it is compared.</param>
    public byte[] Of(string member, string text) => _key.Digest(member, Encoding.UTF8.GetBytes(text), Length);
}
