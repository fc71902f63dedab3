using System.Security.Cryptography;
using Billing.Contracts.Api;
using Billing.Platform;
using Microsoft.Extensions.Options;

namespace Billing.Invoicing;

/// <summary>
/// The private key that seals manifests, a PEM file named by <c>Billing:Manifest:Key</c>: ECDSA P-256. It is stored
/// outside of the database, because otherwise the owner of the database could change bills and seal them. Workers have
/// none.
/// </summary>
public sealed class ManifestKey : IDisposable
{
    private readonly ECDsa _key;

    private ManifestKey(ECDsa key) => _key = key;

    /// <summary>Reads a key from a file.</summary>
    /// <exception cref="CryptographicException">It is not such a key.</exception>
    public static ManifestKey Read(string file)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(File.ReadAllText(file));
            key.SignHash(new byte[SHA256.HashSizeInBytes]);
            return key.KeySize == 256
                ? new(key)
                : throw new CryptographicException($"it has {key.KeySize} bits, not 256");
        }
        catch (Exception e) when (
            e is ArgumentException or CryptographicException or IOException or UnauthorizedAccessException)
        {
            key.Dispose();
            throw new CryptographicException(
                $"{file} is not a PEM file with a private key for ECDSA P-256: {e.Message}", e);
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

/// <summary>How manifests are sealed, from the section <c>Billing:Manifest</c>.</summary>
public sealed class ManifestOptions
{
    /// <summary>The name of the configuration section.</summary>
    public const string Section = "Billing:Manifest";

    /// <summary>The PEM file of the private key.</summary>
    public string Key { get; set; } = "";
}

/// <summary>Checks that there is a key that can seal; without one the service does not start.</summary>
internal sealed class ManifestOptionsCheck : IValidateOptions<ManifestOptions>
{
    private const string Setting = $"{ManifestOptions.Section}:{nameof(ManifestOptions.Key)}";

    public ValidateOptionsResult Validate(string? name, ManifestOptions options)
    {
        if (options.Key.Length == 0)
            return ValidateOptionsResult.Fail(
                $"{Setting} is not set (environment variable {CheckedOptions.VariableOf(Setting)}). It names the PEM " +
                "file with the private key that seals the manifests of billing runs; './billing keys FOLDER' " +
                "makes one.");
        try
        {
            using var key = ManifestKey.Read(options.Key);
            return ValidateOptionsResult.Success;
        }
        catch (CryptographicException e)
        {
            return ValidateOptionsResult.Fail($"{Setting}: {e.Message}");
        }
    }
}
