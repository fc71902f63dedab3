using Billing.Contracts;
using Billing.Platform;

namespace Billing.Payments;

/// <summary>
/// Shows the secret of a key, once: whoever has seen it hands it to the partner, and if it was lost on the way another
/// key is issued.
/// </summary>
/// <param name="Partner">Whose key it is.</param>
/// <param name="Key">Its name.</param>
/// <param name="Today">The day on which it is shown.</param>
public sealed record TellPartnerKey(PartnerCode Partner, string Key, DateOnly Today)
    : ICommand<PartnerContract, PartnerEvent>
{
    public static readonly Rejection Unknown = Rejection.NotFound(
        "partner-key-unknown", "The partner has no key of this name.");

    public static readonly Rejection Told = Rejection.Conflict(
        "partner-key-told", "The secret of this key was shown before; issue another key.");

    public static readonly Rejection Over = Rejection.Conflict(
        "partner-key-over", "This key is not good any more; issue another one.");

    /// <inheritdoc/>
    public Decision<PartnerEvent> Decide(PartnerContract state) =>
        !state.Keys.TryGetValue(Key, out var key) ? Unknown
        : key.Told ? []
        : !key.IsGoodOn(Today) ? Over
        : [new PartnerKeyTold(Partner, Key)];
}
