using System.Globalization;
using System.Text;
using System.Text.Json;
using Billing.Contracts;
using Billing.Contracts.Api;

namespace Billing.Payments.Tests;

public sealed class ReconciliationTests
{
    private static readonly AccountNo Account = Facts.Mine;
    private static readonly AccountNo OtherAccount = AccountNo.Parse("1000000002");
    private static readonly DateOnly Today = Facts.BankDate;
    private static readonly FiledLine Pay = Line(0, BankLineType.Pay);
    private static readonly FiledLine Rev = Line(0, BankLineType.Reversal);
    private static readonly HeldPayment Paid = new(
        Today, "S1", Account, new(100_00), PaymentStatus.Received, ReversedOn: null);

    private static readonly HeldPayment Gone = Paid with { Status = PaymentStatus.Reversed, ReversedOn = Today };
    private static readonly HeldPayment Blocked = Paid with { Status = PaymentStatus.Blocked, Amount = Money.Zero };

    public static TheoryData<string, LineClass> ExampleB05 => new()
    {
        { "S001", LineClass.Match },
        { "S002", LineClass.Match },
        { "S003", LineClass.AmountDiffers },
        { "S004", LineClass.UtilityOnly },
        { "S005", LineClass.BankOnly },
        { "S006", LineClass.StatusDiffers },
    };

    [Theory, MemberData(nameof(ExampleB05))]
    public void The_worked_example_is_classified_as_in_the_rules(string serial, LineClass expected)
    {
        var compared = WorkedExample().Single(line => line.Serial == serial);
        compared.Class.Should().Be(expected);
        compared.Difference.Should().Be(new Money(serial == "S003" ? 4_00 : 0));
    }

    [Fact]
    public void The_worked_example_has_no_other_lines() => WorkedExample().Should().HaveCount(ExampleB05.Count);

    [Fact]
    public void Both_say_the_same() => One([Pay], [Paid]).Class.Should().Be(LineClass.Match);

    [Fact]
    public void Money_that_went_back_on_both_sides_is_no_difference() =>
        One([Pay, Rev], [Gone]).Class.Should().Be(LineClass.Match);

    [Fact]
    public void The_order_of_a_payment_and_its_reversal_in_the_file_does_not_matter() =>
        One([Rev, Pay], [Gone]).Class.Should().Be(LineClass.Match);

    [Fact]
    public void A_payment_we_blocked_and_the_bank_reversed_is_no_difference() =>
        One([Pay, Rev], [Blocked]).Class.Should().Be(LineClass.Match);

    [Fact]
    public void A_payment_that_the_bank_reversed_and_we_never_saw_is_bank_only() =>
        One([Pay, Rev], []).Class.Should().Be(LineClass.BankOnly);

    [Fact]
    public void A_reversal_of_a_serial_that_nobody_knows_is_bank_only() =>
        One([Rev], []).Should().Match<ComparedPayment>(line => line.Class == LineClass.BankOnly && line.Ours == null);

    [Fact]
    public void A_payment_that_we_reversed_and_the_bank_left_out_is_no_difference() =>
        One([], [Gone]).Class.Should().Be(LineClass.Match);

    [Fact]
    public void Reversed_by_the_bank_only() => One([Pay, Rev], [Paid]).Class.Should().Be(LineClass.StatusDiffers);

    [Fact]
    public void Reversed_by_us_only() => One([Pay], [Gone]).Class.Should().Be(LineClass.StatusDiffers);

    [Fact]
    public void Blocked_by_us_and_taken_by_the_bank() =>
        One([Pay], [Blocked]).Class.Should().Be(LineClass.StatusDiffers);

    [Fact]
    public void A_reversal_without_a_payment_of_what_we_blocked_takes_back_what_never_came() =>
        One([Rev], [Blocked]).Class.Should().Be(LineClass.StatusDiffers);

    [Theory, InlineData(1), InlineData(20), InlineData(200)]
    public void A_reversal_of_a_payment_of_an_earlier_day_that_stands_here_names_that_day(int days) =>
        One([Rev], [Paid with { BankDate = Today.AddDays(-days) }]).Should().Match<ComparedPayment>(line =>
            line.Class == LineClass.StatusDiffers && line.OtherDay == Today.AddDays(-days)
            && !line.Bank!.IsActive && line.Ours!.IsActive);

    [Theory, InlineData(0), InlineData(1), InlineData(30)]
    public void It_matches_by_itself_once_we_reverse_the_payment_on_whatever_day(int daysLater) =>
        One([Line(-20, BankLineType.Pay), Rev], [Late(paid: -20, reversed: daysLater)]).Class
            .Should().Be(LineClass.Match);

    [Fact]
    public void Our_late_reversal_matches_on_its_own_day_when_an_earlier_file_tells_it() =>
        One([Line(-20, BankLineType.Pay), Line(-19, BankLineType.Reversal)], [Late(paid: -20, reversed: 0)]).Class
            .Should().Be(LineClass.Match);

    [Fact]
    public void Our_late_reversal_that_no_file_tells_differs_when_a_file_tells_the_payment() =>
        One([Line(-20, BankLineType.Pay)], [Late(paid: -20, reversed: 0)]).Should().Match<ComparedPayment>(line =>
            line.Class == LineClass.StatusDiffers && line.OtherDay == Today.AddDays(-20)
            && line.Bank!.IsActive && !line.Ours!.IsActive);

    [Fact]
    public void The_day_of_a_payment_is_not_changed_by_its_late_reversal() =>
        One([Pay], [Late(paid: 0, reversed: 9)]).Class.Should().Be(LineClass.Match);

    [Fact]
    public void A_payment_that_the_bank_does_not_have_is_settled_by_our_late_reversal() =>
        One([], [Late(paid: 0, reversed: 9)]).Class.Should().Be(LineClass.Match);

    [Fact]
    public void A_reversal_that_the_bank_tells_twice_matches_once()
    {
        FiledLine[] filed = [Line(-20, BankLineType.Pay), Line(-1, BankLineType.Reversal), Rev];
        One(filed, [Late(paid: -20, reversed: -1)]).Class.Should().Be(LineClass.BankOnly);
    }

    [Fact]
    public void A_reversal_is_of_the_last_payment_with_its_serial_and_account()
    {
        // The serial is used again and again, and only the first payment went back.
        HeldPayment[] held = [Late(paid: -20, reversed: -20), Paid with { BankDate = Today.AddDays(-3) }];
        One([Line(-20, BankLineType.Pay), Line(-3, BankLineType.Pay), Rev], held).Should().Match<ComparedPayment>(
            line => line.Class == LineClass.StatusDiffers && line.OtherDay == Today.AddDays(-3));
    }

    [Fact]
    public void A_pair_of_an_unknown_serial_does_not_take_back_an_earlier_payment() =>
        One([Line(-20, BankLineType.Pay), Pay, Rev], [Late(paid: -20, reversed: -20)])
            .Class.Should().Be(LineClass.BankOnly);

    [Fact]
    public void A_reversal_of_another_account_on_another_day_is_another_payment() =>
        One([Rev], [Late(paid: -1, reversed: -1) with { Account = OtherAccount }])
            .Class.Should().Be(LineClass.BankOnly);

    [Fact]
    public void A_reversal_for_another_account_than_the_payment_of_the_day() =>
        Compare([Rev], [Gone with { Account = OtherAccount }]).Should()
            .Contain(line => line.Class == LineClass.AccountDiffers);

    [Fact]
    public void Another_reversal_under_the_serial_of_a_payment_of_today_stands_for_itself() =>
        Compare([Pay, Rev with { Line = Rev.Line with { Account = OtherAccount } }], [Paid]).Select(line => line.Class)
            .Should().Equal(LineClass.Match, LineClass.BankOnly);

    [Fact]
    public void A_reversal_of_another_amount_differs() =>
        One([Rev with { Line = Rev.Line with { Amount = new(99_99) } }], [Late(paid: -3, reversed: 0)]).Should()
            .Match<ComparedPayment>(line => line.Class == LineClass.AmountDiffers && line.Difference == new Money(-1));

    [Fact]
    public void The_bank_says_less() =>
        One([Pay with { Line = Pay.Line with { Amount = new(99_99) } }], [Paid]).Should().Match<ComparedPayment>(line =>
            line.Class == LineClass.AmountDiffers && line.Difference == new Money(-1));

    [Fact]
    public void Another_account_under_the_same_serial() =>
        One([Pay with { Line = Pay.Line with { Account = OtherAccount } }], [Paid]).Class
            .Should().Be(LineClass.AccountDiffers);

    [Theory, InlineData(-1), InlineData(1)]
    public void A_payment_on_a_neighbouring_day_of_ours_is_a_cut_off_shift(int days) =>
        One([Pay], [Paid with { BankDate = Today.AddDays(days) }]).Should().Match<ComparedPayment>(line =>
            line.Class == LineClass.CutOffShift && line.OtherDay == Today.AddDays(days));

    [Theory, InlineData(-1), InlineData(1)]
    public void A_payment_in_the_file_of_a_neighbouring_day_is_a_cut_off_shift(int days) =>
        One([Line(days, BankLineType.Pay)], [Paid]).Should().Match<ComparedPayment>(line =>
            line.Class == LineClass.CutOffShift && line.OtherDay == Today.AddDays(days));

    [Fact]
    public void A_pair_whose_payment_and_reversal_are_on_a_neighbouring_day_is_a_cut_off_shift() =>
        One([Pay, Rev], [Late(paid: 1, reversed: 1)]).Class.Should().Be(LineClass.CutOffShift);

    [Fact]
    public void On_a_neighbouring_day_it_must_be_the_same_payment()
    {
        var next = Paid with { BankDate = Today.AddDays(1) };
        One([Pay], [next with { Amount = new(1) }]).Class.Should().Be(LineClass.BankOnly);
        One([Pay], [next with { Serial = "S2" }]).Class.Should().Be(LineClass.BankOnly);
        One([Pay], [next with { Account = OtherAccount }]).Class.Should().Be(LineClass.BankOnly);
        One([Pay], [Paid with { BankDate = Today.AddDays(2) }]).Class.Should().Be(LineClass.BankOnly);
    }

    [Fact]
    public void A_serial_that_both_sides_use_every_day_is_no_cut_off_shift()
    {
        One([Pay, Line(1, BankLineType.Pay)], [Paid with { BankDate = Today.AddDays(1) }]).Class
            .Should().Be(LineClass.BankOnly);
        One([Line(1, BankLineType.Pay)], [Paid, Paid with { BankDate = Today.AddDays(1) }]).Class
            .Should().Be(LineClass.UtilityOnly);
    }

    /// <summary>TV-B05 of the domain's examples, from the file's text to the classes.</summary>
    private static IReadOnlyList<ComparedPayment> WorkedExample()
    {
        var vectors = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "vectors.json")));
        var vector = vectors.RootElement.EnumerateArray().Single(v => v.GetProperty("id").GetString() == "TV-B05");
        var (input, total) = (vector.GetProperty("input"), vector.GetProperty("expected").GetProperty("bank_total"));
        var lines = input.GetProperty("bank").EnumerateObject().Select(line =>
            $"20261031|{line.Name}|{Account}|{line.Value.GetString()}|1|PAY\n");
        var file = BankFile.Parse(
            Encoding.UTF8.GetBytes($"{total.GetString()}\n{string.Concat(lines)}"), BankEncoding.Utf8, Today).File!;
        var ours = input.GetProperty("util").EnumerateObject().Select(payment =>
        {
            var words = payment.Value.GetString()!.Split(' ');
            var amount = Money.FromYuan(decimal.Parse(words[0], CultureInfo.InvariantCulture));
            return (words.Length == 1 ? Paid : Gone) with { Serial = payment.Name, Amount = amount };
        });
        return Compare([.. file.Lines.Select(line => new FiledLine(Today, line))], [.. ours]);
    }

    private static FiledLine Line(int days, BankLineType type) =>
        new(Today.AddDays(days), new("S1", Account, new(100_00), "", type));

    private static HeldPayment Late(int paid, int reversed) =>
        Gone with { BankDate = Today.AddDays(paid), ReversedOn = Today.AddDays(reversed) };

    private static ComparedPayment One(FiledLine[] filed, HeldPayment[] held) => Compare(filed, held).Single();

    private static IReadOnlyList<ComparedPayment> Compare(FiledLine[] filed, HeldPayment[] held) =>
        Reconciliation.Compare(Today, filed, held);
}
