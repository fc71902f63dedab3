using System.Globalization;
using System.Runtime.CompilerServices;
using Billing.Contracts;
using Billing.Platform;
using CsvHelper;

namespace Billing.Invoicing;

/// <summary>One line of a readings file: what it says, or why it cannot be read.</summary>
/// <param name="Line">Its number in the file; the header is line 1.</param>
/// <param name="Account">The account as it stands there.</param>
/// <param name="Command">The reading; null when the line is refused.</param>
/// <param name="Refused">The reason, or null.</param>
public sealed record ReadingLine(long Line, string Account, AcceptReading? Command, Rejection? Refused);

/// <summary>
/// Reads readings files: UTF-8, a header, commas, RFC 4180 quotes. It streams and holds one line at a time.
/// </summary>
public static class ReadingFile
{
    private const int LongestLine = 1_000;
    private const int LongestMeter = 40;

    public static readonly Rejection HeaderInvalid = Rejection.Invalid(
        "import-header-invalid", "The first line must be account,meter,read_on,kind,total,peak,valley.");
    public static readonly Rejection Unreadable = Rejection.Invalid(
        "import-unreadable", "A line is longer than 1,000 characters; the lines before it were taken over.");
    public static readonly Rejection Malformed = Rejection.Invalid(
        "line-malformed", "The line has wrong quotes or another number of columns than the header.");
    public static readonly Rejection AccountInvalid = Rejection.Invalid(
        "line-account-invalid", $"account must be {AccountNo.Form}.");
    public static readonly Rejection MeterInvalid = Rejection.Invalid(
        "line-meter-invalid", "meter must be 1 to 40 characters.");
    public static readonly Rejection DateInvalid = Rejection.Invalid(
        "line-read-on-invalid", "read_on must be a date like 2026-10-31.");
    public static readonly Rejection KindInvalid = Rejection.Invalid(
        "line-kind-invalid", "kind must be initial, regular or final.");
    public static readonly Rejection RegisterInvalid = Rejection.Invalid(
        "line-register-invalid", "total, peak and valley must be numbers such as 1234.56; total must be there.");

    private static readonly string[] Columns = ["account", "meter", "read_on", "kind", "total", "peak", "valley"];

    private const NumberStyles Register = NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign;

    /// <summary>The file as a whole cannot be taken over.</summary>
    internal sealed class UnreadableException(Rejection rejection) : Exception(rejection.Message)
    {
        public Rejection Rejection { get; } = rejection;
    }

    /// <summary>The lines after the header.</summary>
    /// <exception cref="UnreadableException">The header is wrong, or the file cannot be read on.</exception>
    internal static async IAsyncEnumerable<ReadingLine> Lines(
        Stream file, DateOnly today, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var malformed = new HashSet<long>();
        await using var csv = CsvReader.Create(file, new CsvReaderOptions
        {
            Separator = ',',
            HasHeader = false,
            TrackLineNumbers = true,
            MaxRecordSize = LongestLine,
            AllowLineBreaksInQuotes = false,
            OnMalformedRecord = record => malformed.Add(record.LineNumber),
        }, leaveOpen: true);
        if (!await Next(csv, cancellation) || !IsHeader(csv))
            throw new UnreadableException(HeaderInvalid);
        while (await Next(csv, cancellation))
        {
            yield return malformed.Remove(csv.LineNumber) || csv.FieldCount != Columns.Length
                ? new(csv.LineNumber, csv.FieldCount > 0 ? csv.GetString(0) : "", null, Malformed)
                : Read(csv, today);
        }
    }

    private static async ValueTask<bool> Next(CsvReader csv, CancellationToken cancellation)
    {
        try
        {
            return await csv.ReadAsync(cancellation);
        }
        catch (CsvFormatException)
        {
            throw new UnreadableException(Unreadable);
        }
    }

    private static bool IsHeader(CsvReader csv)
    {
        var same = csv.FieldCount == Columns.Length;
        for (var i = 0; same && i < Columns.Length; i++)
            same = csv.GetString(i) == Columns[i];
        return same;
    }

    private static ReadingLine Read(CsvReader csv, DateOnly today)
    {
        var (text, meter, kind) = (csv.GetString(0), csv.GetString(1), KindOf(csv.GetString(3)));
        var isDate = DateOnly.TryParseExact(
            csv.GetString(2), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var readOn);
        (decimal? total, decimal? peak, decimal? valley) = (null, null, null);
        var refusal = !AccountNo.TryParse(text, null, out var account) ? AccountInvalid
            : meter.Length is 0 or > LongestMeter ? MeterInvalid
            : !isDate ? DateInvalid
            : kind is null ? KindInvalid
            : !IsRegister(csv.GetString(4), out total) || !IsRegister(csv.GetString(5), out peak) ||
                !IsRegister(csv.GetString(6), out valley) || total is null ? RegisterInvalid
            : null;
        return refusal is null
            ? new(
                csv.LineNumber, text, new(account, meter, readOn, kind!.Value, total!.Value, peak, valley, today), null)
            : new(csv.LineNumber, text, null, refusal);
    }

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
        var isNumber = decimal.TryParse(text, Register, CultureInfo.InvariantCulture, out var number);
        register = number;
        return isNumber;
    }
}
