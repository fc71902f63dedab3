using static Billing.Payments.Tests.Facts;

namespace Billing.Payments.Tests;

public sealed class CreditChargesTests
{
    private static readonly CreditCharges Twenty = new(Mine, [Credit("N", "A", 20_00)]);

    [Fact]
    public void Less_is_owed() => Spec.Given(Opened("A", 60_00)).When(Twenty).Then(Credited("N", "A", 20_00));

    [Fact]
    public void A_known_credit_note_changes_nothing() =>
        Spec.Given(Opened("A", 60_00), Credited("N", "A", 20_00)).When(Twenty).ThenNothing();

    [Fact]
    public void A_credit_note_told_twice_in_one_message_counts_once() => Spec.Given(Opened("A", 60_00))
        .When(new CreditCharges(Mine, [Credit("N", "A", 20_00), Credit("N", "A", 20_00)]))
        .Then(Credited("N", "A", 20_00));

    [Fact]
    public void A_second_credit_note_counts_too() => Spec.Given(Opened("A", 60_00), Credited("M", "A", 20_00))
        .When(Twenty).Then(Credited("N", "A", 20_00));

    [Fact]
    public void What_was_paid_already_becomes_advance() => Spec
        .Given(Opened("A", 60_00), Received("S1", 60_00, 1, 0, ("A", 60_00)))
        .When(Twenty).Then(Credited("N", "A", 20_00), Applied(20_00, ("A", -20_00)) with { Cause = "credit note N" });

    [Fact]
    public void What_was_not_paid_sets_nothing_free() => Spec
        .Given(Opened("A", 60_00), Received("S1", 40_00, 1, 0, ("A", 40_00)))
        .When(Twenty).Then(Credited("N", "A", 20_00));

    [Fact]
    public void One_fen_that_was_paid_too_much_is_set_free() => Spec
        .Given(Opened("A", 60_00), Received("S1", 40_01, 1, 0, ("A", 40_01)))
        .When(Twenty).Then(Credited("N", "A", 20_00), Applied(1, ("A", -1)) with { Cause = "credit note N" });

    [Fact]
    public void Money_set_free_pays_another_invoice_at_once() => Spec
        .Given(
            Opened("A", 60_00), Received("S1", 60_00, 1, 0, ("A", 60_00)), Opened("B", 15_00, issued: "2026-11-02"))
        .When(Twenty).Then(
            Credited("N", "A", 20_00),
            Applied(5_00, ("A", -20_00), ("B", 15_00)) with { Cause = "credit note N" });

    [Fact]
    public void A_credit_before_its_invoice_is_kept() => Spec.Given().When(Twenty).Then(Credited("N", "A", 20_00));

    [Fact]
    public void Credits_before_their_invoice_add_up()
    {
        var state = Account.Streams.Fold(
            [Credited("N", "A", 20_00), Credited("M", "A", 5_00), Opened("A", 60_00), Credited("O", "A", 1_00)]);
        state.Outstanding.Should().Be(new Contracts.Money(34_00));
        state.EarlyCredits.Should().BeEmpty();
    }
}
