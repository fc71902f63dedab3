using Billing.Contracts;
using Billing.Platform;

namespace Billing.Payments;

/// <summary>Ends a key before its time, at once and by one person: it may be in the wrong hands.</summary>
/// <param name="Partner">Whose key it is.</param>
/// <param name="Key">Its name.</param>
/// <param name="Reason">Why, for people.</param>
public sealed record EndPartnerKey(PartnerCode Partner, string Key, string Reason)
    : ICommand<PartnerContract, PartnerEvent>
{
    /// <inheritdoc/>
    public Rejection? Refuse() => Reasons.IsGiven(Reason) ? null : RefundAdvance.ReasonMissing;

    /// <inheritdoc/>
    public Decision<PartnerEvent> Decide(PartnerContract state) =>
        Refuse() is { } wrong ? wrong
        : !state.Keys.TryGetValue(Key, out var key) ? TellPartnerKey.Unknown
        : key.Ended ? []
        : [new PartnerKeyEnded(Partner, Key, Reason)];
}
