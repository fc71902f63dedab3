using System.Text.Json.Serialization;

namespace Billing.Contracts;

/// <summary>Which amounts a partner may bring (rules.md B-1, B-2).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AmountRule>))]
public enum AmountRule
{
    /// <summary>Exactly what is owed.</summary>
    [JsonStringEnumMemberName("EXACT")]
    Exact,

    /// <summary>Anything; what is too much becomes advance.</summary>
    [JsonStringEnumMemberName("ANY")]
    Any,

    /// <summary>At least what is owed; what is too much becomes advance.</summary>
    [JsonStringEnumMemberName("AT_LEAST_DUE")]
    AtLeastDue,
}

/// <summary>In which encoding a partner writes its files (rules.md B-1: they differ per partner).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<BankEncoding>))]
public enum BankEncoding
{
    /// <summary>UTF-8, with or without a byte order mark.</summary>
    [JsonStringEnumMemberName("UTF-8")]
    Utf8,

    /// <summary>GBK, code page 936.</summary>
    [JsonStringEnumMemberName("GBK")]
    Gbk,

    /// <summary>GB18030, which holds every character of Unicode.</summary>
    [JsonStringEnumMemberName("GB18030")]
    Gb18030,
}

/// <summary>What became of a payment.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PaymentStatus>))]
public enum PaymentStatus
{
    /// <summary>The money is here.</summary>
    Received,

    /// <summary>It went back.</summary>
    Reversed,

    /// <summary>
    /// The partner took it back before it arrived; it does not arrive any more, unless the partner's file of the day
    /// says that it was kept.
    /// </summary>
    Blocked,
}

/// <summary>What became of a request to reverse a payment.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ReversalStatus>))]
public enum ReversalStatus
{
    /// <summary>Another person has to decide it.</summary>
    Open,

    /// <summary>Approved; the payment went back.</summary>
    Approved,

    /// <summary>Turned down by another person.</summary>
    Rejected,

    /// <summary>Taken back by whoever had made it.</summary>
    Withdrawn,

    /// <summary>The payment went back otherwise meanwhile.</summary>
    Superseded,
}

/// <summary>
/// What the comparison of a bank's lines with what we hold says (rules.md B-4), the most serious last.
/// </summary>
[JsonConverter(typeof(JsonStringEnumConverter<LineClass>))]
public enum LineClass
{
    /// <summary>Both say the same.</summary>
    [JsonStringEnumMemberName("match")]
    Match,

    /// <summary>The same payment on two neighbouring days, as happens around midnight.</summary>
    [JsonStringEnumMemberName("cut-off-shift")]
    CutOffShift,

    /// <summary>We took a payment that the bank does not have.</summary>
    [JsonStringEnumMemberName("utility-only")]
    UtilityOnly,

    /// <summary>The bank tells of a payment or a reversal that we never heard of: it posts late, or refunds.</summary>
    [JsonStringEnumMemberName("bank-only")]
    BankOnly,

    /// <summary>The same payment with another amount.</summary>
    [JsonStringEnumMemberName("amount-differs")]
    AmountDiffers,

    /// <summary>The same serial for another account.</summary>
    [JsonStringEnumMemberName("account-differs")]
    AccountDiffers,

    /// <summary>Taken back on one side only.</summary>
    [JsonStringEnumMemberName("status-differs")]
    StatusDiffers,
}
