using Billing.Contracts;
using Billing.Platform;
using static Billing.Payments.Tests.Facts;

namespace Billing.Payments.Tests;

public sealed class ReversePaymentTests
{
    private static readonly ReversePayment Reverse = new(
        Mine, Key("S1"), Channel.Bank, BankDate, "冲正", BankDayState.Current, DayClosed: false, Opened: false);

    private static readonly ChargeOpened A = Opened("A", 60_00);

    [Fact]
    public void A_payment_goes_back_from_where_it_went() => Spec
        .Given(A, Received("S1", 100_00, 1, 40_00, ("A", 60_00)))
        .When(Reverse).Then(Reversed("S1", 100_00, -40_00, ("A", -60_00)));

    [Fact]
    public void Its_own_invoices_come_before_the_advance() => Spec
        .Given(A, Received("S1", 60_00, 1, 0, ("A", 60_00)), Received("S2", 10_00, 2, 10_00))
        .When(Reverse).Then(
            Reversed("S1", 60_00, 0, ("A", -60_00)),
            Applied(-10_00, ("A", 10_00)) with { Cause = $"reversal {Key("S1").Id} 1" });

    [Fact]
    public void Advance_that_went_to_a_later_invoice_comes_back_from_there() => Spec
        .Given(
            A, Received("S1", 100_00, 1, 40_00, ("A", 60_00)),
            Opened("B", 30_00, issued: "2026-12-01"), Applied(-30_00, ("B", 30_00)))
        .When(Reverse).Then(Reversed("S1", 100_00, -10_00, ("A", -60_00), ("B", -30_00)));

    [Fact]
    public void Advance_comes_back_from_the_newest_invoice_first() => Spec
        .Given(
            Received("S1", 20_00, 1, 20_00), Received("S2", 30_00, 2, 30_00),
            Opened("B", 30_00, issued: "2026-12-01"), Opened("C", 20_00, issued: "2027-01-01"),
            Applied(-50_00, ("B", 30_00), ("C", 20_00)))
        .When(Reverse).Then(Reversed("S1", 20_00, 0, ("C", -20_00)));

    [Fact]
    public void Advance_comes_back_from_the_second_newest_when_the_newest_is_not_enough() => Spec
        .Given(
            Received("S1", 25_00, 1, 25_00), Received("S2", 25_00, 2, 25_00),
            Opened("B", 30_00, issued: "2026-12-01"), Opened("C", 20_00, issued: "2027-01-01"),
            Applied(-50_00, ("B", 30_00), ("C", 20_00)))
        .When(Reverse).Then(Reversed("S1", 25_00, 0, ("C", -20_00), ("B", -5_00)));

    [Fact]
    public void Another_payment_keeps_what_it_paid() => Spec
        .Given(
            A, Received("S1", 50_00, 1, 0, ("A", 50_00)), Received("S2", 10_00, 2, 0, ("A", 10_00)))
        .When(Reverse).Then(Reversed("S1", 50_00, 0, ("A", -50_00)));

    [Fact]
    public void Another_payment_keeps_what_it_paid_beside_the_advance_that_went_back() => Spec
        .Given(
            Received("S1", 20_00, 1, 20_00), A, Applied(-20_00, ("A", 20_00)),
            Received("S2", 40_00, 2, 0, ("A", 40_00)),
            Reversed("S1", 20_00, 0, ("A", -20_00)))
        .When(new OpenCharges(Mine, [Issued("B", 5_00, issued: "2026-10-01")]))
        .Then(Opened("B", 5_00, issued: "2026-10-01"));

    [Fact]
    public void Money_that_a_credit_set_free_goes_back_from_the_advance() => Spec
        .Given(
            A, Received("S1", 60_00, 1, 0, ("A", 60_00)), Credited("N", "A", 20_00), Applied(20_00, ("A", -20_00)))
        .When(Reverse).Then(Reversed("S1", 60_00, -20_00, ("A", -40_00)));

    [Fact]
    public void Money_that_was_refunded_cannot_go_back_a_second_time() => Spec
        .Given(A, Received("S1", 100_00, 1, 40_00, ("A", 60_00)), Refunded("R", 1))
        .When(Reverse).ThenRefused(ReversePayment.MoneyGone);

    [Fact]
    public void A_refund_of_other_money_is_in_nobodys_way() => Spec
        .Given(Received("S1", 40_00, 1, 40_00), Received("S2", 10_00, 2, 10_00), Refunded("R", 10_00))
        .When(Reverse).Then(Reversed("S1", 40_00, -40_00));

    [Fact]
    public void A_repeated_reversal_changes_nothing() => Spec
        .Given(A, Received("S1", 60_00, 1, 0, ("A", 60_00)), Reversed("S1", 60_00, 0, ("A", -60_00)))
        .When(Reverse).ThenNothing();

    [Fact]
    public void A_repeated_reversal_changes_nothing_on_a_later_day_either() => Spec
        .Given(A, Received("S1", 60_00, 1, 0, ("A", 60_00)), Reversed("S1", 60_00, 0, ("A", -60_00)))
        .When(Reverse with
        {
            DayClosed = true, Day = BankDayState.TooOld, ReversedOn = BankDate.AddDays(1),
        }).ThenNothing();

    [Theory, InlineData(-1), InlineData(1)]
    public void A_payment_is_reversed_on_its_own_bank_day_only(int days) => Spec
        .Given(A, Received("S1", 60_00, 1, 0, ("A", 60_00)))
        .When(Reverse with { ReversedOn = BankDate.AddDays(days) }).ThenRefused(ReversePayment.OtherDay);

    [Theory, InlineData(BankDayState.Past), InlineData(BankDayState.TooOld), InlineData(BankDayState.Future)]
    public void A_payment_is_reversed_only_while_its_bank_day_runs(BankDayState day) => Spec
        .Given(A, Received("S1", 60_00, 1, 0, ("A", 60_00)))
        .When(Reverse with { Day = day }).ThenRefused(ReversePayment.OtherDay);

    [Theory, InlineData(BankDayState.Future, "bank-day-in-future"), InlineData(BankDayState.TooOld, "bank-day-too-old")]
    public void Nothing_is_blocked_on_a_day_on_which_nothing_can_be_paid(BankDayState day, string code) => Spec
        .Given(A).When(Reverse with { Day = day }).ThenRefused(Rejection.Invalid(code, ""));

    [Fact]
    public void A_late_payment_can_still_be_blocked() => Spec.Given(A)
        .When(Reverse with { Reason = "超时", Day = BankDayState.Past }).Then(Blocked("S1"));

    [Fact]
    public void Nothing_is_blocked_once_the_file_of_the_day_tells_what_was_paid() => Spec.Given(A)
        .When(Reverse with { Reason = "超时", DayClosed = true }).ThenRefused(ReversePayment.NeverCame);

    [Fact]
    public void No_refusal_advises_a_refund_that_is_refused() => new[]
    {
        ReversePayment.OtherDay, ReversePayment.Closed, ReversePayment.MoneyGone, RefundAdvance.ExceedsAdvance,
    }.Should().OnlyContain(refusal => !refusal.Message.Contains("refund the payment", StringComparison.Ordinal)
        && !refusal.Message.Contains("refund it", StringComparison.Ordinal));

    [Fact]
    public void A_payment_is_not_reversed_after_the_file_of_its_day() => Spec
        .Given(A, Received("S1", 60_00, 1, 0, ("A", 60_00)))
        .When(Reverse with { DayClosed = true }).ThenRefused(ReversePayment.Closed);

    [Fact]
    public void A_reversal_that_overtakes_its_payment_blocks_it() => Spec.Given(A)
        .When(Reverse with { Reason = "超时" }).Then(Blocked("S1"));

    [Fact]
    public void A_reversal_blocks_even_where_nothing_was_charged_yet() => Spec.Given()
        .When(Reverse with { Reason = "超时", Opened = true }).Then(Blocked("S1"));

    [Fact]
    public void A_repeated_block_changes_nothing() => Spec.Given(A, Blocked("S1")).When(Reverse).ThenNothing();

    [Fact]
    public void Nothing_is_blocked_on_an_account_that_nobody_knows() =>
        Spec.Given().When(Reverse).ThenRefused(ReceivePayment.AccountUnknown);
}
