using Billing.Contracts;
using Billing.Platform;

namespace Billing.Customers.Tests;

public sealed class SupplyTests
{
    public static TheoryData<ElectricitySupply, Rejection?> Electricity => new()
    {
        { Given.Electricity, null },
        { Given.Electricity with { Plan = default }, ElectricitySupply.PlanInvalid },
        { Given.Electricity with { Voltage = "" }, ElectricitySupply.VoltageInvalid },
        { Given.Electricity with { Voltage = new('1', 17) }, ElectricitySupply.VoltageInvalid },
        { Given.Electricity with { Voltage = new('1', 16) }, null },
        { Given.Electricity with { Meters = [] }, ElectricitySupply.MetersInvalid },
        { Given.Electricity with { Meters = Meters(20) }, null },
        { Given.Electricity with { Meters = Meters(21) }, ElectricitySupply.MetersInvalid },
        { With(Given.Meter, Given.Meter with { Digits = 5 }), ElectricitySupply.MetersInvalid },
        { With(Given.Meter with { MeterNo = default }), Meter.NumberInvalid },
        { With(Given.Meter with { MeterNo = MeterNo.Parse(new('M', 32)) }), null },
        { With(Given.Meter with { Multiplier = 0m }), Meter.MultiplierInvalid },
        { With(Given.Meter with { Multiplier = 0.0001m }), null },
        { With(Given.Meter with { Multiplier = 1.00001m }), Meter.MultiplierInvalid },
        { With(Given.Meter with { Multiplier = 1_000_000m }), null },
        { With(Given.Meter with { Multiplier = 1_000_000.1m }), Meter.MultiplierInvalid },
        { With(Given.Meter with { Digits = 3 }), Meter.DigitsInvalid },
        { With(Given.Meter with { Digits = 4 }), null },
        { With(Given.Meter with { Digits = 9 }), null },
        { With(Given.Meter with { Digits = 10 }), Meter.DigitsInvalid },
    };

    public static TheoryData<HeatSupply, Rejection?> Heat => new()
    {
        { Given.Heat, null },
        { Given.Heat with { Plan = default }, HeatSupply.PlanInvalid },
        { Given.Heat with { BillingAreaM2 = 0m }, HeatSupply.AreaInvalid },
        { Given.Heat with { BillingAreaM2 = 0.0001m }, null },
        { Given.Heat with { BillingAreaM2 = 10_000_000m }, null },
        { Given.Heat with { BillingAreaM2 = 10_000_000.1m }, HeatSupply.AreaInvalid },
        { Given.Heat with { BillingAreaM2 = 1.00001m }, HeatSupply.AreaInvalid },
        { Given.Heat with { StoreyHeightM = 0m }, HeatSupply.HeightInvalid },
        { Given.Heat with { StoreyHeightM = 3.6m }, null },
        { Given.Heat with { StoreyHeightM = 100m }, null },
        { Given.Heat with { StoreyHeightM = 100.1m }, HeatSupply.HeightInvalid },
        { Given.Heat with { StoreyHeightM = 3.00001m }, HeatSupply.HeightInvalid },
        { Given.Heat with { UseClass = "" }, HeatSupply.UseClassInvalid },
        { Given.Heat with { UseClass = new('住', 32) }, null },
        { Given.Heat with { UseClass = new('住', 33) }, HeatSupply.UseClassInvalid },
    };

    [Theory, MemberData(nameof(Electricity))]
    public void An_electricity_supply_is_checked(ElectricitySupply supply, Rejection? rejection) =>
        supply.Check().Should().Be(rejection);

    [Theory, MemberData(nameof(Heat))]
    public void A_heat_supply_is_checked(HeatSupply supply, Rejection? rejection) =>
        supply.Check().Should().Be(rejection);

    private static ElectricitySupply With(params Meter[] meters) => Given.Electricity with { Meters = meters };

    private static Meter[] Meters(int count) =>
        [.. Enumerable.Range(1, count).Select(i => Given.Meter with { MeterNo = MeterNo.Parse($"M{i}") })];
}
