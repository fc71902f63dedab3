using System.Text.Json.Serialization;

namespace Billing.Contracts.Api;

/// <summary>
/// The sealed result of a run: with the manifest, the exported lines and the public key, obtained from elsewhere,
/// the sealer's check proves offline that not one fen was changed since. The manifest only names its key, because a
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
}

/// <summary>
/// A seal made by a person after completion: it proves that nothing was changed since its day, and nothing about the
/// days before.
/// </summary>
/// <param name="On">The business date of the seal.</param>
/// <param name="By">Who made it.</param>
/// <param name="Reason">Why the run had none.</param>
public sealed record LaterSeal(DateOnly On, string By, string Reason);

/// <summary>
/// The invoices of one plan version and class, which are the text of the lines: a forged line must add up, and differ.
/// </summary>
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
/// <param name="State">The state of their review; released ones are billed.</param>
/// <param name="Accounts">How many.</param>
public sealed record ManifestException(string Code, RunExceptionState State, int Accounts);
