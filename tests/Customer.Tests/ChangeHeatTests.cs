using Billing.Contracts;
using Billing.Testing;

namespace Billing.Customers.Tests;

public sealed class ChangeHeatTests
{
    private static readonly DateOnly May = new(2026, 5, 1);
    private static readonly HeatSupply Measured = Given.Heat with { BillingAreaM2 = 88.2m };
    private static readonly ChangeHeat Measure = new(Given.Number, Measured, May);
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
        .Given(Given.AccountOpened, Changed).When(new ChangeHeat(Given.Number, Given.Heat, May.AddDays(-1)))
        .ThenRefused(ChangeElectricity.Outdated);

    [Fact] public void A_change_of_electricity_does_not_date_heat()
    {
        var other = Given.Electricity with { Voltage = "10kV" };
        Spec.Given(
                Given.AccountOpened,
                new SupplyChanged(Given.Number, Given.Contract, Utility.Electricity, May.AddDays(1), other, Given.Heat))
            .When(Measure).Then(Changed with { Electricity = other });
    }
}
