using System.Runtime.CompilerServices;
using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;

namespace Billing.Customers;

/// <summary>One line of an accounts file: its commands, or why it is refused.</summary>
/// <param name="Line">Its number in the file; the header is line 1.</param>
/// <param name="Account">The account number in the line; empty when there is none of this form.</param>
/// <param name="Register">The command that registers the customer; null when the line is refused.</param>
/// <param name="Open">The command that opens the account; null when the line is refused. Its holder is not known
/// yet.</param>
/// <param name="Refused">The reason, or null.</param>
internal sealed record AccountLine(
    long Line, string Account, RegisterCustomer? Register, OpenAccount? Open, RefusedAccountLine? Refused);

/// <summary>The file as a whole cannot be imported.</summary>
internal sealed class UnreadableFileException(Rejection rejection) : Exception(rejection.Message)
{
    public Rejection Rejection { get; } = rejection;
}

/// <summary>
/// Reads accounts files, whose columns may be in any order. It streams, and holds one chunk of lines at a time.
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

    public static readonly Rejection WrongColumns = Rejection.Invalid(
        "line-columns-wrong", "The line has fewer or more columns than the header.");

    /// <summary>The lines after the header, in chunks.</summary>
    /// <exception cref="UnreadableFileException">The header is wrong.</exception>
    public static async IAsyncEnumerable<IReadOnlyList<AccountLine>> Chunks(
        Stream file, int size, [EnumeratorCancellation] CancellationToken cancellation)
    {
        Dictionary<string, int>? places = null;
        var chunk = new List<AccountLine>(size);
        await foreach (var text in CsvLines.Read(file, LongestLine, cancellation))
        {
            if (places is null)
            {
                places = Places(text);
                continue;
            }
            var line = new AccountLineReader(text.Number, text.Fields, places);
            chunk.Add(text.Mistake is { } mistake ? line.Refuse("", mistake)
                : text.Fields.Length != Columns.Length ? line.Refuse("", WrongColumns)
                : line.Read());
            if (chunk.Count < size)
                continue;
            yield return chunk;
            chunk = new(size);
        }
        if (places is null)
            throw new UnreadableFileException(HeaderInvalid);
        if (chunk.Count > 0)
            yield return chunk;
    }

    /// <summary>
    /// The position of each known column in the file; columns may be in any order. A file without a header begins with
    /// somebody's data, so what the first line says is not repeated.
    /// </summary>
    private static Dictionary<string, int> Places(CsvLine line)
    {
        if (line.Mistake is { } unreadable)
            throw new UnreadableFileException(HeaderInvalid.With($"{HeaderInvalid.Message} {unreadable.Message}"));
        var header = line.Fields;
        var missing = Columns.Except(header, StringComparer.Ordinal).ToList();
        var unknown = header.Except(Columns, StringComparer.Ordinal).ToList();
        var mistake = missing.Count > 0 ? $"missing: {string.Join(',', missing)}"
            : unknown.Count > 0 ? $"not known: {unknown.Count} columns"
            : header.Length > Columns.Length ? "a column is there twice"
            : null;
        return mistake is null
            ? Columns.ToDictionary(column => column, column => Array.IndexOf(header, column), StringComparer.Ordinal)
            : throw new UnreadableFileException(HeaderInvalid.With($"{HeaderInvalid.Message} In this file {mistake}."));
    }
}
