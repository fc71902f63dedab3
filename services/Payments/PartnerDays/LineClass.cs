using System.Text.Json.Serialization;
using Billing.Contracts;

namespace Billing.Payments;

/// <summary>
/// What the comparison of a bank's lines with what we hold says (rules.md B-4), the most serious last.
/// </summary>
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

/// <summary>One side's word on a payment.</summary>
/// <param name="Serial">The partner's serial.</param>
/// <param name="Account">The account.</param>
/// <param name="Amount">The money; zero when we refused it before it came.</param>
/// <param name="IsActive">Whether the money stayed.</param>
public sealed record ReportedPayment(string Serial, AccountNo Account, Money Amount, bool IsActive);

/// <summary>A payment compared.</summary>
/// <param name="Serial">The partner's serial.</param>
/// <param name="Class">What the comparison says.</param>
/// <param name="Bank">The bank's word, or null when it has none.</param>
/// <param name="Ours">Our word, or null when we have none.</param>
/// <param name="Difference">The bank's amount less ours, where both have it and the amounts differ; otherwise
/// zero.</param>
/// <param name="OtherDay">The bank day on which the other side has the payment, when it is not the day that is
/// compared.</param>
public sealed record Compared(
    string Serial, LineClass Class, ReportedPayment? Bank, ReportedPayment? Ours, Money Difference, DateOnly? OtherDay);

/// <summary>A line of one of the partner's files.</summary>
/// <param name="File">The bank day of the file.</param>
/// <param name="Line">The line.</param>
public sealed record FiledLine(DateOnly File, BankLine Line);

/// <summary>A payment as we hold it.</summary>
/// <param name="BankDate">Its bank day.</param>
/// <param name="Serial">The partner's serial, unique within the bank day.</param>
/// <param name="Account">The account.</param>
/// <param name="Amount">The money; zero when it was reversed before it came.</param>
/// <param name="Status">What became of it.</param>
/// <param name="ReversedOn">The bank day on which it was reversed.</param>
public sealed record HeldPayment(
    DateOnly BankDate, string Serial, AccountNo Account, Money Amount, PaymentStatus Status, DateOnly? ReversedOn);
