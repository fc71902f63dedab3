using System.Security.Cryptography;
using Billing.Platform;

namespace Billing.Invoicing;

/// <summary>
/// The key that seals manifests, a PEM file that <c>Billing:Manifest:Key</c> names: ECDSA P-256, private. It lies
/// outside of the database, else whoever owns the database could seal what he changed. Workers have none.
/// </summary>
public sealed class ManifestKey : IDisposable
{
    private const string Setting = "Billing:Manifest:Key";
    private readonly ECDsa _key;

    private ManifestKey(ECDsa key) => _key = key;

    /// <summary>Reads the key that is configured.</summary>
    /// <exception cref="InvalidConfigurationException">There is none, or it is not such a key.</exception>
    public static ManifestKey From(IConfiguration configuration)
    {
        if (configuration[Setting] is not { Length: > 0 } file)
            throw new InvalidConfigurationException(
                $"{Setting} is not set (environment variable Billing__Manifest__Key). It names the PEM file with the " +
                "private key that seals the manifests of billing runs; './billing run key FOLDER' makes one.");
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(File.ReadAllText(file));
            key.SignHash(new byte[SHA256.HashSizeInBytes]);
            if (key.KeySize != 256)
                throw new CryptographicException($"it has {key.KeySize} bits, not 256");
            return new(key);
        }
        catch (Exception e) when (
            e is ArgumentException or CryptographicException or IOException or UnauthorizedAccessException)
        {
            key.Dispose();
            throw new InvalidConfigurationException(
                $"{Setting}: {file} is not a PEM file with a private key for ECDSA P-256: {e.Message}", e);
        }
    }

    /// <summary>The manifest, sealed.</summary>
    public Manifest Seal(Manifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        return manifest.Seal(_key);
    }

    public void Dispose() => _key.Dispose();
}
