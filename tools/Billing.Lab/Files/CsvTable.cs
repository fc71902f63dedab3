using System.Globalization;
using System.Text;

namespace Billing.Tools;

/// <summary>
/// Reads a small CSV file by the names of its columns; a field in quotes may hold commas and doubled quotes.
/// </summary>
internal sealed class CsvTable : IDisposable
{
    private readonly StreamReader _file;
    private readonly string[] _columns;
    private string[] _fields = [];

    public CsvTable(string file)
    {
        _file = File.OpenText(file);
        if (!Read())
            throw new Failure($"{file} is empty.");
        _columns = _fields;
    }

    public int Line { get; private set; }

    /// <summary>A field of the line; empty when the column is not there.</summary>
    public string this[string column] =>
        Array.IndexOf(_columns, column) is >= 0 and var place && place < _fields.Length ? _fields[place] : "";

    public bool Read()
    {
        if (_file.ReadLine() is not { } line)
            return false;
        Line++;
        // The reader puts this sign where bytes are not UTF-8.
        if (line.Contains('\ufffd', StringComparison.Ordinal))
            throw new Failure($"line {Line} is not UTF-8");
        _fields = Split(line) ?? throw new Failure($"line {Line}: a quote is not closed");
        return true;
    }

    public DateOnly Day(string column) =>
        DateOnly.TryParseExact(
            this[column], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day
            : throw new Failure($"line {Line}: '{this[column]}' in {column} is no day like 2026-10-31");

    public decimal? Number(string column) =>
        this[column].Length == 0 ? null
        : decimal.TryParse(this[column], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && !this[column].Any(char.IsControl) ? number
        : throw new Failure($"line {Line}: '{this[column]}' in {column} is no number like 12.5");

    public void Dispose() => _file.Dispose();

    private static string[]? Split(string line)
    {
        var (fields, field, quoted) = (new List<string>(), new StringBuilder(), false);
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '"' && quoted && i + 1 < line.Length && line[i + 1] == '"')
                field.Append(line[i++]);
            else if (line[i] == '"')
                quoted = !quoted;
            else if (line[i] == ',' && !quoted)
                Next();
            else
                field.Append(line[i]);
        }
        Next();
        return quoted ? null : [.. fields];

        void Next()
        {
            fields.Add(field.ToString());
            field.Clear();
        }
    }
}
