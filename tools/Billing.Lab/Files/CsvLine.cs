using System.Globalization;

namespace Billing.Tools;

/// <summary>Writes one line of a CSV file, quoting as RFC 4180 asks.</summary>
internal ref struct CsvLine(TextWriter file)
{
    private bool _begun;

    public CsvLine Add(string? field)
    {
        Separate();
        if (field is null)
            return this;
        if (field.AsSpan().IndexOfAny(",\"\r\n") >= 0)
            file.Write($"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"");
        else
            file.Write(field);
        return this;
    }

    public CsvLine Add(decimal? number)
    {
        Separate();
        if (number is not { } value)
            return this;
        Span<char> text = stackalloc char[32];
        value.TryFormat(text, out var length, "0.####", CultureInfo.InvariantCulture);
        file.Write(text[..length]);
        return this;
    }

    public readonly void End() => file.Write('\n');

    private void Separate()
    {
        if (_begun)
            file.Write(',');
        _begun = true;
    }
}
