using Billing.Contracts;
using Billing.Platform;

namespace Billing.Payments;

/// <summary>The events of a partner.</summary>
public abstract record PartnerEvent
{
    private protected PartnerEvent()
    {
    }
}

/// <summary>Terms were agreed; they replace the former ones.</summary>
/// <param name="Terms">All of them.</param>
[StoredAs("partner-saved.v1")]
public sealed record PartnerSaved(Partner Terms) : PartnerEvent;

/// <summary>An event of one key.</summary>
/// <param name="Partner">Whose key it is.</param>
/// <param name="Key">Its name.</param>
public abstract record PartnerKeyEvent(PartnerCode Partner, string Key) : PartnerEvent;

/// <summary>A key was issued.</summary>
/// <param name="Partner">Whose key it is.</param>
/// <param name="Key">Its name.</param>
/// <param name="Master">The name of the master key from which its secret is derived.</param>
/// <param name="IssuedOn">Since when it is good, inclusive.</param>
/// <param name="GoodUntil">Until when it is good, inclusive.</param>
[StoredAs("partner-key-issued.v1")]
public sealed record PartnerKeyIssued(
    PartnerCode Partner, string Key, string Master, DateOnly IssuedOn, DateOnly GoodUntil)
    : PartnerKeyEvent(Partner, Key);

/// <summary>Somebody was shown the secret of a key; nobody will be again.</summary>
/// <param name="Partner">Whose key it is.</param>
/// <param name="Key">Its name.</param>
[StoredAs("partner-key-told.v1")]
public sealed record PartnerKeyTold(PartnerCode Partner, string Key) : PartnerKeyEvent(Partner, Key);

/// <summary>A key was ended before its time.</summary>
/// <param name="Partner">Whose key it is.</param>
/// <param name="Key">Its name.</param>
/// <param name="Reason">Why, for people.</param>
[StoredAs("partner-key-ended.v1")]
public sealed record PartnerKeyEnded(PartnerCode Partner, string Key, string Reason) : PartnerKeyEvent(Partner, Key);
