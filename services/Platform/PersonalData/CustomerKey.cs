using System.Security.Cryptography;
using System.Text;

namespace Billing.Platform;

/// <summary>
/// The data key of one customer: AES-256-GCM with the customer and the member as associated data, so that a ciphertext
/// cannot be moved to another member or another customer. The nonce is a keyed hash of these and of the clear text:
/// equal inputs give equal ciphertexts, and no nonce is used for two different texts. Without any state, so pure.
/// </summary>
public sealed class CustomerKey
{
    /// <summary>The length of a data key, bytes.</summary>
    public const int Length = 32;

    private const byte Version = 1;
    private const int Nonce = 12, Tag = 16, Head = 1 + Nonce;

    private readonly string _customer;
    private readonly byte[] _sealing;
    private readonly byte[] _hashing;

    /// <summary>The key of a customer.</summary>
    /// <param name="customer">The customer's number.</param>
    /// <param name="secret">The data key, <see cref="Length"/> random bytes.</param>
    public CustomerKey(string customer, ReadOnlySpan<byte> secret)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(secret.Length, Length);
        _customer = customer;
        Span<byte> derived = stackalloc byte[2 * Length];
        HKDF.Expand(HashAlgorithmName.SHA256, secret, derived, "billing personal data 1"u8);
        (_sealing, _hashing) = (derived[..Length].ToArray(), derived[Length..].ToArray());
    }

    /// <summary>The ciphertext of a text.</summary>
    /// <param name="member">Which text of the customer it is, such as <c>name</c>.</param>
    /// <param name="text">The clear text.</param>
    public Sealed Seal(string member, string text) =>
        new(Convert.ToBase64String(Seal(member, Encoding.UTF8.GetBytes(text))));

    /// <inheritdoc cref="Seal(string, string)"/>
    public byte[] Seal(string member, byte[] clear)
    {
        ArgumentNullException.ThrowIfNull(clear);
        var result = new byte[Head + clear.Length + Tag];
        result[0] = Version;
        Digest(member, clear, Nonce).CopyTo(result, 1);
        using var cipher = new AesGcm(_sealing, Tag);
        cipher.Encrypt(
            result.AsSpan(1, Nonce), clear, result.AsSpan(Head, clear.Length), result.AsSpan(Head + clear.Length),
            PlaceOf(member));
        return result;
    }

    /// <summary>The clear text of a ciphertext.</summary>
    /// <exception cref="CryptographicException">It was not sealed for this member of this customer.</exception>
    public string Open(string member, Sealed text)
    {
        try
        {
            return Encoding.UTF8.GetString(Open(member, Convert.FromBase64String(text.Text)));
        }
        catch (FormatException e)
        {
            throw new CryptographicException("A sealed text is not base64.", e);
        }
    }

    /// <inheritdoc cref="Open(string, Sealed)"/>
    public byte[] Open(string member, byte[] cipher)
    {
        ArgumentNullException.ThrowIfNull(cipher);
        if (cipher.Length < Head + Tag || cipher[0] != Version)
            throw new CryptographicException("A ciphertext is not of a version that is known here.");
        var clear = new byte[cipher.Length - Head - Tag];
        using var aes = new AesGcm(_sealing, Tag);
        aes.Decrypt(
            cipher.AsSpan(1, Nonce), cipher.AsSpan(Head, clear.Length), cipher.AsSpan(Head + clear.Length), clear,
            PlaceOf(member));
        return clear;
    }

    /// <summary>The first bytes of a keyed hash of a member's clear text.</summary>
    internal byte[] Digest(string member, byte[] clear, int length)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _hashing);
        hash.AppendData(PlaceOf(member));
        hash.AppendData(clear);
        return hash.GetHashAndReset()[..length];
    }

    // Customer numbers hold no NUL, so no two places are written the same.
    private byte[] PlaceOf(string member) => Encoding.UTF8.GetBytes($"{_customer}\0{member}\0");
}
