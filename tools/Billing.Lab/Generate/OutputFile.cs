namespace Billing.Tools;

/// <summary>A file that is being generated: counts its lines, and accepts lines that are wrong on purpose.</summary>
internal sealed class OutputFile : IDisposable
{
    private readonly CsvFile _file;
    private readonly ExpectedFile _expected;

    public OutputFile(string folder, string name, string header, Expected expected)
    {
        _file = new(Path.Combine(folder, name), header);
        _expected = new(name);
        expected.Files.Add(_expected);
    }

    public void Write(ICsvRow row)
    {
        _file.Write(row);
        _expected.Lines++;
    }

    public void WriteWrong(string line, string why)
    {
        _file.WriteLine(line);
        _expected.Lines++;
        _expected.Refused.Add(new(_expected.Lines + 1, why));
    }

    public void Dispose() => _file.Dispose();
}

/// <summary>The readings, one file for each day of reading.</summary>
internal sealed class ReadingFiles(string folder, Expected expected) : IDisposable
{
    private readonly OutputFile _september = new(folder, "readings-2026-09.csv", ReadingRow.Header, expected);
    private readonly OutputFile _october = new(folder, "readings-2026-10.csv", ReadingRow.Header, expected);

    public void September(ReadingRow row) => _september.Write(row);

    public void October(ReadingRow row) => _october.Write(row);

    public void OctoberWrong(string line, string why) => _october.WriteWrong(line, why);

    public void Dispose()
    {
        _september.Dispose();
        _october.Dispose();
    }
}
