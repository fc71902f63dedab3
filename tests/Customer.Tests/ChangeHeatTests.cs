using Billing.Contracts;
using Billing.Testing;

namespace Billing.Customers.Tests;

public sealed class ChangeHeatTests
{
    private static readonly DateOnly May = new(2026, 5, 1);
    private static readonly HeatSupply Measured = Given.Heat with { BillingAreaM2 = 88.2m };
    private static readonly ChangeHeat Measure = new(Given.Number, Measured, May, Given.Plans, Given.Today);
    private static readonly SupplyChanged Changed =
        new(Given.Number, Given.Contract, Utility.Heat, May, Given.Electricity, Measured);

    private static readonly Spec<Account, AccountEvent> Spec = new(Account.Streams);

    [Fact] public void An_area_is_measured_again() => Spec.Given(Given.AccountOpened).When(Measure).Then(Changed);

    [Fact] public void A_repetition_changes_nothing() =>
        Spec.Given(Given.AccountOpened, Changed).When(Measure).ThenNothing();

    [Fact] public void An_unknown_account_has_no_supply() =>
        Spec.Given().When(Measure).ThenRefused(ChangeElectricity.AccountUnknown);

    [Fact] public void A_supply_is_checked() => Spec
        .Given(Given.AccountOpened).When(Measure with { Supply = Measured with { UseClass = "" } })
        .ThenRefused(HeatSupply.UseClassInvalid);

    [Fact] public void Heat_may_come_later() =>
        Spec.Given(Given.AccountOpened with { Heat = null }).When(Measure).Then(Changed);

    [Fact] public void A_change_on_the_first_day_counts() => Spec
        .Given(Given.AccountOpened).When(Measure with { ChangedOn = Given.Opened })
        .Then(Changed with { ChangedOn = Given.Opened });

    [Fact] public void A_change_before_the_contract_is_refused() => Spec
        .Given(Given.AccountOpened).When(Measure with { ChangedOn = Given.Opened.AddDays(-1) })
        .ThenRefused(ChangeElectricity.Outdated);

    [Fact] public void A_late_repetition_does_not_undo_a_newer_change() => Spec
        .Given(Given.AccountOpened, Changed).When(Measure with { Supply = Given.Heat, ChangedOn = May.AddDays(-1) })
        .ThenRefused(ChangeElectricity.Outdated);

    [Fact] public void A_change_of_electricity_does_not_date_heat()
    {
        var other = Given.Electricity with { Voltage = "10kV" };
        Spec.Given(
                Given.AccountOpened,
                new SupplyChanged(Given.Number, Given.Contract, Utility.Electricity, May.AddDays(1), other, Given.Heat))
            .When(Measure).Then(Changed with { Electricity = other });
    }

    [Fact] public void A_change_of_today_counts() => Spec
        .Given(Given.AccountOpened).When(Measure with { ChangedOn = Given.Today })
        .Then(Changed with { ChangedOn = Given.Today });

    [Fact] public void A_change_of_tomorrow_is_refused() => Spec
        .Given(Given.AccountOpened).When(Measure with { ChangedOn = Given.Today.AddDays(1) })
        .ThenRefused(ChangeElectricity.InFuture);

    [Theory]
    [InlineData("no-such-plan", "plan-not-published"), InlineData("ended-heat", "plan-not-published")]
    [InlineData("coming-heat", "plan-not-begun")]
    [InlineData("beijing-residential-electricity", "plan-of-another-utility")]
    [InlineData("shops-heat", "plan-not-for-class")]
    public void Nobody_goes_over_to_a_plan_that_cannot_bill_the_account(string plan, string code) => Spec
        .Given(Given.AccountOpened).When(Measure with { Supply = Measured with { Plan = PlanCode.Parse(plan) } })
        .ThenRefused(new(code, "", 422));

    [Fact] public void An_area_is_measured_although_the_plan_was_withdrawn() => Spec
        .Given(Given.AccountOpened).When(Measure with { Plans = PublishedPlans.None }).Then(Changed);
}
