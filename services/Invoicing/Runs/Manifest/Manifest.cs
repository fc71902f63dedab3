using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Billing.Contracts;
using Billing.Platform;

namespace Billing.Invoicing;

/// <summary>
/// The sealed result of a run: with the manifest, the exported lines and the public key, obtained from elsewhere,
/// <see cref="Verify"/> proves offline that not one fen was changed since. The manifest only names its key, because a
/// key delivered with it would fit any forgery.
/// </summary>
/// <param name="Run">The run.</param>
/// <param name="Utility">The utility billed.</param>
/// <param name="Period">The billing period.</param>
/// <param name="IssuedOn">Day of issue.</param>
/// <param name="DueOn">Due date.</param>
/// <param name="Cohort">Accounts in the cohort = issued + excepted + excluded.</param>
/// <param name="Issued">Invoices issued.</param>
/// <param name="Excepted">Accounts left with an exception.</param>
/// <param name="Excluded">Accounts excluded by a person.</param>
/// <param name="FirstInvoice">The first number, or empty when nothing was issued.</param>
/// <param name="LastInvoice">The last number; all numbers in between exist.</param>
/// <param name="Amount">Sum with tax.</param>
/// <param name="Net">Sum without tax.</param>
/// <param name="Tax">The tax.</param>
/// <param name="Totals">The sums by plan version and class.</param>
/// <param name="Exceptions">Accounts not billed, by reason.</param>
/// <param name="LinesSha256">SHA-256 over the exported lines, hexadecimal.</param>
/// <param name="KeyFingerprint">The key that sealed it: SHA-256 over its SubjectPublicKeyInfo, hexadecimal.</param>
/// <param name="Signature">ECDSA P-256 with SHA-256 over this JSON with an empty signature, base64.</param>
public sealed record Manifest(
    RunName Run, Utility Utility, BillingPeriod Period, DateOnly IssuedOn, DateOnly DueOn, int Cohort, int Issued,
    int Excepted, int Excluded, string FirstInvoice, string LastInvoice, Money Amount, Money Net, Money Tax,
    IReadOnlyList<ManifestTotal> Totals, IReadOnlyList<ManifestException> Exceptions, string LinesSha256,
    string KeyFingerprint, string Signature)
{
    /// <summary>
    /// Who sealed the run after it was completed; null, and not in the file, when it was sealed on completion.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LaterSeal? SealedLater { get; init; }

    /// <summary>The manifest, sealed with a key.</summary>
    public Manifest Seal(ECDsa key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var open = this with { KeyFingerprint = Fingerprint(key), Signature = "" };
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
    /// <param name="lines">The file of exported lines.</param>
    /// <param name="trusted">The public key of the sealer, obtained from elsewhere.</param>
    public IReadOnlyList<string> Verify(Stream lines, ECDsa trusted)
    {
        ArgumentNullException.ThrowIfNull(trusted);
        using var sums = new ManifestSums();
        foreach (var line in ManifestSums.LinesOf(lines))
            sums.Add(line);
        var wrong = new List<string>();
        Check(KeyFingerprint == Fingerprint(trusted), "it was not sealed with the key that you trust");
        Check(IsSignatureGood(trusted), "the seal is not that of the key that you trust");
        Check(Cohort == Issued + Excepted + Excluded, "cohort is not issued + excepted + excluded");
        Check(sums.Hash() == LinesSha256, "the lines are not those that were sealed");
        Check(sums.Invoices == Issued, $"there are {sums.Invoices} lines, not {Issued}");
        Check((sums.Amount, sums.Net, sums.Tax) == (Amount, Net, Tax), $"the lines add up to {sums.Amount}, not " +
            $"{Amount}");
        Check(sums.Totals().SequenceEqual(Totals), "the totals by plan and class are not those of the lines");
        Check(!sums.HasGap, "an invoice number is missing or out of order");
        return wrong;

        void Check(bool holds, string otherwise)
        {
            if (!holds)
                wrong.Add(otherwise);
        }
    }

    private bool IsSignatureGood(ECDsa trusted)
    {
        try
        {
            return trusted.VerifyData(
                (this with { Signature = "" }).ToBytes(), Convert.FromBase64String(Signature),
                HashAlgorithmName.SHA256);
        }
        catch (FormatException)
        {
            return false;
        }
    }

    /// <summary>The manifest as it is in its file.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Wire.Stored);

    private byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, Wire.Stored);
}
