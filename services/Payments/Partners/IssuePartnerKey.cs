using Billing.Contracts;
using Billing.Platform;

namespace Billing.Payments;

/// <summary>
/// Issues a key by which a partner signs. Two may be good at once, so that the partner changes from one to the next
/// without an interruption; a name is never given twice.
/// </summary>
/// <param name="Partner">Whose key it is.</param>
/// <param name="Key">Its name.</param>
/// <param name="GoodUntil">Until when it is good, inclusive.</param>
/// <param name="Master">The name of the master key from which its secret is derived.</param>
/// <param name="Today">The day on which it is issued.</param>
public sealed record IssuePartnerKey(
    PartnerCode Partner, string Key, DateOnly GoodUntil, string Master, DateOnly Today)
    : ICommand<PartnerContract, PartnerEvent>
{
    private const int MostDays = 400, AtOnce = 2;

    public static readonly Rejection Malformed = Rejection.Invalid(
        "partner-key-malformed",
        $"A key's name is 1 to 20 of a-z and 0-9; it is good until today at least and at most {MostDays} days.");

    public static readonly Rejection NameTaken = Rejection.Conflict(
        "partner-key-taken", "The partner has, or had, another key of this name; take a new name.");

    public static readonly Rejection TooMany = Rejection.Conflict(
        "partner-keys-two", "Two keys of the partner are good already; end one of them first.");

    /// <inheritdoc/>
    public Rejection? Refuse() =>
        PartnerCode.IsValid(Key) && GoodUntil >= Today && GoodUntil <= Today.AddDays(MostDays) ? null : Malformed;

    /// <inheritdoc/>
    public Decision<PartnerEvent> Decide(PartnerContract state) =>
        Refuse() is { } wrong ? wrong
        : state.Terms is null ? Partners.Unknown
        : state.Keys.TryGetValue(Key, out var known) ? known.GoodUntil == GoodUntil && !known.Ended ? [] : NameTaken
        : state.Keys.Values.Count(key => key.IsGoodOn(Today)) >= AtOnce ? TooMany
        : [new PartnerKeyIssued(Partner, Key, Master, Today, GoodUntil)];
}
