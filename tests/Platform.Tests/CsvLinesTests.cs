using System.Text;
using FluentAssertions;

namespace Billing.Platform.Tests;

/// <summary>Files as people and machines write them, one line at a time.</summary>
public sealed class CsvLinesTests
{
    public static TheoryData<string, string[]> Readable => new()
    {
        { "a,b", ["a", "b"] }, { "a,b\r", ["a", "b"] }, { ",", ["", ""] }, { "a,", ["a", ""] },
        { " a,b ", [" a", "b "] },
        { "\"a\",b", ["a", "b"] }, { "\"a,b\",c", ["a,b", "c"] }, { "\"\"", [""] }, { "\"\",", ["", ""] },
        { "\"a\"\"b\"", ["a\"b"] }, { "\"\"\"\",x", ["\"", "x"] }, { "张三,\"李,四\"", ["张三", "李,四"] },
        { "a\0b", ["a\0b"] },
    };

    [Theory, MemberData(nameof(Readable))]
    public async Task A_line_has_fields(string line, string[] fields)
    {
        var read = (await Read(line)).Single();
        (read.Number, read.Mistake).Should().Be((1, null));
        read.Fields.Should().Equal(fields);
    }

    [Theory, InlineData("\"a"), InlineData("a\"b"), InlineData("\"a\"b"), InlineData("\"a\"\""), InlineData("x,\"")]
    public async Task Quotes_enclose_a_whole_field(string line) =>
        (await Read(line)).Single().Mistake.Should().Be(CsvLines.WrongQuotes);

    [Fact]
    public async Task Lines_keep_their_numbers_although_empty_ones_say_nothing() =>
        (await Read("\ufeffa\n\n\r\nb\nc")).Select(line => (line.Number, line.Fields[0]))
            .Should().Equal((1, "a"), (4, "b"), (5, "c"));

    [Theory, InlineData(10, false), InlineData(11, true), InlineData(200_000, true)]
    public async Task A_line_that_is_too_long_spoils_no_other(int length, bool tooLong)
    {
        var lines = await Read($"a\n{new string('x', length)}\nb", longest: 10);
        lines.Select(line => line.Number).Should().Equal(1, 2, 3);
        lines[1].Mistake.Should().Be(tooLong ? CsvLines.TooLong : null);
        lines[2].Fields.Should().Equal("b");
    }

    [Fact]
    public async Task Bytes_of_another_encoding_spoil_no_other_line()
    {
        byte[] file = [.. "a\n张"u8, 0xB1, 0xED, .. ",x\n表"u8];
        var lines = await Read(file);
        lines.Select(line => line.Mistake).Should().Equal(null, CsvLines.NotUtf8, null);
        lines[2].Fields.Should().Equal("表");
    }

    [Fact]
    public async Task A_character_that_is_cut_by_the_end_of_a_line_is_not_utf8() =>
        (await Read([.. "表"u8[..2], .. "\na"u8])).Select(line => line.Mistake).Should().Equal(CsvLines.NotUtf8, null);

    [Fact]
    public async Task Lines_may_be_cut_anywhere_by_the_way_they_come()
    {
        var text = string.Join(
            '\n', Enumerable.Range(1, 40_000).Select(i => $"{i},\"李,四\",{new string('x', i % 50)}"));
        var lines = await Read(text);
        lines.Should().HaveCount(40_000).And.OnlyContain(line => line.Mistake == null
            && line.Fields[0] == $"{line.Number}" && line.Fields[1] == "李,四"
            && line.Fields[2].Length == line.Number % 50);
    }

    private static Task<List<CsvLine>> Read(string file, int longest = 1_000) =>
        Read(Encoding.UTF8.GetBytes(file), longest);

    private static async Task<List<CsvLine>> Read(byte[] file, int longest = 1_000)
    {
        var lines = new List<CsvLine>();
        await foreach (var line in CsvLines.Read(new MemoryStream(file), longest, default))
            lines.Add(line);
        return lines;
    }
}
