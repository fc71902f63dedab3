using Billing.Contracts;
using Billing.Testing;

namespace Billing.Customers.Tests;

public sealed class ChangeElectricityTests
{
    private static readonly DateOnly May = new(2026, 5, 1);
    private static readonly ElectricitySupply Newer =
        Given.Electricity with { Meters = [Given.Meter with { MeterNo = "M00000002" }] };

    private static readonly ChangeElectricity Exchange = new(Given.Number, Newer, May);
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
        .When(new ChangeElectricity(Given.Number, Given.Electricity, May.AddDays(-1)))
        .ThenRefused(ChangeElectricity.Outdated);

    [Fact] public void A_change_of_heat_does_not_date_electricity()
    {
        var warmer = Given.Heat with { BillingAreaM2 = 90m };
        var measured = new SupplyChanged(
            Given.Number, Given.Contract, Utility.Heat, May.AddDays(1), Given.Electricity, warmer);
        Spec.Given(Given.AccountOpened, measured)
            .When(Exchange).Then(Exchanged with { Heat = warmer });
    }
}
