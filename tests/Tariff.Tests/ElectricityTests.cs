using System.Text.Json.Nodes;
using Billing.Contracts;
using Billing.Rating;
using FluentAssertions;
using Xunit;

namespace Billing.Tariffs.Tests;

public sealed class ElectricityTests
{
    private static readonly PlanDocument Beijing = Plans.Shipped("beijing-residential-electricity");
    private static readonly PlanDocument Commercial = Plans.Shipped("commercial-electricity-tou");
    private static readonly SupplyFacts Shop = new(CustomerClass.Commercial);

    [Fact]
    public void A_boundary_belongs_to_the_tier_below_it()
    {
        Lines(240m).Should().Equal("energy.tier1");
        Lines(240.01m).Should().Equal("energy.tier1", "energy.tier2");
        Lines(400m).Should().Equal("energy.tier1", "energy.tier2");
        Lines(400.01m).Should().Equal("energy.tier1", "energy.tier2", "energy.tier3");

        static IEnumerable<string> Lines(decimal kwh) => Beijing.Bill(kwh).Lines.Select(line => line.Id);
    }

    [Fact]
    public void A_vacant_flat_gets_a_bill_of_nothing_that_says_so()
    {
        var bill = Beijing.Bill(0m);
        bill.Lines.Should().Equal(new BillLine("energy.tier1", 0m, Unit.Kwh, 0.4883m, Money.Zero));
        (bill.Total, bill.Net, bill.Tax).Should().Be((Money.Zero, Money.Zero, Money.Zero));
    }

    [Fact]
    public void Two_months_read_at_once_carry_two_quotas()
    {
        var large = Plans.Home with { LargeHousehold = true };
        var usage = new Usage(new(new(2025, 9, 1), new(2025, 10, 31))) { TotalKwh = 900m, Months = 2 };
        Beijing.Bill(Plans.Home, usage).Quantity("energy.tier1").Should().Be(480m);
        Beijing.Bill(Plans.Home, usage).Quantity("energy.tier2").Should().Be(320m);
        Beijing.Bill(large, usage).Quantity("energy.tier1").Should().Be(680m);
    }

    [Fact]
    public void Zhejiang_time_of_use_adds_the_tiers_to_peak_and_valley()
    {
        var usage = new Usage(Plans.October) { TotalKwh = 450m, PeakKwh = 300m, ValleyKwh = 150m };
        var bill = Plans.Shipped("zhejiang-residential-electricity-tou").Bill(Plans.Home, usage);
        // 300 × 0.568 + 150 × 0.288 + 170 × 0.05 + 50 × 0.30
        bill.Lines.Select(line => (line.Id, line.Amount.ToString())).Should().Equal(
            ("energy.peak", "170.40"), ("energy.valley", "43.20"), ("increment.tier2", "8.50"),
            ("increment.tier3", "15.00"));
        bill.Total.Should().Be(new Money(23710));
    }

    [Fact]
    public void The_total_register_wins_over_the_period_registers()
    {
        var usage = new Usage(Plans.October) { TotalKwh = 1000m, PeakKwh = 400m, ValleyKwh = 250m };
        var bill = Commercial.Bill(Shop, usage);
        bill.Lines.Select(line => (line.Id, line.Quantity)).Should().Equal(
            ("energy.peak", 400m), ("energy.flat", 350m), ("energy.valley", 250m));
        // Zhejiang has no flat period: what the valley register leaves is peak, whatever the peak register says.
        Plans.Shipped("zhejiang-residential-electricity-tou")
            .Bill(Plans.Home, usage with { PeakKwh = 740m }).Quantity("energy.peak").Should().Be(750m);
        Commercial.Bill(Shop, usage with { TotalKwh = 650m }).Quantity("energy.flat").Should().Be(0m);
        Refusal(Commercial, Shop, usage with { TotalKwh = 649.99m }).Should().Be(RatingRefusal.RegistersExceedTotal);
    }

    [Fact]
    public void What_was_not_measured_is_refused_and_not_guessed()
    {
        var usage = new Usage(Plans.October) { TotalKwh = 1000m, PeakKwh = 400m, ValleyKwh = 250m };
        Refusal(Beijing, Plans.Home, usage with { TotalKwh = null }).Should().Be(RatingRefusal.TotalMissing);
        Refusal(Commercial, Shop, usage with { TotalKwh = null }).Should().Be(RatingRefusal.TotalMissing);
        Refusal(Commercial, Shop, usage with { PeakKwh = null })!.Code.Should().Be("rating-register-missing");
        Refusal(Commercial, Shop, usage with { ValleyKwh = null })!.Code.Should().Be("rating-register-missing");
        Refusal(Plans.Shipped("commercial-electricity"), Shop, usage with { TotalKwh = null })
            .Should().Be(RatingRefusal.TotalMissing);
    }

    [Fact]
    public void Facts_that_do_not_fit_the_plan_are_refused()
    {
        var usage = new Usage(Plans.October) { TotalKwh = 100m };
        Refusal(Beijing, Shop, usage).Should().Be(RatingRefusal.ClassNotServed);
        Refusal(Beijing, Plans.Home, usage with { TotalKwh = -0.01m }).Should().Be(RatingRefusal.QuantityOutOfRange);
        Refusal(Beijing, Plans.Home, usage with { TotalKwh = 10_000_000_000.01m })
            .Should().Be(RatingRefusal.QuantityOutOfRange);
        Refusal(Beijing, Plans.Home, usage with { TotalKwh = 0.0000001m })
            .Should().Be(RatingRefusal.QuantityOutOfRange);
        Refusal(Beijing, Plans.Home, usage with { PeakKwh = -1m }).Should().Be(RatingRefusal.QuantityOutOfRange);
        Refusal(Beijing, Plans.Home, usage with { ValleyKwh = -1m }).Should().Be(RatingRefusal.QuantityOutOfRange);
        Refusal(Beijing, Plans.Home, usage with { Months = 0 }).Should().Be(RatingRefusal.QuantityOutOfRange);
        Refusal(Beijing, Plans.Home, usage with { Months = 25 }).Should().Be(RatingRefusal.QuantityOutOfRange);
        Refusal(Beijing, Plans.Home, usage with { Prepaid = new(-1) }).Should().Be(RatingRefusal.PrepaidNegative);
        Refusal(Beijing, Plans.Home with { HeatFactor = 0m }, usage).Should().Be(RatingRefusal.FactorOutOfRange);
        Refusal(Beijing, Plans.Home with { HeatFactor = 10.1m }, usage).Should().Be(RatingRefusal.FactorOutOfRange);
        Refusal(Beijing, Plans.Home, usage with { TaxPoint = new(2019, 3, 31) }).Should().Be(RatingRefusal.NoVatClass);
    }

    [Fact]
    public void A_plan_version_rates_only_periods_inside_its_validity()
    {
        var document = Plans.Json("beijing-residential-electricity");
        (document["validFrom"], document["validTo"]) = ("2025-10-01", "2025-10-31");
        var plan = Plans.Parse(document.ToJsonString());
        plan.Bill(100m).Total.Should().Be(new Money(4883));
        Refusal(plan, Plans.Home, new(new(new(2025, 9, 30), new(2025, 10, 31))) { TotalKwh = 1m })
            .Should().Be(RatingRefusal.OutsideValidity);
        Refusal(plan, Plans.Home, new(new(new(2025, 10, 1), new(2025, 11, 1))) { TotalKwh = 1m })
            .Should().Be(RatingRefusal.OutsideValidity);
        Refusal(Beijing, Plans.Home, new(new(new(2025, 10, 1), DateOnly.MaxValue)) { TotalKwh = 1m })
            .Should().Be(RatingRefusal.OutsideValidity);
    }

    [Fact]
    public void The_rounding_line_is_the_difference_between_rounded_lines_and_rounded_total()
    {
        var document = Plans.Json("beijing-residential-electricity");
        document["rounding"] = "TOTAL";
        var plan = Plans.Parse(document.ToJsonString());
        var bill = plan.Bill(243m);
        bill.Lines[^1].Should().Be(new BillLine("rounding", 118.81m, Unit.Yuan, 1m, new(1), Less: new(11880)));
        plan.Explain(bill.Lines[^1]).Label.En.Should().Be("Rounding");
        plan.Bill(240m).Lines.Should().ContainSingle("nothing is left to round");
    }

    [Theory]
    [InlineData("DOWN", "整单舍去尾数,取到 1", "the bill is rounded once, as a whole: down to 1")]
    [InlineData("HALF_UP", "整单四舍五入,取到 1", "the bill is rounded once, as a whole: half up to 1")]
    public void The_rounding_line_says_how_the_plan_rounds(string mode, string zh, string en)
    {
        var document = Plans.Json("beijing-residential-electricity");
        document["rounding"] = JsonNode.Parse($$"""{"total": {"to": 1, "mode": "{{mode}}"} }""");
        var plan = Plans.Parse(document.ToJsonString());
        // 243 kWh come to 118.8069.
        plan.Explain(plan.Bill(243m).Lines[^1]).Reason.Should().Be(new Label(zh, en));
    }

    [Fact]
    public void Rating_a_home_allocates_little_more_than_its_lines()
    {
        var usage = new Usage(Plans.October) { TotalKwh = 450m };
        Beijing.Rate(Plans.Home, usage);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            Beijing.Rate(Plans.Home, usage);
        ((GC.GetAllocatedBytesForCurrentThread() - before) / 1000).Should().BeLessThan(600);
    }

    private static RatingRefusal? Refusal(PlanDocument plan, SupplyFacts supply, Usage usage) =>
        plan.Rate(supply, usage).Refusal;
}
