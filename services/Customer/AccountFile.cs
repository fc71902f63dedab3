using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using Billing.Platform;
using CsvHelper;

namespace Billing.Customers;

/// <summary>One line of an accounts file: what it asks for, or why it cannot be read.</summary>
/// <param name="Line">Its number in the file; the header is line 1.</param>
/// <param name="Account">The account as it stands there.</param>
/// <param name="Register">The customer; null when the line is refused.</param>
/// <param name="Open">The account; null when the line is refused. Its holder is not known yet.</param>
/// <param name="Refused">The reason, or null.</param>
internal sealed record AccountLine(
    long Line, string Account, RegisterCustomer? Register, OpenAccount? Open, RefusedLine? Refused);

/// <summary>The file as a whole cannot be taken over.</summary>
internal sealed class UnreadableFileException(Rejection rejection) : Exception(rejection.Message)
{
    public Rejection Rejection { get; } = rejection;
}

/// <summary>
/// Reads accounts files: UTF-8, a header, commas, RFC 4180 quotes. It streams, and holds one chunk of lines at a time.
/// </summary>
internal static class AccountFile
{
    private const int LongestLine = 65_536;

    internal static readonly string[] Columns =
    [
        "account", "customer", "name", "phone", "region", "project", "address", "class", "opened_on",
        "electricity_plan", "voltage", "meters", "heat_plan", "area_m2", "height_m", "use_class", "heat_metered",
    ];

    public static readonly Rejection HeaderInvalid = Rejection.Invalid(
        "import-header-invalid", $"The first line must name these columns: {string.Join(',', Columns)}.");

    public static readonly Rejection NotUtf8 = Rejection.Invalid(
        "import-not-utf8", "The file is not UTF-8. Save it as UTF-8 (it may be GBK, which spreadsheets call ANSI).");

    public static readonly Rejection Unreadable = Rejection.Invalid(
        "import-unreadable", "A line is longer than 65,536 bytes; the lines before it may have been taken over.");

    public static readonly Rejection WrongColumns = Rejection.Invalid(
        "line-columns-wrong", "The line has fewer or more columns than the header.");

    public static readonly Rejection WrongQuotes = Rejection.Invalid(
        "line-quotes-wrong", "Quotes enclose a whole field on one line; a quote inside it is doubled.");

    /// <summary>Refuses a file in another encoding before anything of it is taken over.</summary>
    public static async Task CheckEncoding(Stream file, CancellationToken cancellation)
    {
        var decoder = new UTF8Encoding(false, throwOnInvalidBytes: true).GetDecoder();
        var bytes = ArrayPool<byte>.Shared.Rent(65_536);
        var chars = ArrayPool<char>.Shared.Rent(65_536 + 16);
        try
        {
            int read;
            do
            {
                read = await file.ReadAsync(bytes, cancellation);
                decoder.GetChars(bytes, 0, read, chars, 0, flush: read == 0);
            }
            while (read > 0);
        }
        catch (DecoderFallbackException)
        {
            throw new UnreadableFileException(NotUtf8);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
            ArrayPool<char>.Shared.Return(chars);
        }
    }

    /// <summary>The lines after the header, in chunks.</summary>
    /// <exception cref="UnreadableFileException">The header is wrong, or the file cannot be read on.</exception>
    public static async IAsyncEnumerable<IReadOnlyList<AccountLine>> Chunks(
        Stream file, int size, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var malformed = new HashSet<long>();
        await using var csv = CsvReader.Create(file, new CsvReaderOptions
        {
            Separator = ',',
            HasHeader = false,
            TrackLineNumbers = true,
            MaxRecordSize = LongestLine,
            // None of our facts has two lines, so a quote that is never closed spoils its own line and no other.
            AllowLineBreaksInQuotes = false,
            OnMalformedRecord = record => malformed.Add(record.LineNumber),
        }, leaveOpen: true);
        if (!await Read(csv, cancellation))
            throw new UnreadableFileException(HeaderInvalid);
        var places = Places(Fields(csv));
        var chunk = new List<AccountLine>(size);
        while (await Read(csv, cancellation))
        {
            var line = new AccountLineReader(csv.LineNumber, Fields(csv), places);
            chunk.Add(malformed.Remove(csv.LineNumber) ? line.Refuse("", WrongQuotes)
                : csv.FieldCount != Columns.Length ? line.Refuse("", WrongColumns)
                : line.Read());
            if (chunk.Count < size)
                continue;
            yield return chunk;
            chunk = new(size);
        }
        if (chunk.Count > 0)
            yield return chunk;
    }

    private static async ValueTask<bool> Read(CsvReader csv, CancellationToken cancellation)
    {
        try
        {
            return await csv.ReadAsync(cancellation);
        }
        catch (CsvFormatException)
        {
            throw new UnreadableFileException(Unreadable);
        }
    }

    private static string[] Fields(CsvReader csv)
    {
        var fields = new string[csv.FieldCount];
        for (var i = 0; i < fields.Length; i++)
            fields[i] = csv.GetString(i);
        return fields;
    }

    /// <summary>Where each of our columns stands in the file; they may be in any order.</summary>
    private static Dictionary<string, int> Places(string[] header)
    {
        var missing = Columns.Except(header, StringComparer.Ordinal).ToList();
        var unknown = header.Except(Columns, StringComparer.Ordinal).ToList();
        var mistake = missing.Count > 0 ? $"missing: {string.Join(',', missing)}"
            : unknown.Count > 0 ? $"not known: {PlainText.Quote(string.Join(',', unknown))}"
            : header.Length > Columns.Length ? "a column is there twice"
            : null;
        return mistake is null
            ? Columns.ToDictionary(column => column, column => Array.IndexOf(header, column), StringComparer.Ordinal)
            : throw new UnreadableFileException(HeaderInvalid.With($"{HeaderInvalid.Message} In this file {mistake}."));
    }
}
