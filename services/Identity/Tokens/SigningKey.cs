using System.Security.Cryptography;
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
            key.ExportECPrivateKey();
            return key.KeySize == Bits
                ? key
                : throw new CryptographicException($"it has {key.KeySize} bits, not {Bits}");
        }
        catch (Exception e) when (
            e is ArgumentException or CryptographicException or IOException or UnauthorizedAccessException)
        {
            key.Dispose();
            throw new CryptographicException(
                $"{file} is not a PEM file with a private key for ECDSA P-256: {e.Message}", e);
        }
    }

    /// <summary>The key of codes and refresh tokens, which nobody but this service reads.</summary>
    public static SymmetricSecurityKey Encryption(ECDsa key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return new(HKDF.DeriveKey(
            HashAlgorithmName.SHA256, key.ExportECPrivateKey(), Bits / 8,
            info: "billing codes and refresh tokens"u8.ToArray()));
    }
}
