using System.Security.Cryptography;
using Billing.Platform;
using Microsoft.IdentityModel.Tokens;

namespace Billing.Identity;

/// <summary>The key that signs tokens, and the one derived from it that encrypts codes and refresh tokens.</summary>
internal static class SigningKey
{
    private const int Bits = 256;

    /// <summary>Reads the private key.</summary>
    /// <exception cref="CryptographicException">The file has no such key.</exception>
    public static ECDsa Read(string file)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(File.ReadAllText(file));
            key.ExportParameters(includePrivateParameters: true);
            return key.ExportParameters(false).Curve.Oid.FriendlyName is "nistP256" or "ECDSA_P256"
                ? key
                : throw new CryptographicException("it is on another curve");
        }
        catch (Exception e) when (
            e is ArgumentException or CryptographicException or IOException or UnauthorizedAccessException)
        {
            key.Dispose();
            throw new CryptographicException(
                $"{file} is not a PEM file with a private key for ECDSA P-256: {e.Message}", e);
        }
    }

    /// <summary>A cipher for what lies in the database, by a key derived from the one that signs.</summary>
    public static KeyCipher Cipher(string file, string use)
    {
        using var key = Read(file);
        return KeyCipher.DerivedFrom(key.ExportParameters(includePrivateParameters: true).D!, use);
    }

    /// <summary>The key of codes and refresh tokens, which nobody but this service reads.</summary>
    public static SymmetricSecurityKey Encryption(ECDsa key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return new(Derived(key, "billing codes and refresh tokens"u8));
    }

    private static byte[] Derived(ECDsa key, ReadOnlySpan<byte> use) => HKDF.DeriveKey(
        HashAlgorithmName.SHA256, key.ExportParameters(includePrivateParameters: true).D!, Bits / 8,
        info: use.ToArray());
}
