using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;

namespace Billing.Platform;

/// <summary>One line of a CSV file.</summary>
/// <param name="Number">Its number in the file; the first line is 1.</param>
/// <param name="Fields">Its fields; for a line with a mistake those that could be parsed, to identify it.</param>
/// <param name="Mistake">Why it cannot be read, or null.</param>
public sealed record CsvLine(long Number, string[] Fields, Rejection? Mistake);

/// <summary>
/// Reads CSV files from outside: UTF-8, commas, RFC 4180 quotes, one record per line. No field of this system contains
/// a line break, so a mistake in a line (bytes of another encoding, an open quote, megabytes without an end) spoils
/// that line and no other. It streams, and holds one line at a time.
/// </summary>
public static class CsvLines
{
    private const int Piece = 65_536;

    /// <summary>The line is longer than allowed.</summary>
    public static readonly Rejection TooLong = Rejection.Invalid("line-too-long", "The line is too long.");

    /// <summary>The line contains bytes that are not UTF-8; they are never replaced by other characters.</summary>
    public static readonly Rejection NotUtf8 = Rejection.Invalid(
        "line-not-utf8", "The line is not UTF-8. Save the file as UTF-8 (it may be GBK, called ANSI by spreadsheets).");

    /// <summary>A quote is where none is allowed, or is not closed.</summary>
    public static readonly Rejection WrongQuotes = Rejection.Invalid(
        "line-quotes-wrong", "Quotes enclose a whole field on one line; a quote inside it is doubled.");

    /// <summary>Reads all lines that are not empty.</summary>
    /// <param name="file">The file; it stays open.</param>
    /// <param name="longest">The maximum length of a line, bytes.</param>
    /// <param name="cancellation">Cancels reading.</param>
    public static async IAsyncEnumerable<CsvLine> Read(
        Stream file, int longest, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var (piece, line) = (new byte[Piece], new byte[longest]);
        var (number, length) = (1L, 0L);
        for (int read; (read = await file.ReadAsync(piece, cancellation)) > 0;)
        {
            for (int at = 0, end; at < read; at = end + 1)
            {
                end = Array.IndexOf(piece, (byte)'\n', at, read - at);
                var ends = end >= 0;
                end = ends ? end : read;
                if (length < longest)
                    Array.Copy(piece, at, line, length, Math.Min(end - at, longest - length));
                length += end - at;
                if (!ends)
                    break;
                if (Parse(number, line, length) is { } parsed)
                    yield return parsed;
                (number, length) = (number + 1, 0);
            }
        }
        if (Parse(number, line, length) is { } last)
            yield return last;
    }

    private static CsvLine? Parse(long number, byte[] line, long length)
    {
        var bytes = line.AsSpan(0, (int)Math.Min(length, line.Length));
        if (number == 1 && bytes.StartsWith(Encoding.UTF8.Preamble))
            bytes = bytes[Encoding.UTF8.Preamble.Length..];
        if (length <= line.Length && bytes is [.., (byte)'\r'])
            bytes = bytes[..^1];
        if (bytes.IsEmpty)
            return null;
        var text = Encoding.UTF8.GetString(bytes);
        return length > line.Length ? new(number, text.Split(','), TooLong)
            : !Utf8.IsValid(bytes) ? new(number, text.Split(','), NotUtf8)
            : !text.Contains('"', StringComparison.Ordinal) ? new(number, text.Split(','), null)
            : Quoted(text) is { } fields ? new(number, fields, null)
            : new(number, text.Split(','), WrongQuotes);
    }

    private static string[]? Quoted(string text)
    {
        var (fields, field, at) = (new List<string>(), new StringBuilder(), 0);
        while (true)
        {
            if (at < text.Length && text[at] == '"')
            {
                for (at++; at < text.Length && (text[at] != '"' || IsQuote(at + 1)); at++)
                {
                    field.Append(text[at]);
                    at += text[at] == '"' ? 1 : 0;
                }
                if (at == text.Length || (++at < text.Length && text[at] != ','))
                    return null;
            }
            else
            {
                for (; at < text.Length && text[at] != ','; at++)
                    field.Append(text[at]);
                if (field.ToString().Contains('"', StringComparison.Ordinal))
                    return null;
            }
            fields.Add(field.ToString());
            field.Clear();
            if (at++ == text.Length)
                return [.. fields];
        }

        bool IsQuote(int index) => index < text.Length && text[index] == '"';
    }
}
