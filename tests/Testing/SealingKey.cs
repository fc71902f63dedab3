using System.Security.Cryptography;

namespace Billing.Testing;

/// <summary>
/// The key with which the services of a test process seal manifests; the kit configures it for every service it starts.
/// </summary>
public static class SealingKey
{
    private static readonly Lazy<string> Made = new(Make);

    /// <summary>The setting that names the private key's file.</summary>
    public const string Setting = "Billing:Manifest:Key";

    /// <summary>The file of the private key, PEM.</summary>
    public static string File => Made.Value;

    /// <summary>The file of the public key, PEM.</summary>
    public static string PublicFile => Made.Value.Replace(".pem", ".public.pem", StringComparison.Ordinal);

    /// <summary>The public key.</summary>
    public static ECDsa Public()
    {
        var key = ECDsa.Create();
        key.ImportFromPem(System.IO.File.ReadAllText(PublicFile));
        return key;
    }

    private static string Make()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var file = Path.Combine(Directory.CreateTempSubdirectory("billing-key-").FullName, "manifest.pem");
        System.IO.File.WriteAllText(file, key.ExportPkcs8PrivateKeyPem());
        System.IO.File.WriteAllText(
            file.Replace(".pem", ".public.pem", StringComparison.Ordinal), key.ExportSubjectPublicKeyInfoPem());
        return file;
    }
}
