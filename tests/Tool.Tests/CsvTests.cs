using CsvHelper;
using FluentAssertions;
using Xunit;

namespace Billing.Tools.Tests;

public sealed class CsvTests
{
    [Fact]
    public void Fields_with_commas_and_quotes_come_back_as_they_were()
    {
        using var folder = new Folder();
        using (var file = new CsvFile(folder["a.csv"], "\ufeffname,empty,number"))
            file.Write(new Row("张,\"三\"", null, 12.50m));
        File.ReadAllText(folder["a.csv"]).Should().EndWith("number\n\"张,\"\"三\"\"\",,12.5\n");
        using var table = new CsvTable(folder["a.csv"]);
        table.Read().Should().BeTrue();
        (table["name"], table["empty"], table["number"], table["absent"]).Should().Be(("张,\"三\"", "", "12.5", ""));
        (table.Number("number"), table.Number("empty")).Should().Be((12.5m, null));
    }

    [Theory]
    [InlineData(new byte[] { 0xD5, 0xC5 }, "line 2 is not UTF-8")]
    [InlineData(new byte[] { 0x22, 0x61 }, "line 2*quote*")]
    public void A_line_that_cannot_be_read_is_named(byte[] spoilt, string expected)
    {
        using var folder = new Folder();
        File.WriteAllBytes(folder["a.csv"], [.. "name\n"u8, .. spoilt, .. "\nlast\n"u8]);
        using var table = new CsvTable(folder["a.csv"]);
        table.Invoking(rows => rows.Read()).Should().Throw<Exception>().WithMessage(expected);
    }

    [Fact]
    public void A_number_that_is_none_is_named_with_its_line()
    {
        using var folder = new Folder();
        File.WriteAllText(folder["a.csv"], "total\n12O\n");
        using var table = new CsvTable(folder["a.csv"]);
        table.Read();
        table.Invoking(row => row.Number("total")).Should().Throw<Exception>().WithMessage("line 2*12O*");
    }

    private sealed record Row(string Name, string? Empty, decimal Number) : ICsvRow
    {
        public void Write(CsvWriter line)
        {
            line.WriteField(Name);
            line.WriteField(Empty);
            line.WriteField(Number, "0.####");
            line.EndRecord();
        }
    }
}
