using Billing.Contracts;

namespace Billing.Payments;

/// <summary>A key by which a partner signs its requests.</summary>
/// <param name="Partner">Whose it is.</param>
/// <param name="Name">Its name, unique among the partner's.</param>
/// <param name="Master">The name of the master key from which its secret is derived.</param>
/// <param name="IssuedOn">Since when it is good, inclusive.</param>
/// <param name="GoodUntil">Until when it is good, inclusive.</param>
public sealed record PartnerKey(
    PartnerCode Partner, string Name, string Master, DateOnly IssuedOn, DateOnly GoodUntil)
{
    /// <summary>What a secret is derived for.</summary>
    public static string UseOf(PartnerCode partner, string key) => $"partner key {partner}.{key}";

    /// <summary>Whether somebody was shown its secret.</summary>
    public bool Told { get; init; }

    /// <summary>Whether it was ended before its time.</summary>
    public bool Ended { get; init; }

    /// <summary>Whether it is good on a day.</summary>
    public bool IsGoodOn(DateOnly day) => !Ended && day <= GoodUntil;
}
