using System.Globalization;
using Billing.Contracts;
using Billing.Platform;

namespace Billing.Payments;

/// <summary>
/// The natural key of a partner's payment: the partner, its business date, its serial (rules.md B-3). A partner's code
/// contains no dash, so that two keys never have the same <see cref="PaymentId"/>.
/// </summary>
/// <param name="Partner">The partner's code.</param>
/// <param name="BankDate">The partner's business date.</param>
/// <param name="Serial">The partner's own number of the payment, unique within the day.</param>
public readonly record struct PaymentKey(PartnerCode Partner, DateOnly BankDate, string Serial)
{
    private const int SerialLength = 64;
    private const int FirstYear = 1900;
    private const int LastYear = 2199;
    private const string Form = "yyyyMMdd";

    public static readonly Rejection Malformed = Rejection.Invalid("payment-key-malformed",
        "A bank date is yyyyMMdd from 1900 to 2199, a serial is 1 to 64 letters, digits, dashes, dots or underscores.");

    /// <summary>The payment's identifier in all services.</summary>
    public PaymentId Id => PaymentId.Wrap($"{Partner}-{Text(BankDate)}-{Serial}");

    /// <summary>Parses what a path gives of a partner's payment.</summary>
    public static bool TryParse(PartnerCode partner, string bankDate, string serial, out PaymentKey key)
    {
        var valid = TryParseDate(bankDate, out var date) && IsSerial(serial);
        key = valid ? new(partner, date, serial) : default;
        return valid;
    }

    /// <summary>Whether a text has the form of a partner's serial.</summary>
    public static bool IsSerial(string text) =>
        text is { Length: <= SerialLength } && text.Any(char.IsAsciiLetterOrDigit)
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_');

    /// <summary>
    /// Parses a bank date; only dates that every store can hold and that have adjacent dates are accepted.
    /// </summary>
    public static bool TryParseDate(string text, out DateOnly date) =>
        DateOnly.TryParseExact(text, Form, CultureInfo.InvariantCulture, DateTimeStyles.None, out date)
        && date.Year is >= FirstYear and <= LastYear;

    /// <summary>Formats a bank date as partners do.</summary>
    public static string Text(DateOnly date) => date.ToString(Form, CultureInfo.InvariantCulture);
}
