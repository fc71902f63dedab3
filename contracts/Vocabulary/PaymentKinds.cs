using System.Text.Json.Serialization;

namespace Billing.Contracts;

/// <summary>Which amounts a partner may collect (rules.md B-1, B-2).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AmountRule>))]
public enum AmountRule
{
    /// <summary>Exactly what is owed.</summary>
    [JsonStringEnumMemberName("EXACT")]
    Exact,

    /// <summary>Any amount; the excess becomes advance.</summary>
    [JsonStringEnumMemberName("ANY")]
    Any,

    /// <summary>At least what is owed; the excess becomes advance.</summary>
    [JsonStringEnumMemberName("AT_LEAST_DUE")]
    AtLeastDue,
}

/// <summary>The encoding of a partner's files (rules.md B-1: they differ per partner).</summary>
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

/// <summary>The status of a payment.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PaymentStatus>))]
public enum PaymentStatus
{
    /// <summary>Received and not reversed.</summary>
    Received,

    /// <summary>Reversed.</summary>
    Reversed,

    /// <summary>
    /// The partner reversed it before it arrived. It is refused from then on, unless the partner's file of the day says
    /// that it was kept.
    /// </summary>
    Blocked,
}

/// <summary>The status of a request to reverse a payment.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ReversalStatus>))]
public enum ReversalStatus
{
    /// <summary>Waiting for the decision of another person.</summary>
    Open,

    /// <summary>Approved; the payment was reversed.</summary>
    Approved,

    /// <summary>Rejected by another person.</summary>
    Rejected,

    /// <summary>Withdrawn by whoever had made it.</summary>
    Withdrawn,

    /// <summary>The payment was reversed in another way in the meantime.</summary>
    Superseded,
}

/// <summary>
/// The class of a line of a day-end reconciliation between the bank's lines and ours (rules.md B-4), the most serious
/// last.
/// </summary>
[JsonConverter(typeof(JsonStringEnumConverter<LineClass>))]
public enum LineClass
{
    /// <summary>Both sides agree.</summary>
    [JsonStringEnumMemberName("match")]
    Match,

    /// <summary>The same payment on two adjacent bank days, as happens around midnight.</summary>
    [JsonStringEnumMemberName("cut-off-shift")]
    CutOffShift,

    /// <summary>A payment recorded here that the bank does not have.</summary>
    [JsonStringEnumMemberName("utility-only")]
    UtilityOnly,

    /// <summary>
    /// A payment or a reversal that the bank reports and that was not recorded here; it is posted late, or refunded.
    /// </summary>
    [JsonStringEnumMemberName("bank-only")]
    BankOnly,

    /// <summary>The same payment with different amounts.</summary>
    [JsonStringEnumMemberName("amount-differs")]
    AmountDiffers,

    /// <summary>The same serial for different accounts.</summary>
    [JsonStringEnumMemberName("account-differs")]
    AccountDiffers,

    /// <summary>Reversed on one side only.</summary>
    [JsonStringEnumMemberName("status-differs")]
    StatusDiffers,
}
