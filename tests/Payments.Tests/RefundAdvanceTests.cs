using Billing.Contracts;
using static Billing.Payments.Tests.Facts;

namespace Billing.Payments.Tests;

public sealed class RefundAdvanceTests
{
    private static readonly RefundAdvance Refund = new(Mine, RefundNo.Parse("R"), new(40_00), Day("2026-11-05"), "销户");
    private static readonly PaymentReceived Paid = Received("S1", 40_00, 1, 40_00);

    [Fact]
    public void All_advance_can_go_back() => Spec.Given(Paid).When(Refund).Then(Refunded("R", 40_00));

    [Fact]
    public void No_fen_more_than_the_advance_can_go_back() =>
        Spec.Given(Paid).When(Refund with { Amount = new(40_01) }).ThenRefused(RefundAdvance.ExceedsAdvance);

    [Fact]
    public void Money_on_an_invoice_is_no_advance() => Spec
        .Given(Opened("A", 1), Received("S1", 40_00, 1, 39_99, ("A", 1))).When(Refund)
        .ThenRefused(RefundAdvance.ExceedsAdvance);

    [Fact]
    public void What_was_refunded_is_gone() => Spec.Given(Paid, Refunded("R0", 1)).When(Refund)
        .ThenRefused(RefundAdvance.ExceedsAdvance);

    [Fact]
    public void Money_that_an_open_request_asks_back_is_not_refunded() => Spec
        .Given(Paid, Requested("Q1", "S1", 40_00))
        .When(Refund with { Amount = new(1) }).ThenRefused(RefundAdvance.AskedBack);

    [Theory, InlineData(40_00, null), InlineData(40_01, "refund-of-requested-reversal")]
    [InlineData(80_00, "refund-of-requested-reversal"), InlineData(80_01, "refund-exceeds-advance")]
    public void What_no_request_asks_back_can_be_refunded(long fen, string? refusal)
    {
        var outcome = Spec.Given(Paid, Received("S2", 40_00, 2, 40_00), Requested("Q1", "S1", 40_00))
            .When(Refund with { Amount = new(fen) });
        if (refusal is null)
            outcome.Then(Refunded("R", fen));
        else
            outcome.ThenRefused(Platform.Rejection.Conflict(refusal, ""));
    }

    [Fact]
    public void Advance_that_pays_for_what_a_request_opens_again_is_not_refunded() => Spec
        .Given(
            Opened("A", 30_00), Received("S1", 30_00, 1, 0, ("A", 30_00)), Received("S2", 40_00, 2, 40_00),
            Requested("Q1", "S1", 30_00))
        .When(Refund with { Amount = new(10_01) }).ThenRefused(RefundAdvance.AskedBack);

    [Fact]
    public void What_was_decided_holds_no_money()
    {
        var asked = Requested("Q1", "S1", 40_00);
        Spec.Given(Paid, asked, Rejected("Q1", "S1", "li")).When(Refund).Then(Refunded("R", 40_00));
        Spec.Given(Paid, Received("S2", 40_00, 2, 40_00), asked, ReversedLater("S1", 40_00, -40_00))
            .When(Refund).Then(Refunded("R", 40_00));
    }

    [Fact]
    public void A_refund_that_was_made_before_the_request_is_repeated_without_effect() => Spec
        .Given(Paid, Refunded("R", 40_00), Requested("Q1", "S1", 40_00)).When(Refund).ThenNothing();

    [Fact]
    public void A_repeated_refund_changes_nothing() =>
        Spec.Given(Paid, Refunded("R", 40_00)).When(Refund).ThenNothing();

    [Fact]
    public void A_repeated_refund_changes_nothing_on_a_later_day_either() => Spec.Given(Paid, Refunded("R", 40_00))
        .When(Refund with { RefundedOn = Day("2026-11-06") }).ThenNothing();

    [Fact]
    public void A_known_refund_keeps_its_amount() => Spec.Given(Paid, Refunded("R", 40_00))
        .When(Refund with { Amount = new(39_99) }).ThenRefused(RefundAdvance.OtherFacts);

    [Theory, InlineData(0), InlineData(-1)]
    public void A_refund_is_more_than_zero(long fen) =>
        Spec.Given(Paid).When(Refund with { Amount = new(fen) }).ThenRefused(RefundAdvance.AmountNotPositive);

    [Fact]
    public void One_fen_can_go_back() => Spec.Given(Paid).When(Refund with { Amount = new(1) }).Then(Refunded("R", 1));

    [Fact]
    public void An_account_without_history_has_nothing_to_refund() =>
        Spec.Given().When(Refund).ThenRefused(RefundAdvance.ExceedsAdvance);
}
