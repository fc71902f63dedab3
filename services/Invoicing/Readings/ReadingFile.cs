using System.Globalization;
using System.Runtime.CompilerServices;
using Billing.Contracts;
using Billing.Platform;

namespace Billing.Invoicing;

/// <summary>One line of a readings file: its command, or why it is refused.</summary>
/// <param name="Line">Its number in the file; the header is line 1.</param>
/// <param name="Account">The account number as written in the line.</param>
/// <param name="Command">The reading; null when the line is refused.</param>
/// <param name="Refused">The reason, or null.</param>
public sealed record ReadingLine(long Line, string Account, AcceptReading? Command, Rejection? Refused);

/// <summary>
/// Reads readings files, line by line; a line with a mistake is refused and does not affect the others.
/// </summary>
public static class ReadingFile
{
    private const int LongestLine = 1_000;
    private const int LongestShown = 40;

    public static readonly Rejection HeaderInvalid = Rejection.Invalid(
        "import-header-invalid", "The first line must be account,meter,read_on,kind,total,peak,valley.");
    public static readonly Rejection Malformed = Rejection.Invalid(
        "line-malformed", "The line has another number of columns than the header.");
    public static readonly Rejection AccountInvalid = Rejection.Invalid(
        "line-account-invalid", $"account must be {AccountNo.Form}.");
    public static readonly Rejection MeterInvalid = Rejection.Invalid(
        "line-meter-invalid", $"meter must be {MeterNo.Form}.");
    public static readonly Rejection DateInvalid = Rejection.Invalid(
        "line-read-on-invalid", "read_on must be a date like 2026-10-31.");
    public static readonly Rejection KindInvalid = Rejection.Invalid(
        "line-kind-invalid", "kind must be initial, regular or final.");
    public static readonly Rejection RegisterInvalid = Rejection.Invalid(
        "line-register-invalid", "total, peak and valley must be numbers such as 1234.56; total must be there.");

    private static readonly string[] Columns = ["account", "meter", "read_on", "kind", "total", "peak", "valley"];

    private const NumberStyles Register = NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign;

    /// <summary>The file as a whole cannot be imported.</summary>
    internal sealed class UnreadableException(Rejection rejection) : Exception(rejection.Message)
    {
        public Rejection Rejection { get; } = rejection;
    }

    /// <summary>The lines after the header.</summary>
    /// <exception cref="UnreadableException">The header is wrong.</exception>
    internal static async IAsyncEnumerable<ReadingLine> Lines(
        Stream file, DateOnly today, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var begun = false;
        await foreach (var line in CsvLines.Read(file, LongestLine, cancellation))
        {
            if (begun)
                yield return Read(line, today);
            else if (line.Mistake is { } unreadable)
                throw new UnreadableException(HeaderInvalid.With($"{HeaderInvalid.Message} {unreadable.Message}"));
            else if (!line.Fields.SequenceEqual(Columns))
                throw new UnreadableException(HeaderInvalid);
            else
                begun = true;
        }
        if (!begun)
            throw new UnreadableException(HeaderInvalid);
    }

    private static ReadingLine Read(CsvLine line, DateOnly today)
    {
        var fields = line.Fields;
        if ((line.Mistake ?? (fields.Length == Columns.Length ? null : Malformed)) is { } mistake)
            return new(line.Number, Shown(fields[0]), null, mistake);
        var (text, kind) = (fields[0], KindOf(fields[3]));
        var isDate = DateOnly.TryParseExact(
            fields[2], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var readOn);
        (decimal? total, decimal? peak, decimal? valley) = (null, null, null);
        MeterNo.TryParse(fields[1], null, out var meter);
        var refusal = !AccountNo.TryParse(text, null, out var account) ? AccountInvalid
            : meter == default ? MeterInvalid
            : !isDate ? DateInvalid
            : kind is null ? KindInvalid
            : !IsRegister(fields[4], out total) || !IsRegister(fields[5], out peak) ||
                !IsRegister(fields[6], out valley) || total is null ? RegisterInvalid
            : null;
        return refusal is null
            ? new(line.Number, text, new(account, meter, readOn, kind!.Value, total!.Value, peak, valley, today), null)
            : new(line.Number, Shown(text), null, refusal);
    }

    private static string Shown(string text) => text.Length > LongestShown ? text[..LongestShown] : text;

    private static ReadingKind? KindOf(string text) => text switch
    {
        "initial" => ReadingKind.Initial,
        "regular" => ReadingKind.Regular,
        "final" => ReadingKind.Final,
        _ => null,
    };

    private static bool IsRegister(string text, out decimal? register)
    {
        register = null;
        if (text.Length == 0)
            return true;
        // The framework's parser ignores NULs at the end.
        var isNumber = decimal.TryParse(text, Register, CultureInfo.InvariantCulture, out var number)
            && !text.Any(char.IsControl);
        register = number;
        return isNumber;
    }
}
