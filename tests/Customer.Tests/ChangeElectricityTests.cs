using Billing.Contracts;
using Billing.Testing;

namespace Billing.Customers.Tests;

public sealed class ChangeElectricityTests
{
    private static readonly DateOnly May = new(2026, 5, 1);
    private static readonly ElectricitySupply Newer =
        Given.Electricity with { Meters = [Given.Meter with { MeterNo = MeterNo.Parse("M00000002") }] };

    private static readonly ChangeElectricity Exchange = new(Given.Number, Newer, May, Given.Plans, Given.Today);
    private static readonly SupplyChanged Exchanged =
        new(Given.Number, Given.Contract, Utility.Electricity, May, Newer, Given.Heat);

    private static readonly Spec<Account, AccountEvent> Spec = new(Account.Streams);

    [Fact] public void A_meter_is_exchanged() => Spec.Given(Given.AccountOpened).When(Exchange).Then(Exchanged);

    [Fact] public void A_repetition_changes_nothing() =>
        Spec.Given(Given.AccountOpened, Exchanged).When(Exchange).ThenNothing();

    [Fact] public void An_unknown_account_has_no_supply() =>
        Spec.Given().When(Exchange).ThenRefused(ChangeElectricity.AccountUnknown);

    [Fact] public void A_supply_is_checked() => Spec
        .Given(Given.AccountOpened).When(Exchange with { Supply = Newer with { Meters = [] } })
        .ThenRefused(ElectricitySupply.MetersInvalid);

    [Fact] public void Electricity_may_come_later() => Spec
        .Given(Given.AccountOpened with { Electricity = null }).When(Exchange).Then(Exchanged);

    [Fact] public void A_change_on_the_first_day_counts() => Spec
        .Given(Given.AccountOpened).When(Exchange with { ChangedOn = Given.Opened })
        .Then(Exchanged with { ChangedOn = Given.Opened });

    [Fact] public void A_change_before_the_contract_is_refused() => Spec
        .Given(Given.AccountOpened).When(Exchange with { ChangedOn = Given.Opened.AddDays(-1) })
        .ThenRefused(ChangeElectricity.Outdated);

    [Fact] public void A_late_repetition_does_not_undo_a_newer_change() => Spec
        .Given(Given.AccountOpened, Exchanged)
        .When(Exchange with { Supply = Given.Electricity, ChangedOn = May.AddDays(-1) })
        .ThenRefused(ChangeElectricity.Outdated);

    [Fact] public void A_change_of_heat_does_not_date_electricity()
    {
        var warmer = Given.Heat with { BillingAreaM2 = 90m };
        var measured = new SupplyChanged(
            Given.Number, Given.Contract, Utility.Heat, May.AddDays(1), Given.Electricity, warmer);
        Spec.Given(Given.AccountOpened, measured)
            .When(Exchange).Then(Exchanged with { Heat = warmer });
    }

    [Fact] public void A_change_of_today_counts() => Spec
        .Given(Given.AccountOpened).When(Exchange with { ChangedOn = Given.Today })
        .Then(Exchanged with { ChangedOn = Given.Today });

    /// <summary>It would count at once, and price the days before it.</summary>
    [Fact] public void A_change_of_tomorrow_is_refused() => Spec
        .Given(Given.AccountOpened).When(Exchange with { ChangedOn = Given.Today.AddDays(1) })
        .ThenRefused(ChangeElectricity.InFuture);

    [Theory, InlineData(0, true), InlineData(1, false)]
    public void A_contract_that_has_not_begun_can_be_put_right_from_its_first_day(int after, bool taken)
    {
        var begins = Given.Today.AddDays(10);
        var contract = Given.Contract with { OpenedOn = begins };
        var outcome = Spec.Given(Given.AccountOpened with { Contract = contract })
            .When(Exchange with { ChangedOn = begins.AddDays(after) });
        if (taken)
            outcome.Then(Exchanged with { Contract = contract, ChangedOn = begins });
        else
            outcome.ThenRefused(ChangeElectricity.InFuture);
    }

    [Theory]
    [InlineData("no-such-plan", "plan-not-published"), InlineData("ended-electricity", "plan-not-published")]
    [InlineData("coming-electricity", "plan-not-begun")]
    [InlineData("beijing-residential-heat", "plan-of-another-utility")]
    [InlineData("shops-electricity", "plan-not-for-class")]
    public void Nobody_goes_over_to_a_plan_that_cannot_bill_the_account(string plan, string code) => Spec
        .Given(Given.AccountOpened).When(Exchange with { Supply = Newer with { Plan = PlanCode.Parse(plan) } })
        .ThenRefused(new(code, "", 422));

    [Fact] public void A_plan_counts_until_its_last_day()
    {
        var (supply, april) = (Newer with { Plan = PlanCode.Parse("ended-electricity") }, new DateOnly(2026, 4, 30));
        Spec.Given(Given.AccountOpened).When(Exchange with { Supply = supply, ChangedOn = april })
            .Then(Exchanged with { Electricity = supply, ChangedOn = april });
    }

    [Theory, InlineData(-1, false), InlineData(0, true)]
    public void A_plan_counts_from_its_first_day(int days, bool taken)
    {
        var (supply, day) = (Newer with { Plan = PlanCode.Parse("coming-electricity") }, Given.Coming.AddDays(days));
        var outcome = Spec.Given(Given.AccountOpened)
            .When(Exchange with { Supply = supply, ChangedOn = day, Today = Given.Coming.AddYears(1) });
        if (taken)
            outcome.Then(Exchanged with { Electricity = supply, ChangedOn = day });
        else
            outcome.ThenRefused(PublishedPlans.NotBegun);
    }

    [Fact] public void A_meter_is_exchanged_although_the_plan_was_withdrawn() => Spec
        .Given(Given.AccountOpened).When(Exchange with { Plans = PublishedPlans.None }).Then(Exchanged);
}
