using System.Globalization;
using System.Text.Unicode;
using CsvHelper;

namespace Billing.Tools;

/// <summary>Reads a small CSV file by the names of its columns, one record a line.</summary>
internal sealed class CsvTable : IDisposable
{
    private readonly CsvReader _rows;
    private bool _open;

    public CsvTable(string file)
    {
        _rows = CsvReader.FromFile(file, new()
        {
            AllowLineBreaksInQuotes = false, SkipEmptyLines = false, TrackLineNumbers = true,
            OnMalformedRecord = record => _open |=
                record.Reason is CsvMalformedReason.LineBreakInQuotes or CsvMalformedReason.UnterminatedQuote,
        });
        if (_rows.Headers.Count == 0)
            throw new Failure($"{file} is empty.");
    }

    public int Line => (int)_rows.LineNumber;

    /// <summary>A field of the line; empty when the column is not there.</summary>
    public string this[string column] => _rows.TryGetFieldIndex(column, out var place) ? _rows.GetString(place) : "";

    public bool Read()
    {
        if (!_rows.Read())
            return false;
        if (!Utf8.IsValid(_rows.RawRecord))
            throw new Failure($"line {Line} is not UTF-8");
        if (_open)
            throw new Failure($"line {Line}: a quote is not closed");
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

    public void Dispose() => _rows.Dispose();
}
