using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Billing.Contracts;
using Billing.Platform;

namespace Billing.Invoicing;

/// <summary>
/// What a run came to, sealed: whoever has the manifest and the exported lines can prove offline, with
/// <see cref="Verify"/>, that not one fen was changed since.
/// </summary>
/// <param name="Run">The run.</param>
/// <param name="Utility">What was billed.</param>
/// <param name="Period">For when.</param>
/// <param name="IssuedOn">Day of issue.</param>
/// <param name="DueOn">Due date.</param>
/// <param name="Cohort">Accounts in the cohort = issued + excepted + excluded.</param>
/// <param name="Issued">Invoices issued.</param>
/// <param name="Excepted">Accounts left with an exception.</param>
/// <param name="Excluded">Accounts taken out.</param>
/// <param name="FirstInvoice">The first number, or empty when nothing was issued.</param>
/// <param name="LastInvoice">The last number; none in between is missing.</param>
/// <param name="Amount">Sum with tax.</param>
/// <param name="Net">Sum without tax.</param>
/// <param name="Tax">The tax.</param>
/// <param name="Totals">The sums by plan version and class.</param>
/// <param name="Exceptions">Accounts not billed, by reason.</param>
/// <param name="LinesSha256">SHA-256 over the exported lines, hexadecimal.</param>
/// <param name="PublicKey">The key that verifies the signature, SubjectPublicKeyInfo in base64.</param>
/// <param name="Signature">ECDSA P-256 with SHA-256 over this JSON with an empty signature, base64.</param>
public sealed record Manifest(
    string Run, Utility Utility, BillingPeriod Period, DateOnly IssuedOn, DateOnly DueOn, int Cohort, int Issued,
    int Excepted, int Excluded, string FirstInvoice, string LastInvoice, Money Amount, Money Net, Money Tax,
    IReadOnlyList<ManifestTotal> Totals, IReadOnlyList<ManifestException> Exceptions, string LinesSha256,
    string PublicKey,
    string Signature)
{
    /// <summary>The manifest sealed with a key.</summary>
    public Manifest Seal(ECDsa key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var open = this with { PublicKey = Convert.ToBase64String(key.ExportSubjectPublicKeyInfo()), Signature = "" };
        return open with
        {
            Signature = Convert.ToBase64String(key.SignData(open.ToBytes(), HashAlgorithmName.SHA256)),
        };
    }

    /// <summary>Reads a manifest file.</summary>
    /// <exception cref="JsonException">It is not a manifest.</exception>
    public static Manifest Parse(string json) =>
        JsonSerializer.Deserialize<Manifest>(json, Wire.Stored) ?? throw new JsonException("A manifest is not null.");

    /// <summary>What is wrong with a manifest and its lines; nothing when all of it holds.</summary>
    /// <param name="lines">The exported lines, in order.</param>
    /// <param name="trustedKey">The public key to trust, base64; null trusts the one in the manifest.</param>
    public IReadOnlyList<string> Verify(IEnumerable<string> lines, string? trustedKey = null)
    {
        using var sums = new ManifestSums();
        foreach (var line in lines)
            sums.Add(line);
        var wrong = new List<string>();
        Check(trustedKey is null || trustedKey == PublicKey, "the key is not the trusted one");
        Check(IsSignatureGood(), "the signature does not fit the manifest");
        Check(Cohort == Issued + Excepted + Excluded, "cohort is not issued + excepted + excluded");
        Check(sums.Hash() == LinesSha256, "the lines are not those that were sealed");
        Check(sums.Invoices == Issued, $"there are {sums.Invoices} lines, not {Issued}");
        Check((sums.Amount, sums.Net, sums.Tax) == (Amount, Net, Tax), $"the lines add up to {sums.Amount}, not " +
            $"{Amount}");
        Check(sums.Totals().SequenceEqual(Totals), "the totals by plan and class are not those of the lines");
        Check(sums.HasGap is false, "an invoice number is missing or out of order");
        return wrong;

        void Check(bool holds, string otherwise)
        {
            if (!holds)
                wrong.Add(otherwise);
        }
    }

    private bool IsSignatureGood()
    {
        try
        {
            using var key = ECDsa.Create();
            key.ImportSubjectPublicKeyInfo(Convert.FromBase64String(PublicKey), out _);
            return key.VerifyData(
                (this with { Signature = "" }).ToBytes(), Convert.FromBase64String(Signature),
                HashAlgorithmName.SHA256);
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            return false;
        }
    }

    private byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, Wire.Stored);
}

/// <summary>Invoices of one plan version and class.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Version">Its version.</param>
/// <param name="Class">The class.</param>
/// <param name="Invoices">How many.</param>
/// <param name="Amount">Sum with tax.</param>
/// <param name="Net">Sum without tax.</param>
/// <param name="Tax">The tax.</param>
public sealed record ManifestTotal(
    string Plan, int Version, string Class, int Invoices, Money Amount, Money Net, Money Tax);

/// <summary>Accounts that were not billed for one reason.</summary>
/// <param name="Code">The reason.</param>
/// <param name="State">open or excluded.</param>
/// <param name="Accounts">How many.</param>
public sealed record ManifestException(string Code, string State, int Accounts);

/// <summary>
/// Adds up exported lines one by one. A line is
/// <c>invoice,account,utility,period,class,plan,version,amount,net,tax</c>, amounts in fen, ended by one line feed.
/// </summary>
public sealed class ManifestSums : IDisposable
{
    private const int Fields = 10;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly SortedDictionary<(string Plan, int Version, string Class), ManifestTotal> _totals = [];
    private long _last = -1;

    public int Invoices { get; private set; }

    public Money Amount { get; private set; }

    public Money Net { get; private set; }

    public Money Tax { get; private set; }

    /// <summary>Whether the running numbers do not follow each other.</summary>
    public bool HasGap { get; private set; }

    /// <summary>Adds a line without its line feed.</summary>
    public void Add(string line)
    {
        _hash.AppendData(Encoding.UTF8.GetBytes(line + "\n"));
        var fields = line.Split(',');
        if (fields.Length != Fields ||
            !long.TryParse(fields[0].AsSpan(fields[0].LastIndexOf('-') + 1), out var number) ||
            !int.TryParse(fields[6], out var version) || !long.TryParse(fields[7], out var amount) ||
            !long.TryParse(fields[8], out var net) || !long.TryParse(fields[9], out var tax))
        {
            HasGap = true;
            return;
        }
        HasGap |= _last >= 0 && number != _last + 1;
        _last = number;
        Invoices++;
        (Amount, Net, Tax) = (Amount + new Money(amount), Net + new Money(net), Tax + new Money(tax));
        var key = (fields[5], version, fields[4]);
        var total = _totals.GetValueOrDefault(key, new(fields[5], version, fields[4], 0, default, default, default));
        _totals[key] = total with
        {
            Invoices = total.Invoices + 1, Amount = total.Amount + new Money(amount), Net = total.Net + new Money(net),
            Tax = total.Tax + new Money(tax),
        };
    }

    /// <summary>The sums by plan version and class, in their order.</summary>
    public IReadOnlyList<ManifestTotal> Totals() => [.. _totals.Values];

    /// <summary>The hash over all lines.</summary>
    public string Hash() => Convert.ToHexStringLower(_hash.GetCurrentHash());

    public void Dispose() => _hash.Dispose();
}
