using Billing.Contracts;
using Billing.Platform;
using static Billing.Payments.Tests.Facts;

namespace Billing.Payments.Tests;

public sealed class ReceivePaymentTests
{
    private static readonly ReceivePayment Pay = new(
        Mine, Key("S1"), Channel.Bank, new(100_00), AmountRule.Any, BankDayState.Current, InFile: null, Opened: false);

    private static readonly ChargeOpened Early = Opened("A", 60_00, due: "2026-11-10");
    private static readonly ChargeOpened Late = Opened("B", 70_00, due: "2026-11-20");

    [Fact]
    public void The_oldest_due_is_paid_first() => Spec.Given(Late, Early).When(Pay)
        .Then(Received("S1", 100_00, 1, 0, ("A", 60_00), ("B", 40_00)));

    [Fact]
    public void Invoices_due_on_one_day_are_paid_by_number() => Spec
        .Given(Opened("B", 60_00), Opened("A", 60_00)).When(Pay)
        .Then(Received("S1", 100_00, 1, 0, ("A", 60_00), ("B", 40_00)));

    [Fact]
    public void Exactly_what_is_owed_leaves_no_advance() => Spec
        .Given(Early, Late).When(Pay with { Amount = new(130_00) })
        .Then(Received("S1", 130_00, 1, 0, ("A", 60_00), ("B", 70_00)));

    [Fact]
    public void One_fen_more_than_is_owed_becomes_advance() => Spec
        .Given(Early, Late).When(Pay with { Amount = new(130_01) })
        .Then(Received("S1", 130_01, 1, 1, ("A", 60_00), ("B", 70_00)));

    [Fact]
    public void What_is_paid_already_is_not_paid_again() => Spec
        .Given(Early, Received("S0", 60_00, 1, 0, ("A", 60_00)), Late).When(Pay)
        .Then(Received("S1", 100_00, 2, 30_00, ("B", 70_00)));

    [Fact]
    public void What_is_credited_is_not_paid() => Spec.Given(Early, Credited("N", "A", 50_00)).When(Pay)
        .Then(Received("S1", 100_00, 1, 90_00, ("A", 10_00)));

    [Fact]
    public void A_credited_invoice_gets_nothing() => Spec.Given(Early, Credited("N", "A", 60_00)).When(Pay)
        .Then(Received("S1", 100_00, 1, 100_00));

    [Fact]
    public void Without_a_debt_everything_becomes_advance() => Spec.Given().When(Pay with { Opened = true })
        .Then(Received("S1", 100_00, 1, 100_00));

    [Fact]
    public void Receipts_of_an_account_are_numbered_without_a_gap() => Spec
        .Given(Early, Received("S0", 10_00, 1, 0, ("A", 10_00)), Blocked("S9"), Reversed("S0", 10_00, 0, ("A", -10_00)))
        .When(Pay).Then(Received("S1", 100_00, 2, 40_00, ("A", 60_00)));

    [Fact]
    public void A_payment_that_came_again_by_file_has_one_receipt_and_one_that_was_blocked_its_first() => Spec
        .Given(
            Early, Received("S0", 10_00, 1, 0, ("A", 10_00)), Reversed("S0", 10_00, 0, ("A", -10_00)), Blocked("S9"),
            Received("S0", 10_00, 1, 0, ("A", 10_00)), Received("S9", 10_00, 2, 0, ("A", 10_00)))
        .When(Pay).Then(Received("S1", 100_00, 3, 60_00, ("A", 40_00)));

    [Fact]
    public void A_repeated_payment_changes_nothing() => Spec
        .Given(Early, Received("S1", 100_00, 1, 40_00, ("A", 60_00))).When(Pay).ThenNothing();

    [Fact]
    public void A_repeated_payment_changes_nothing_although_less_is_owed_now() => Spec
        .Given(Early, Received("S1", 60_00, 1, 0, ("A", 60_00)))
        .When(Pay with { Amount = new(60_00), Rule = AmountRule.Exact }).ThenNothing();

    [Theory, InlineData(99_99), InlineData(100_01)]
    public void A_known_payment_keeps_its_amount(long fen) => Spec
        .Given(Early, Received("S1", 100_00, 1, 40_00, ("A", 60_00)))
        .When(Pay with { Amount = new(fen) }).ThenRefused(ReceivePayment.OtherFacts);

    [Fact]
    public void A_reversed_payment_cannot_come_again() => Spec
        .Given(Early, Received("S1", 60_00, 1, 0, ("A", 60_00)), Reversed("S1", 60_00, 0, ("A", -60_00)))
        .When(Pay with { Amount = new(60_00) }).ThenRefused(ReceivePayment.WasReversed);

    [Fact]
    public void A_reversed_payment_keeps_its_amount_too() => Spec
        .Given(Early, Received("S1", 60_00, 1, 0, ("A", 60_00)), Reversed("S1", 60_00, 0, ("A", -60_00)))
        .When(Pay).ThenRefused(ReceivePayment.OtherFacts);

    [Fact]
    public void A_payment_that_was_reversed_before_it_came_is_refused() =>
        Spec.Given(Early, Blocked("S1")).When(Pay).ThenRefused(ReceivePayment.WasReversed);

    [Theory, InlineData(BankDayState.Future, "bank-day-in-future"), InlineData(BankDayState.TooOld, "bank-day-too-old")]
    public void Nothing_is_paid_on_a_day_that_is_not_open(BankDayState day, string code) => Spec
        .Given(Early).When(Pay with { Day = day }).ThenRefused(Rejection.Invalid(code, ""));

    [Fact]
    public void A_payment_of_a_past_day_is_taken_while_there_is_no_file() => Spec.Given(Early)
        .When(Pay with { Day = BankDayState.Past }).Then(Received("S1", 100_00, 1, 40_00, ("A", 60_00)));

    [Theory, InlineData(BankDayState.Current), InlineData(BankDayState.Past)]
    public void After_the_file_only_what_the_file_tells_is_taken(BankDayState day)
    {
        Spec.Given(Early).When(Pay with { Day = day, InFile = false }).ThenRefused(ReceivePayment.DayClosed);
        Spec.Given(Early).When(Pay with { Day = day, InFile = true })
            .Then(Received("S1", 100_00, 1, 40_00, ("A", 60_00)));
    }

    [Fact]
    public void A_blocked_payment_that_the_file_tells_is_taken()
    {
        var given = Spec.Given(Early, Blocked("S1"));
        given.When(Pay with { InFile = true }).Then(Received("S1", 100_00, 1, 40_00, ("A", 60_00)));
        given.When(Pay with { InFile = false }).ThenRefused(ReceivePayment.WasReversed);
    }

    [Theory, InlineData(60_00), InlineData(59_99)]
    public void A_payment_that_its_partner_reversed_comes_again_when_the_file_tells_it(long fen) => Spec
        .Given(
            Early, Received("S1", 60_00, 1, 0, ("A", 60_00)), Received("S2", 1, 2, 1),
            Reversed("S1", 60_00, 0, ("A", -60_00)), Applied(-1, ("A", 1)))
        .When(Pay with { Amount = new(fen), InFile = true })
        .Then(Received("S1", fen, 1, fen - Math.Min(fen, 59_99), ("A", Math.Min(fen, 59_99))));

    [Fact]
    public void A_payment_that_came_again_is_like_any_other()
    {
        AccountEvent[] again =
        [
            Early, Received("S1", 60_00, 1, 0, ("A", 60_00)), Reversed("S1", 60_00, 0, ("A", -60_00)),
            Received("S1", 60_00, 1, 0, ("A", 60_00)),
        ];
        Spec.Given(again).When(Pay with { Amount = new(60_00) }).ThenNothing();
        Spec.Given(again).When(Pay with { InFile = true }).ThenRefused(ReceivePayment.OtherFacts);
        Spec.Given(again).When(Pay with { Key = Key("S2") }).Then(Received("S2", 100_00, 2, 100_00));
    }

    [Theory, InlineData(60_00), InlineData(59_99)]
    public void What_the_company_gave_back_does_not_come_again_although_the_file_tells_it(long fen) => Spec
        .Given(Early, Received("S1", 60_00, 1, 0, ("A", 60_00)), ReversedLater("S1", 60_00, 0, ("A", -60_00)))
        .When(Pay with { Amount = new(fen), InFile = true }).ThenRefused(ReceivePayment.WasReversed);

    [Theory, InlineData(AmountRule.Exact, 59_99), InlineData(AmountRule.Exact, 60_01)]
    [InlineData(AmountRule.AtLeastDue, 59_99)]
    public void What_the_file_tells_is_taken_whatever_the_amount_rule(AmountRule rule, long fen) => Spec.Given(Early)
        .When(Pay with { Amount = new(fen), Rule = rule, InFile = true })
        .Then(Received("S1", fen, 1, Math.Max(0, fen - 60_00), ("A", Math.Min(fen, 60_00))));

    [Fact]
    public void What_the_file_tells_of_an_account_that_nobody_knows_is_not_taken() =>
        Spec.Given().When(Pay with { InFile = true }).ThenRefused(ReceivePayment.AccountUnknown);

    [Theory, InlineData(31, false, true), InlineData(32, false, false), InlineData(32, true, true)]
    [InlineData(400, true, true), InlineData(401, true, false)]
    public void What_the_file_tells_may_be_as_late_as_the_file(int daysAgo, bool inFile, bool open)
    {
        var partner = new Partner(PartnerCode.Parse("icbc"), "工商银行", Channel.Bank, AmountRule.Any, new(0, 0),
            BankEncoding.Utf8, 31);
        var noon = new DateTimeOffset(2026, 11, 16, 12, 0, 0, TimeSpan.FromHours(8));
        partner.StateOf(Day("2026-11-16").AddDays(-daysAgo), noon, inFile)
            .Should().Be(open ? BankDayState.Past : BankDayState.TooOld);
    }

    [Theory, InlineData(BankDayState.TooOld, null), InlineData(BankDayState.Past, false)]
    public void A_repeated_payment_gets_its_answer_although_its_day_is_closed(BankDayState day, bool? inFile) => Spec
        .Given(Early, Received("S1", 100_00, 1, 40_00, ("A", 60_00)))
        .When(Pay with { Day = day, InFile = inFile }).ThenNothing();

    [Fact]
    public void Another_serial_is_another_payment() => Spec
        .Given(Early, Blocked("S9"), Received("S0", 10_00, 1, 0, ("A", 10_00)))
        .When(Pay).Then(Received("S1", 100_00, 2, 50_00, ("A", 50_00)));

    [Theory, InlineData(0), InlineData(-1), InlineData(100_000_000_001)]
    public void An_amount_out_of_range_is_refused(long fen) =>
        Spec.Given(Early).When(Pay with { Amount = new(fen) }).ThenRefused(ReceivePayment.AmountOutOfRange);

    [Theory, InlineData(1), InlineData(60_00)]
    public void An_amount_in_range_is_taken(long fen) => Spec.Given(Early).When(Pay with { Amount = new(fen) })
        .Then(Received("S1", fen, 1, 0, ("A", fen)));

    [Fact]
    public void The_largest_amount_is_taken() => Spec.Given(Early).When(Pay with { Amount = ReceivePayment.Most })
        .Then(Received("S1", ReceivePayment.Most.Fen, 1, ReceivePayment.Most.Fen - 60_00, ("A", 60_00)));

    [Fact]
    public void Nobody_pays_for_an_account_that_nobody_knows() =>
        Spec.Given().When(Pay).ThenRefused(ReceivePayment.AccountUnknown);

    [Fact]
    public void A_credit_alone_makes_an_account_known() => Spec.Given(Credited("N", "A", 1)).When(Pay)
        .Then(Received("S1", 100_00, 1, 100_00));

    [Theory, InlineData(59_99), InlineData(60_01)]
    public void An_exact_partner_brings_neither_less_nor_more(long fen) => Spec.Given(Early)
        .When(Pay with { Amount = new(fen), Rule = AmountRule.Exact }).ThenRefused(ReceivePayment.NotExact);

    [Fact]
    public void An_exact_partner_brings_what_is_owed() => Spec.Given(Early)
        .When(Pay with { Amount = new(60_00), Rule = AmountRule.Exact })
        .Then(Received("S1", 60_00, 1, 0, ("A", 60_00)));

    [Fact]
    public void An_exact_partner_brings_nothing_when_nothing_is_owed() => Spec.Given(Early, Credited("N", "A", 60_00))
        .When(Pay with { Rule = AmountRule.Exact }).ThenRefused(ReceivePayment.NotExact);

    [Fact]
    public void A_partner_that_must_bring_what_is_owed_brings_no_fen_less() => Spec.Given(Early)
        .When(Pay with { Amount = new(59_99), Rule = AmountRule.AtLeastDue }).ThenRefused(ReceivePayment.BelowDue);

    [Theory, InlineData(60_00), InlineData(60_01)]
    public void A_partner_that_must_bring_what_is_owed_may_bring_more(long fen) => Spec.Given(Early)
        .When(Pay with { Amount = new(fen), Rule = AmountRule.AtLeastDue })
        .Then(Received("S1", fen, 1, fen - 60_00, ("A", 60_00)));

    [Fact]
    public void The_balance_of_the_first_answer_stays()
    {
        var state = Account.Streams.Fold([
            Early, Late, Received("S1", 100_00, 1, 0, ("A", 60_00), ("B", 40_00)),
            Received("S2", 130_00, 2, 100_00, ("B", 30_00))]);
        state.Payments[Key("S1").Id].Balance.Should().Be(new Money(30_00));
        state.Payments[Key("S2").Id].Balance.Should().Be(new Money(-100_00));
    }
}
