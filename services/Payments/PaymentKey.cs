using System.Globalization;
using Billing.Contracts;
using Billing.Platform;

namespace Billing.Payments;

/// <summary>
/// The natural key of money that a partner brings: who, which of its days, which of its serials (rules.md B-3). A
/// partner's code has no dash, so that two keys never share a <see cref="PaymentId"/>.
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
        "A partner is 1 to 20 of a-z and 0-9, a bank date is yyyyMMdd from 1900 to 2199, "
        + "a serial is 1 to 64 letters, digits, dashes, dots or underscores.");

    /// <summary>The payment's name everywhere.</summary>
    public PaymentId Id => PaymentId.Wrap($"{Partner}-{Text(BankDate)}-{Serial}");

    /// <summary>Reads the three parts as they stand in an address.</summary>
    public static bool TryParse(string partner, string bankDate, string serial, out PaymentKey key)
    {
        var valid = PartnerCode.TryParse(partner, null, out var code) & TryParseDate(bankDate, out var date)
            && IsSerial(serial);
        key = valid ? new(code, date, serial) : default;
        return valid;
    }

    /// <summary>Whether a text can be a partner's serial.</summary>
    public static bool IsSerial(string text) =>
        text is { Length: <= SerialLength } && text.Any(char.IsAsciiLetterOrDigit)
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_');

    /// <summary>
    /// Reads a bank date: of a century in which its neighbours are days, too, and every store can hold it.
    /// </summary>
    public static bool TryParseDate(string text, out DateOnly date) =>
        DateOnly.TryParseExact(text, Form, CultureInfo.InvariantCulture, DateTimeStyles.None, out date)
        && date.Year is >= FirstYear and <= LastYear;

    /// <summary>Writes a bank date as partners do.</summary>
    public static string Text(DateOnly date) => date.ToString(Form, CultureInfo.InvariantCulture);
}
