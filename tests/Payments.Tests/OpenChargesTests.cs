using static Billing.Payments.Tests.Facts;

namespace Billing.Payments.Tests;

public sealed class OpenChargesTests
{
    [Fact]
    public void An_invoice_is_owed_from_now_on() => Spec.Given()
        .When(new OpenCharges(Mine, [Issued("A", 60_00)])).Then(Opened("A", 60_00));

    [Fact]
    public void A_known_invoice_changes_nothing() => Spec.Given(Opened("A", 60_00))
        .When(new OpenCharges(Mine, [Issued("A", 60_00)])).ThenNothing();

    [Fact]
    public void An_invoice_told_twice_in_one_message_is_owed_once() => Spec.Given()
        .When(new OpenCharges(Mine, [Issued("A", 60_00), Issued("A", 60_00)])).Then(Opened("A", 60_00));

    [Fact]
    public void Only_the_new_ones_of_many_are_opened() => Spec.Given(Opened("A", 60_00))
        .When(new OpenCharges(Mine, [Issued("A", 60_00), Issued("B", 1)])).Then(Opened("B", 1));

    [Fact]
    public void Advance_pays_a_new_invoice_by_itself() => Spec.Given(Received("S1", 100_00, 1, 100_00))
        .When(new OpenCharges(Mine, [Issued("A", 60_00)]))
        .Then(Opened("A", 60_00), Applied(-60_00, ("A", 60_00)) with { Cause = "invoice A" });

    [Fact]
    public void Advance_pays_as_far_as_it_goes() => Spec.Given(Received("S1", 100_00, 1, 100_00))
        .When(new OpenCharges(Mine, [Issued("A", 100_01)]))
        .Then(Opened("A", 100_01), Applied(-100_00, ("A", 100_00)) with { Cause = "invoice A" });

    [Fact]
    public void Advance_pays_in_the_order_of_issue() => Spec.Given(Received("S1", 100_00, 1, 100_00))
        .When(new OpenCharges(Mine, [
            Issued("A", 60_00, due: "2026-11-20", issued: "2026-11-02"),
            Issued("B", 60_00, due: "2026-12-20", issued: "2026-11-01")]))
        .Then(
            Opened("B", 60_00, due: "2026-12-20", issued: "2026-11-01"),
            Applied(-60_00, ("B", 60_00)) with { Cause = "invoice B" },
            Opened("A", 60_00, due: "2026-11-20", issued: "2026-11-02"),
            Applied(-40_00, ("A", 40_00)) with { Cause = "invoice A" });

    [Fact]
    public void Of_one_day_of_issue_advance_pays_the_earlier_due() => Spec.Given(Received("S1", 60_00, 1, 60_00))
        .When(new OpenCharges(Mine, [Issued("A", 60_00, due: "2026-12-20"), Issued("B", 60_00, due: "2026-11-20")]))
        .Then(
            Opened("B", 60_00, due: "2026-11-20"), Applied(-60_00, ("B", 60_00)) with { Cause = "invoice B" },
            Opened("A", 60_00, due: "2026-12-20"));

    [Fact]
    public void An_invoice_that_arrives_late_takes_the_advance_that_a_later_one_had_got() => Spec
        .Given(
            Received("S1", 60_00, 1, 60_00), Opened("B", 60_00, issued: "2026-11-02"), Applied(-60_00, ("B", 60_00)))
        .When(new OpenCharges(Mine, [Issued("A", 50_00, issued: "2026-11-01")]))
        .Then(
            Opened("A", 50_00, issued: "2026-11-01"),
            Applied(0, ("A", 50_00), ("B", -50_00)) with { Cause = "invoice A" });

    [Fact]
    public void An_invoice_that_arrives_late_takes_nothing_that_a_payment_had_paid() => Spec
        .Given(Opened("B", 60_00, issued: "2026-11-02"), Received("S1", 60_00, 1, 0, ("B", 60_00)))
        .When(new OpenCharges(Mine, [Issued("A", 50_00, issued: "2026-11-01")]))
        .Then(Opened("A", 50_00, issued: "2026-11-01"));

    [Fact]
    public void A_credit_that_came_first_waits_for_its_invoice() => Spec
        .Given(Credited("N", "A", 20_00), Received("S1", 100_00, 1, 100_00))
        .When(new OpenCharges(Mine, [Issued("A", 60_00)]))
        .Then(Opened("A", 60_00), Applied(-40_00, ("A", 40_00)) with { Cause = "invoice A" });
}
