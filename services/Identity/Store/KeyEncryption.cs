using System.Security.Cryptography;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.Options;

namespace Billing.Identity;

/// <summary>
/// Encrypts the keys of cookies and forms, which lie in the database, by a key derived from the one that signs tokens:
/// a dump of the database opens no session.
/// </summary>
internal sealed class KeyEncryptor(IOptions<IssuerOptions> options) : IXmlEncryptor
{
    internal static readonly XName Element = "aes-gcm";

    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        ArgumentNullException.ThrowIfNull(plaintextElement);
        var plain = System.Text.Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting));
        var bytes = new byte[AesGcm.NonceByteSizes.MaxSize + AesGcm.TagByteSizes.MaxSize + plain.Length];
        RandomNumberGenerator.Fill(bytes.AsSpan(0, AesGcm.NonceByteSizes.MaxSize));
        using var cipher = SigningKey.Cookies(options.Value.Key);
        var parts = Parts(bytes);
        cipher.Encrypt(parts.Nonce.Span, plain, parts.Text.Span, parts.Tag.Span);
        return new(new XElement(Element, Convert.ToBase64String(bytes)), typeof(KeyDecryptor));
    }

    /// <summary>Nonce, tag and text of what was encrypted.</summary>
    internal static Sealed Parts(byte[] bytes)
    {
        var (nonce, tag) = (AesGcm.NonceByteSizes.MaxSize, AesGcm.TagByteSizes.MaxSize);
        return new(bytes.AsMemory(0, nonce), bytes.AsMemory(nonce, tag), bytes.AsMemory(nonce + tag));
    }

    /// <summary>What was encrypted, as it is stored.</summary>
    internal readonly record struct Sealed(Memory<byte> Nonce, Memory<byte> Tag, Memory<byte> Text);
}

/// <summary>Decrypts what <see cref="KeyEncryptor"/> has encrypted; made by the framework.</summary>
internal sealed class KeyDecryptor(IServiceProvider services) : IXmlDecryptor
{
    public XElement Decrypt(XElement encryptedElement)
    {
        ArgumentNullException.ThrowIfNull(encryptedElement);
        var parts = KeyEncryptor.Parts(Convert.FromBase64String(encryptedElement.Value));
        var plain = new byte[parts.Text.Length];
        using var cipher = SigningKey.Cookies(services.GetRequiredService<IOptions<IssuerOptions>>().Value.Key);
        cipher.Decrypt(parts.Nonce.Span, parts.Text.Span, parts.Tag.Span, plain);
        return XElement.Parse(System.Text.Encoding.UTF8.GetString(plain));
    }
}
