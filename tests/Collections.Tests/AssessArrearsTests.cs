using Billing.Contracts;
using Billing.Testing;

namespace Billing.Collections.Tests;

public sealed class AssessArrearsTests
{
    static readonly AccountNo No = AccountNo.Parse("1000000001");
    static readonly DateOnly Day = new(2026, 3, 10), Before = Day.AddDays(-1), Since = new(2026, 2, 20);
    static readonly AssessArrears InArrears = new(No, Day, Since, new Money(128_50));
    static readonly AssessArrears Paid = new(No, Day, Since: null, Money.Zero);
    static readonly BecameOverdue Became = new(No, Day, Since, new Money(128_50));
    static readonly ArrearsCleared Settled = new(No, Day);
    static readonly Spec<Account, AccountEvent> Spec = new(Account.Streams);

    [Fact] public void A_snapshot_at_any_moment_is_what_the_events_add_up_to() => SnapshotLaw.Holds(
        Account.Streams,
        [Became, Settled, Became with { AsOf = Day.AddDays(5) }, Settled with { AsOf = Day.AddDays(9) }]);

    [Fact] public void The_first_overdue_invoice_puts_an_account_into_arrears() =>
        Spec.Given().When(InArrears).Then(Became);

    [Fact] public void An_account_that_owes_nothing_is_left_alone() => Spec.Given().When(Paid).ThenNothing();

    [Fact] public void Arrears_that_grow_are_not_news() => Spec
        .Given(Became with { AsOf = Before }).When(InArrears with { Amount = new Money(500_00) }).ThenNothing();

    [Fact] public void An_account_that_has_paid_is_settled() =>
        Spec.Given(Became with { AsOf = Before }).When(Paid).Then(Settled);

    [Fact] public void It_may_settle_on_the_day_it_fell_into_arrears() => Spec.Given(Became).When(Paid).Then(Settled);

    [Fact] public void An_earlier_day_does_not_settle_what_a_later_one_found_overdue() =>
        Spec.Given(Became).When(Paid with { AsOf = Before }).ThenNothing();

    [Fact] public void After_settling_the_next_arrears_count_anew() => Spec
        .Given(Became with { AsOf = Before }, Settled with { AsOf = Before }).When(InArrears).Then(Became);

    [Fact] public void It_may_fall_into_arrears_again_on_the_day_it_settled() =>
        Spec.Given(Became, Settled).When(InArrears).Then(Became);

    [Fact] public void An_earlier_day_does_not_bring_back_what_a_later_one_found_settled() =>
        Spec.Given(Became, Settled).When(InArrears with { AsOf = Before }).ThenNothing();
}
