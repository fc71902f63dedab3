using System.Text;
using Billing.Contracts;
using Billing.Testing;

namespace Billing.Payments.Tests;

public sealed class BankFileTests
{
    private const string Good =
        "2|150.00\n20261031|S001|1000000001|100.00|WEB|PAY\n20261031|S002|1000000002|50.00||PAY\n";

    private static readonly BankLine First = new(
        "S001", AccountNo.Parse("1000000001"), new(100_00), "WEB", BankLineType.Pay);

    /// <summary>A line is date, serial, account, amount, channel, type.</summary>
    [Theory]
    [InlineData(Good)]
    [InlineData("\uFEFF" + Good)]
    [InlineData("2|150.00\r\n20261031|S001|1000000001|100.00|WEB|PAY\r\n20261031|S002|1000000002|50.00||PAY\r\n")]
    [InlineData("2|150.00\n20261031|S001|1000000001|100.00|WEB|PAY\n20261031|S002|1000000002|50.00||PAY")]
    [InlineData(Good + "\n\n")]
    public void A_complete_file_is_read(string text)
    {
        var (file, refusal, bad) = Parse(text);
        refusal.Should().BeNull();
        bad.Should().BeEmpty();
        file!.Count.Should().Be(2);
        file.Amount.Should().Be(new Money(150_00));
        file.Lines.Should().HaveCount(2).And.StartWith(First);
    }

    [Fact]
    public void Reversals_are_taken_off_count_and_amount()
    {
        var text = "1|100.00\n20261031|S001|1000000001|100.00||PAY\n20261031|S002|1000000002|50.00||PAY\n"
            + "20261031|S002|1000000002|50.00||REV\n";
        Parse(text).File!.Lines[2].Type.Should().Be(BankLineType.Reversal);
    }

    [Theory]
    [InlineData("0|0.00")]
    [InlineData("0|0.00\n")]
    public void A_day_without_payments_is_a_complete_file(string text) =>
        Parse(text).File!.Lines.Should().BeEmpty();

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("2|150.00\n20261031|S001|1000000001|100.00|WEB|PAY\n")]
    [InlineData("2|150.00\n20261031|S001|1000000001|100.00|WEB|PAY\n20261031|S002|10000")]
    [InlineData("1|150.00\n20261031|S001|1000000001|100.00|WEB|PAY\n20261031|S002|1000000002|50.00||PAY\n")]
    [InlineData("2|150.01\n20261031|S001|1000000001|100.00|WEB|PAY\n20261031|S002|1000000002|50.00||PAY\n")]
    [InlineData("2|149.99\n20261031|S001|1000000001|100.00|WEB|PAY\n20261031|S002|1000000002|50.00||PAY\n")]
    public void A_file_that_does_not_hold_what_it_says_is_refused_as_a_whole(string text)
    {
        var (file, refusal, _) = Parse(text);
        file.Should().BeNull();
        refusal!.Code.Should().Be(BankFile.Truncated.Code);
    }

    [Theory]
    [InlineData("20261031|S1|1000000001|1.00|PAY", "5 fields instead of 6")]
    [InlineData("20261031|S1|1000000001|1.00||PAY|x", "7 fields instead of 6")]
    [InlineData("2026-10-31|S1|1000000001|1.00||PAY", "not a date")]
    [InlineData("20261030|S1|1000000001|1.00||PAY", "not the bank day")]
    [InlineData("20261031||1000000001|1.00||PAY", "not a serial")]
    [InlineData("20261031|S 1|1000000001|1.00||PAY", "not a serial")]
    [InlineData("20261031|S1|12345|1.00||PAY", "not an account")]
    [InlineData("20261031|S1|1000000001|1.0||PAY", "not an amount")]
    [InlineData("20261031|S1|1000000001|1.000||PAY", "not an amount")]
    [InlineData("20261031|S1|1000000001|100||PAY", "not an amount")]
    [InlineData("20261031|S1|1000000001|0.00||PAY", "not an amount")]
    [InlineData("20261031|S1|1000000001|-1.00||PAY", "not an amount")]
    [InlineData("20261031|S1|1000000001|1,000.00||PAY", "not an amount")]
    [InlineData("20261031|S1|1000000001|1.00||P", "neither PAY nor REV")]
    [InlineData("20261031|S0|1000000001|1.00||PAY", "in the file already")]
    [InlineData("20261031|S0|1000000001|2.00||REV", "another amount")]
    [InlineData("20261031|S1|1000000001|1.00|a\0b|PAY", "control character")]
    [InlineData("20261031|S1|1000000001|1.00|a\rb|PAY", "control character")]
    [InlineData("20261031|S1|1000000001|99999999999999999999999999999999.00||PAY", "not an amount")]
    [InlineData("20261031|S1|1000000001|1.00|0123456789012345678901234567890123456789012345678901234567890123x|PAY",
        "more than 64")]
    public void A_bad_line_is_named_with_its_number_and_reason(string line, string reason)
    {
        var text = $"2|2.00\n20261031|S0|1000000001|1.00||PAY\n{line}\n";
        var (file, refusal, bad) = Parse(text);
        file.Should().BeNull();
        refusal!.Code.Should().Be(BankFile.Malformed.Code);
        bad.Should().ContainSingle().Which.Line.Should().Be(3);
        bad[0].Reason.Should().Contain(reason);
    }

    [Fact]
    public void A_payment_and_a_reversal_of_an_earlier_day_may_have_the_same_serial()
    {
        var text = "1|2.00\n20261031|S0|1000000001|3.00||PAY\n20261031|S0|1000000002|1.00||REV\n"
            + "20261031|S0|1000000003|1.00||REV\n20261031|S1|1000000001|1.00||PAY\n";
        var (file, _, _) = Parse(text.Replace("1|2.00", "0|2.00", StringComparison.Ordinal));
        file!.Lines.Should().HaveCount(4);
    }

    [Fact]
    public void A_bad_first_line_does_not_hide_the_other_bad_lines()
    {
        var (_, refusal, bad) = Parse("x|1.00\n20261031|S0|1000000001|1.00||PAY\ny\n20261031|S1|1|1.00||PAY\n");
        refusal!.Code.Should().Be(BankFile.Malformed.Code);
        bad.Select(line => line.Line).Should().Equal(1, 3, 4);
    }

    [Theory]
    [InlineData("1|2.00", "count and amount differ")]
    [InlineData("2|2.00", "REV; the amount differs")]
    [InlineData("1|1.00", "REV; the count differs")]
    public void It_is_said_which_sum_differs(string header, string expected)
    {
        var (_, refusal, _) = Parse(
            header + "\n20261031|S0|1000000001|1.00||PAY\n20261031|S1|1000000001|1.00||PAY\n"
            + "20261031|S2|1000000001|1.00||PAY\n20261031|S3|1000000001|2.00||REV\n");
        refusal!.Code.Should().Be(BankFile.Truncated.Code);
        refusal.Message.Should().Contain("2|1.00: 3|3.00 PAY less 1|2.00 REV").And.Contain(expected);
    }

    [Fact]
    public void The_hash_is_of_the_bytes_and_gbk_is_read_as_gbk()
    {
        var (mobile, counter) = (GbkFile("手机"), GbkFile("柜台"));
        var first = BankFile.Parse(mobile, BankEncoding.Gbk, Facts.BankDate).File!;
        first.Lines[0].SubChannel.Should().Be("手机");
        first.Hash.Should().Be(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(mobile)));
        BankFile.Parse(counter, BankEncoding.Gbk, Facts.BankDate).File!.Hash.Should().NotBe(first.Hash);
    }

    [Fact]
    public void A_line_that_is_not_in_the_partners_encoding_is_named()
    {
        var (file, refusal, bad) = BankFile.Parse(GbkFile("手机"), BankEncoding.Utf8, Facts.BankDate);
        (file, refusal!.Code).Should().Be((null, BankFile.Malformed.Code));
        bad.Should().ContainSingle().Which.Should().Be(new BadLine(2, "The line is not written in UTF-8."));
    }

    [Fact]
    public void The_sums_of_a_large_file_are_refused_and_do_not_overflow()
    {
        var text = new StringBuilder("93000|999999999999.99\n");
        for (var i = 0; i < 93_000; i++)
            text.Append($"20261031|S{i}|1000000001|999999999999.99||PAY\n");
        Parse(text.ToString()).Refusal!.Code.Should().Be(BankFile.OutOfRange.Code);
    }

    [Fact]
    public void Reversals_do_not_hide_that_payments_add_up_to_too_much()
    {
        var text = "0|0.00\n20261031|S0|1000000001|999999999999.99||PAY\n20261031|S1|1000000001|0.01||PAY\n"
            + "20261031|S0|1000000001|999999999999.99||REV\n20261031|S1|1000000001|0.01||REV\n";
        Parse(text).Refusal!.Code.Should().Be(BankFile.OutOfRange.Code);
    }

    [Fact]
    public void Every_bad_line_is_named()
    {
        var (_, refusal, bad) = Parse("2|2.00\nx\n20261031|S0|1000000001|1.00||PAY\ny\n");
        refusal!.Code.Should().Be(BankFile.Malformed.Code);
        bad.Select(line => line.Line).Should().Equal(2, 4);
    }

    [Theory, InlineData("x"), InlineData("2"), InlineData("2|3|4"), InlineData("2|1.5"), InlineData("1.0|1.00")]
    public void A_first_line_that_is_none_is_named(string header)
    {
        var (_, refusal, bad) = Parse(header + "\n");
        refusal!.Code.Should().Be(BankFile.Malformed.Code);
        bad.Should().ContainSingle().Which.Line.Should().Be(1);
    }

    private static (BankFile? File, Platform.Rejection? Refusal, IReadOnlyList<BadLine> Bad) Parse(string text) =>
        BankFile.Parse(Encoding.UTF8.GetBytes(text), BankEncoding.Utf8, Facts.BankDate);

    private static byte[] GbkFile(string subChannel) => CodePagesEncodingProvider.Instance.GetEncoding(936)!.GetBytes(
        $"1|1.00\n20261031|S0|1000000001|1.00|{subChannel}|PAY\n");
}

public sealed class ReconcileDayTests
{
    private static readonly Spec<PartnerDay, PartnerDayEvent> Spec = new(PartnerDay.Streams);
    private static readonly BankFile File = new("h1", 0, Money.Zero, []);
    private static readonly BankFileTaken Taken = new(PartnerCode.Parse("icbc"), Facts.BankDate, "h1", 0, Money.Zero,
        []);

    private static readonly ReconcileDay Take = new(PartnerCode.Parse("icbc"), Facts.BankDate, File, BankDayState.Past,
        Over: true);

    [Fact]
    public void A_file_is_taken() => Spec.Given().When(Take).Then(Taken);

    [Fact]
    public void The_same_file_changes_nothing() =>
        Spec.Given(Taken).When(Take).ThenNothing();

    [Fact]
    public void Another_file_replaces_it() => Spec.Given(Taken)
        .When(Take with { File = File with { Hash = "h2" } }).Then(Taken with { FileHash = "h2" });

    [Fact]
    public void The_first_file_can_come_back() => Spec.Given(Taken, Taken with { FileHash = "h2" })
        .When(Take).Then(Taken);

    [Theory, InlineData(BankDayState.Future, "bank-day-in-future"), InlineData(BankDayState.TooOld, "bank-day-too-old")]
    public void A_file_is_taken_for_days_that_have_been(BankDayState day, string code)
    {
        Spec.Given().When(Take with { Day = day }).ThenRefused(Platform.Rejection.Invalid(code, ""));
        Spec.Given(Taken).When(Take with { Day = day }).ThenNothing();
    }

    [Fact]
    public void A_file_of_a_day_that_runs_is_not_taken()
    {
        var running = Take with { Day = BankDayState.Current, Over = false };
        Spec.Given().When(running).ThenRefused(BankDays.NotOver);
        Spec.Given(Taken).When(running).ThenNothing();
        Spec.Given().When(running with { Over = true }).Then(Taken);
    }
}
