using System.Text;
using CsvHelper;

namespace Billing.Tools;

/// <summary>A line of a CSV file.</summary>
internal interface ICsvRow
{
    /// <summary>Writes the fields and ends the line.</summary>
    void Write(CsvWriter line);
}

/// <summary>A CSV file that is being written: UTF-8, line feeds, quotes only where a field needs them.</summary>
internal sealed class CsvFile : IDisposable
{
    private static readonly CsvWriterOptions Form = new() { NewLine = "\n" };

    private readonly TextWriter _file;
    private readonly CsvWriter _rows;

    public CsvFile(string path, string header)
        : this(new StreamWriter(path, false, new UTF8Encoding(false), 1 << 17) { NewLine = "\n" }) =>
        WriteLine(header);

    private CsvFile(TextWriter file) => (_file, _rows) = (file, CsvWriter.Create(file, Form, leaveOpen: true));

    /// <summary>A row as text, without the end of its line.</summary>
    public static string Text(ICsvRow row)
    {
        using var text = new StringWriter();
        using (var file = new CsvFile(text))
            file.Write(row);
        return text.ToString().TrimEnd('\n');
    }

    public void Write(ICsvRow row) => row.Write(_rows);

    /// <summary>Writes a line unchanged, whether it is valid or not.</summary>
    public void WriteLine(string line)
    {
        _rows.Flush();
        _file.WriteLine(line);
    }

    public void Dispose()
    {
        _rows.Dispose();
        _file.Dispose();
    }
}
