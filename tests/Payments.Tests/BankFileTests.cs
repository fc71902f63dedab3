using Billing.Contracts;
using Billing.Testing;

namespace Billing.Payments.Tests;

public sealed class BankFileTests
{
    private const string Good =
        "2|150.00\n20261031|S001|1000000001|100.00|WEB|PAY\n20261031|S002|1000000002|50.00||PAY\n";

    private static readonly BankLine First = new(
        "S001", AccountNo.Parse("1000000001"), new(100_00), "WEB", BankLineType.Pay);

    [Theory]
    [InlineData(Good)]
    [InlineData("\uFEFF" + Good)]
    [InlineData("2|150.00\r\n20261031|S001|1000000001|100.00|WEB|PAY\r\n20261031|S002|1000000002|50.00||PAY\r\n")]
    [InlineData("2|150.00\n20261031|S001|1000000001|100.00|WEB|PAY\n20261031|S002|1000000002|50.00||PAY")]
    [InlineData(Good + "\n\n")]
    public void A_complete_file_is_read(string text)
    {
        var (file, refusal, bad) = BankFile.Parse(text, Facts.BankDate);
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
        BankFile.Parse(text, Facts.BankDate).File!.Lines[2].Type.Should().Be(BankLineType.Reversal);
    }

    [Theory]
    [InlineData("0|0.00")]
    [InlineData("0|0.00\n")]
    public void A_day_without_payments_is_a_complete_file(string text) =>
        BankFile.Parse(text, Facts.BankDate).File!.Lines.Should().BeEmpty();

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
        var (file, refusal, _) = BankFile.Parse(text, Facts.BankDate);
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
    [InlineData("20261031|S0|1000000001|2.00||REV", "another account or amount")]
    [InlineData("20261031|S0|1000000002|1.00||REV", "another account or amount")]
    public void A_bad_line_is_named_with_its_number_and_reason(string line, string reason)
    {
        var text = $"2|2.00\n20261031|S0|1000000001|1.00||PAY\n{line}\n";
        var (file, refusal, bad) = BankFile.Parse(text, Facts.BankDate);
        file.Should().BeNull();
        refusal!.Code.Should().Be(BankFile.Malformed.Code);
        bad.Should().ContainSingle().Which.Line.Should().Be(3);
        bad[0].Reason.Should().Contain(reason);
    }

    [Fact]
    public void Every_bad_line_is_named()
    {
        var (_, refusal, bad) = BankFile.Parse("2|2.00\nx\n20261031|S0|1000000001|1.00||PAY\ny\n", Facts.BankDate);
        refusal!.Code.Should().Be(BankFile.Malformed.Code);
        bad.Select(line => line.Line).Should().Equal(2, 4);
    }

    [Theory, InlineData("x"), InlineData("2"), InlineData("2|3|4"), InlineData("2|1.5"), InlineData("1.0|1.00")]
    public void A_first_line_that_is_none_is_named(string header)
    {
        var (_, refusal, bad) = BankFile.Parse(header + "\n", Facts.BankDate);
        refusal!.Code.Should().Be(BankFile.Malformed.Code);
        bad.Should().ContainSingle().Which.Line.Should().Be(1);
    }
}

public sealed class ReconcileDayTests
{
    private static readonly Spec<PartnerDay, PartnerDayEvent> Spec = new(PartnerDay.Streams);
    private static readonly BankFile File = new("h1", 0, Money.Zero, []);
    private static readonly BankFileTaken Taken = new("icbc", Facts.BankDate, "h1", 0, Money.Zero, []);

    [Fact]
    public void A_file_is_taken() => Spec.Given().When(new ReconcileDay("icbc", Facts.BankDate, File)).Then(Taken);

    [Fact]
    public void The_same_file_changes_nothing() =>
        Spec.Given(Taken).When(new ReconcileDay("icbc", Facts.BankDate, File)).ThenNothing();

    [Fact]
    public void Another_file_replaces_it() => Spec.Given(Taken)
        .When(new ReconcileDay("icbc", Facts.BankDate, File with { Hash = "h2" })).Then(Taken with { FileHash = "h2" });

    [Fact]
    public void The_first_file_can_come_back() => Spec.Given(Taken, Taken with { FileHash = "h2" })
        .When(new ReconcileDay("icbc", Facts.BankDate, File)).Then(Taken);
}
