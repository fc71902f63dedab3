using System.Globalization;
using System.Text.Json;
using Billing.Contracts;

namespace Billing.Payments.Tests;

public sealed class ReconciliationTests
{
    private static readonly AccountNo Account = Facts.Mine;
    private static readonly DateOnly NextDay = Facts.BankDate.AddDays(1);
    private static readonly Told Paid = new("S1", Account, new(100_00), Stands: true);
    private static readonly Told Gone = Paid with { Stands = false };
    private static readonly Told Blocked = new("S1", Account, Money.Zero, Stands: false);
    private static readonly ILookup<Told, DateOnly> Nobody = Array.Empty<Told>().ToLookup(told => told, _ => NextDay);

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
    public void Both_say_the_same() => One(Paid, Paid).Class.Should().Be(LineClass.Match);

    [Fact]
    public void Money_that_went_back_on_both_sides_is_no_difference() =>
        One(Gone, Gone).Class.Should().Be(LineClass.Match);

    [Fact]
    public void A_payment_we_blocked_and_the_bank_reversed_is_no_difference() =>
        One(Gone, Blocked).Class.Should().Be(LineClass.Match);

    [Fact]
    public void A_payment_that_the_bank_reversed_and_we_never_saw_is_no_difference() =>
        One(Gone, null).Class.Should().Be(LineClass.Match);

    [Fact]
    public void A_payment_that_we_reversed_and_the_bank_left_out_is_no_difference() =>
        One(null, Gone).Class.Should().Be(LineClass.Match);

    [Fact]
    public void Reversed_by_the_bank_only() => One(Gone, Paid).Class.Should().Be(LineClass.StatusDiffers);

    [Fact]
    public void Reversed_by_us_only() => One(Paid, Gone).Class.Should().Be(LineClass.StatusDiffers);

    [Fact]
    public void Blocked_by_us_and_taken_by_the_bank() => One(Paid, Blocked).Class.Should().Be(LineClass.StatusDiffers);

    [Fact]
    public void The_bank_says_less() =>
        One(Paid with { Amount = new(99_99) }, Paid).Should().Match<Compared>(line =>
            line.Class == LineClass.AmountDiffers && line.Difference == new Money(-1));

    [Fact]
    public void Another_account_under_the_same_serial() =>
        One(Paid with { Account = AccountNo.Parse("1000000002") }, Paid).Class.Should().Be(LineClass.AccountDiffers);

    [Fact]
    public void A_bank_line_that_we_have_on_the_next_day_is_a_cut_off_shift() =>
        Alone(bank: Paid, oursNextDoor: Paid).Should().Match<Compared>(line =>
            line.Class == LineClass.CutOffShift && line.OtherDay == NextDay);

    [Fact]
    public void A_payment_of_ours_that_the_bank_has_on_the_next_day_is_a_cut_off_shift() =>
        Alone(ours: Paid, bankNextDoor: Paid).Class.Should().Be(LineClass.CutOffShift);

    [Fact]
    public void Next_door_it_must_be_the_same_payment()
    {
        Alone(bank: Paid, oursNextDoor: Paid with { Amount = new(1) }).Class.Should().Be(LineClass.BankOnly);
        Alone(bank: Paid, oursNextDoor: Paid with { Serial = "S2" }).Class.Should().Be(LineClass.BankOnly);
        Alone(ours: Paid, bankNextDoor: Paid with { Account = AccountNo.Parse("1000000002") })
            .Class.Should().Be(LineClass.UtilityOnly);
    }

    [Fact]
    public void Each_side_is_looked_for_on_the_other_side_only()
    {
        Alone(bank: Paid, bankNextDoor: Paid).Class.Should().Be(LineClass.BankOnly);
        Alone(ours: Paid, oursNextDoor: Paid).Class.Should().Be(LineClass.UtilityOnly);
    }

    [Fact]
    public void A_reversal_line_undoes_its_payment_whatever_their_order()
    {
        var pay = new BankLine("S1", Account, new(1_00), "", BankLineType.Pay);
        var undo = pay with { Type = BankLineType.Reversal };
        Reconciliation.TellingOf([pay]).Should().ContainSingle().Which.Stands.Should().BeTrue();
        Reconciliation.TellingOf([pay, undo]).Should().ContainSingle().Which.Stands.Should().BeFalse();
        Reconciliation.TellingOf([undo, pay]).Should().ContainSingle().Which.Stands.Should().BeFalse();
    }

    /// <summary>TV-B05 of the domain's examples, from the file's text to the classes.</summary>
    private static IReadOnlyList<Compared> WorkedExample()
    {
        var vectors = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "vectors.json")));
        var vector = vectors.RootElement.EnumerateArray().Single(v => v.GetProperty("id").GetString() == "TV-B05");
        var (input, total) = (vector.GetProperty("input"), vector.GetProperty("expected").GetProperty("bank_total"));
        var lines = input.GetProperty("bank").EnumerateObject().Select(line =>
            $"20261031|{line.Name}|{Account}|{line.Value.GetString()}|1|PAY\n");
        var file = BankFile.Parse($"{total.GetString()}\n{string.Concat(lines)}", Facts.BankDate).File!;
        var ours = input.GetProperty("util").EnumerateObject().Select(payment =>
        {
            var words = payment.Value.GetString()!.Split(' ');
            return new Told(
                payment.Name, Account, Money.FromYuan(decimal.Parse(words[0], CultureInfo.InvariantCulture)),
                words.Length == 1);
        });
        return Reconciliation.Compare(Reconciliation.TellingOf(file.Lines), [.. ours], Nobody, Nobody);
    }

    private static Compared One(Told? bank, Told? ours) =>
        Reconciliation.Compare(List(bank), List(ours), Nobody, Nobody).Single();

    private static Compared Alone(
        Told? bank = null, Told? ours = null, Told? bankNextDoor = null, Told? oursNextDoor = null) =>
        Reconciliation.Compare(
            List(bank), List(ours), List(bankNextDoor).ToLookup(told => told, _ => NextDay),
            List(oursNextDoor).ToLookup(told => told, _ => NextDay)).Single();

    private static Told[] List(Told? told) => told is null ? [] : [told];
}
