using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Billing.Contracts.Api;
using Billing.Platform;

namespace Billing.Invoicing;

/// <summary>How a manifest is sealed, parsed and verified.</summary>
public static class ManifestSeal
{
    /// <summary>The manifest, sealed with a key.</summary>
    public static Manifest Seal(this Manifest manifest, ECDsa key)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentNullException.ThrowIfNull(key);
        var open = manifest with { KeyFingerprint = Fingerprint(key), Signature = "" };
        return open with
        {
            Signature = Convert.ToBase64String(key.SignData(open.ToBytes(), HashAlgorithmName.SHA256)),
        };
    }

    /// <summary>The fingerprint of a key.</summary>
    public static string Fingerprint(ECDsa key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()));
    }

    /// <summary>Parses a manifest file, byte for byte as it was sealed; a line feed at the end is allowed.</summary>
    /// <exception cref="JsonException">It is not a manifest, or contains something that was not sealed with
    /// it.</exception>
    public static Manifest Parse(ReadOnlySpan<byte> file)
    {
        var manifest = JsonSerializer.Deserialize<Manifest>(file, Wire.Strict)
            ?? throw new JsonException("A manifest is not null.");
        return file.TrimEnd((byte)'\n').SequenceEqual(manifest.ToBytes())
            ? manifest
            : throw new JsonException("The file is not in the form in which manifests are sealed.");
    }

    /// <summary>The differences between a manifest and its lines; empty when all of it holds.</summary>
    /// <param name="manifest">The manifest.</param>
    /// <param name="lines">The file of exported lines.</param>
    /// <param name="trusted">The public key of the sealer, obtained from elsewhere.</param>
    public static IReadOnlyList<string> Verify(this Manifest manifest, Stream lines, ECDsa trusted)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentNullException.ThrowIfNull(trusted);
        using var sums = new ManifestSums();
        foreach (var line in ManifestSums.LinesOf(lines))
            sums.Add(line);
        var wrong = new List<string>();
        Check(manifest.KeyFingerprint == Fingerprint(trusted), "it was not sealed with the key that you trust");
        Check(manifest.IsSignatureGood(trusted), "the seal is not that of the key that you trust");
        Check(
            manifest.Cohort == manifest.Issued + manifest.Excepted + manifest.Excluded,
            "cohort is not issued + excepted + excluded");
        Check(sums.Hash() == manifest.LinesSha256, "the lines are not those that were sealed");
        Check(sums.Invoices == manifest.Issued, $"there are {sums.Invoices} lines, not {manifest.Issued}");
        Check(
            (sums.Amount, sums.Net, sums.Tax) == (manifest.Amount, manifest.Net, manifest.Tax),
            $"the lines add up to {sums.Amount}, not {manifest.Amount}");
        Check(sums.Totals().SequenceEqual(manifest.Totals), "the totals by plan and class are not those of the lines");
        Check(!sums.HasGap, "an invoice number is missing or out of order");
        return wrong;

        void Check(bool holds, string otherwise)
        {
            if (!holds)
                wrong.Add(otherwise);
        }
    }

    private static bool IsSignatureGood(this Manifest manifest, ECDsa trusted)
    {
        try
        {
            return trusted.VerifyData(
                (manifest with { Signature = "" }).ToBytes(), Convert.FromBase64String(manifest.Signature),
                HashAlgorithmName.SHA256);
        }
        catch (FormatException)
        {
            return false;
        }
    }

    /// <summary>The manifest as it is in its file.</summary>
    public static string ToJson(this Manifest manifest) => JsonSerializer.Serialize(manifest, Wire.Stored);

    private static byte[] ToBytes(this Manifest manifest) =>
        JsonSerializer.SerializeToUtf8Bytes(manifest, Wire.Stored);
}
