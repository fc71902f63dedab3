using Billing.Contracts;
using Billing.Contracts.Api;

namespace Billing.Payments;

/// <summary>A bank or another collecting channel, and its terms.</summary>
/// <param name="Code">Its code in paths.</param>
/// <param name="Name">Its name for people.</param>
/// <param name="Channel">The channel of its payments.</param>
/// <param name="AmountRule">Which amounts it may collect.</param>
/// <param name="DayCut">The time of day, China time, at which its next business day begins (the 日切): see
/// <see cref="BankDays"/>.</param>
/// <param name="Encoding">The encoding of its files.</param>
/// <param name="LateDays">How many days after their bank day its payments are still accepted; those in its file of the
/// day are accepted as long as files of that day are.</param>
public sealed record Partner(
    PartnerCode Code, string Name, Channel Channel, AmountRule AmountRule, TimeOnly DayCut, BankEncoding Encoding,
    int LateDays)
{
    /// <summary>The projects that are delegated to it; all when there are none.</summary>
    public IReadOnlyList<Project> Projects { get; init; } = [];

    /// <summary>How often it may ask; null for what is delivered.</summary>
    public PartnerLimits? Limits { get; init; }

    /// <summary>The state of a payment's bank day at a moment.</summary>
    /// <param name="bankDate">The bank day.</param>
    /// <param name="now">The moment.</param>
    /// <param name="isInFile">Whether the file of the day reports the payment; then it may be as late as files may
    /// be.</param>
    public BankDayState StateOf(DateOnly bankDate, DateTimeOffset now, bool isInFile = false) =>
        BankDays.StateOf(bankDate, DayCut, isInFile ? BankDays.MostFileDays : LateDays, now);

    internal PartnerTerms ToTerms(PartnerLimits delivered) => new(
        Code, Name, Channel, AmountRule, DayCut, Encoding, LateDays, Projects, Limits ?? delivered);
}

/// <summary>A partner as it signs.</summary>
/// <param name="Terms">Its terms.</param>
/// <param name="Keys">The secrets of its keys, by name, and until which day each is good, inclusive.</param>
public sealed record KnownPartner(Partner Terms, IReadOnlyDictionary<string, (byte[] Secret, DateOnly GoodUntil)> Keys)
{
    /// <summary>The secret of a key that is good on a day, or null.</summary>
    public byte[]? SecretOf(string key, DateOnly day) =>
        Keys.TryGetValue(key, out var known) && day <= known.GoodUntil ? known.Secret : null;
}
