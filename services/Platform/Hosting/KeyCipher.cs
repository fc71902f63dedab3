using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.Platform;

/// <summary>
/// Encrypts what lies in a database or a folder (AES-256-GCM) by a key that is not there: a dump opens nothing.
/// </summary>
/// <param name="key">The key, 32 bytes.</param>
public sealed class KeyCipher(byte[] key)
{
    private static readonly int Nonce = AesGcm.NonceByteSizes.MaxSize, Tag = AesGcm.TagByteSizes.MaxSize;

    /// <summary>A cipher whose key is derived from a secret for one use.</summary>
    /// <param name="secret">The secret; it should have 256 random bits.</param>
    /// <param name="use">What for; another use gives another key.</param>
    public static KeyCipher DerivedFrom(byte[] secret, string use) => new(HKDF.DeriveKey(
        HashAlgorithmName.SHA256, secret, 32, info: Encoding.UTF8.GetBytes(use)));

    /// <summary>Encrypts; the same text gives other bytes each time.</summary>
    public byte[] Encrypt(ReadOnlySpan<byte> plain)
    {
        var bytes = new byte[Nonce + Tag + plain.Length];
        RandomNumberGenerator.Fill(bytes.AsSpan(0, Nonce));
        using var cipher = new AesGcm(key, Tag);
        cipher.Encrypt(bytes.AsSpan(0, Nonce), plain, bytes.AsSpan(Nonce + Tag), bytes.AsSpan(Nonce, Tag));
        return bytes;
    }

    /// <summary>Decrypts.</summary>
    /// <exception cref="CryptographicException">It was encrypted by another key, or changed since.</exception>
    public byte[] Decrypt(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Nonce + Tag)
            throw new CryptographicException("This is too short to be encrypted.");
        var plain = new byte[bytes.Length - Nonce - Tag];
        using var cipher = new AesGcm(key, Tag);
        cipher.Decrypt(bytes[..Nonce], bytes[(Nonce + Tag)..], bytes.Slice(Nonce, Tag), plain);
        return plain;
    }
}

/// <summary>The keys of cookies and forms, encrypted where they lie.</summary>
public static class KeysOfCookies
{
    /// <summary>Protects cookies and forms by keys that are encrypted by the cipher.</summary>
    public static IDataProtectionBuilder AddEncryptedKeys(
        this IServiceCollection services, string application, Func<IServiceProvider, KeyCipher> cipher)
    {
        services.AddSingleton(provider => new Cipher(cipher(provider)));
        services.AddOptions<KeyManagementOptions>().Configure<Cipher>((keys, of) =>
            keys.XmlEncryptor = new Encryptor(of));
        return services.AddDataProtection().SetApplicationName(application);
    }

    internal sealed record Cipher(KeyCipher Of);

    private sealed class Encryptor(Cipher cipher) : IXmlEncryptor
    {
        public EncryptedXmlInfo Encrypt(XElement plaintextElement)
        {
            var plain = Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting));
            return new(
                new XElement("aes-gcm", Convert.ToBase64String(cipher.Of.Encrypt(plain))), typeof(KeyDecryptor));
        }
    }
}

/// <summary>Decrypts keys of cookies and forms; the framework makes it by the name in the stored key.</summary>
internal sealed class KeyDecryptor(IServiceProvider services) : IXmlDecryptor
{
    public XElement Decrypt(XElement encryptedElement) => XElement.Parse(Encoding.UTF8.GetString(
        services.GetRequiredService<KeysOfCookies.Cipher>().Of.Decrypt(
            Convert.FromBase64String(encryptedElement.Value))));
}
