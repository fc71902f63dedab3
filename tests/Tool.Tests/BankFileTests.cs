using Billing.Contracts;
using FluentAssertions;
using Xunit;

namespace Billing.Tools.Tests;

public sealed class BankFileTests
{
    private static readonly DateOnly Day = new(2026, 11, 5);

    private static readonly BankFile File = new("icbc", Day,
    [
        new(Day, "S001", "1000000001", new(100_00), "MOBILE", false),
        new(Day, "S002", "1000000002", new(250_50), "COUNTER", false),
        new(Day, "S001", "1000000001", new(100_00), "MOBILE", true),
    ]);

    [Fact]
    public void A_payment_that_never_reached_us_is_in_the_file_however_few_the_others_are()
    {
        var day = new BankDay(DemoPartners.All[0], new DateOnly(2026, 11, 26), null!, new Tally());

        var (today, yesterday) = BankBreaks.Of(day, new("i9000001", "1000000001", new(10_00)));

        today.Lines.Should().ContainSingle().Which.Should().Be(day.Line("i9000001", "1000000001", new(10_00)));
        yesterday.Should().BeNull();
    }

    [Fact]
    public void A_file_says_its_count_and_amount_less_reversals() => File.Text.Should().Be("""
        1|250.50
        20261105|S001|1000000001|100.00|MOBILE|PAY
        20261105|S002|1000000002|250.50|COUNTER|PAY
        20261105|S001|1000000001|100.00|MOBILE|REV

        """);

    [Fact]
    public void What_was_written_is_read()
    {
        using var folder = new Folder();
        System.IO.File.WriteAllText(folder[File.FileName], File.Text);
        var read = BankFile.Read(folder[File.FileName]);
        (read.Partner, read.Date).Should().Be(("icbc", Day));
        read.Lines.Should().Equal(File.Lines);
    }

    [Fact]
    public void A_file_that_is_not_utf_8_is_named()
    {
        using var folder = new Folder();
        System.IO.File.WriteAllBytes(folder[File.FileName], [.. "0|0.00\n"u8, 0xCA, 0xD6, (byte)'\n']);
        var reading = () => BankFile.Read(folder[File.FileName]);
        reading.Should().Throw<Failure>().WithMessage("*bank-icbc-20261105.txt is not written in UTF-8*");
    }

    [Theory]
    [InlineData("bank-icbc-20261105.txt", "0|0.00\n20261105|S001|1000000001|ten|MOBILE|PAY\n", "*line 2*")]
    [InlineData("bank-icbc-20261105.txt", "0|0.00\n20261105|S001|1000000001|10.00|MOBILE|MAYBE\n", "*line 2*")]
    [InlineData("bank-icbc-20261105.txt", "0|0.00\n20261105|S001|1000000001|9999999999999999.00|A|PAY\n", "*line 2*")]
    [InlineData("bank-icbc-20261105.txt", "0|0.00\n20261105|S001|1000000001|10.00\0|A|PAY\n", "*line 2*")]
    [InlineData("icbc.txt", "0|0.00\n", "*bank-PARTNER-yyyyMMdd.txt*")]
    public void A_file_of_another_form_is_named(string name, string text, string expected)
    {
        using var folder = new Folder();
        System.IO.File.WriteAllText(folder[name], text);
        var reading = () => BankFile.Read(folder[name]).Lines.Count;
        reading.Should().Throw<Exception>().WithMessage(expected);
    }
}
