using Billing.Contracts;
using Billing.Rating;
using FluentAssertions;
using Xunit;

namespace Billing.Tariffs.Tests;

/// <summary>
/// Tariffs of other countries as the page of recipes writes them, rated: every amount here was computed by hand.
/// </summary>
public sealed class ForeignTariffTests
{
    [Fact]
    public void Japan_charges_by_ampere_and_truncates_the_levy_and_the_total()
    {
        var bills = Page.Bills("Japan: ampere, blocks, levy");
        // 30 A × 31.175 = 935.25; 120 × 29.80; 180 × 36.40; 51 × 40.49 = 2,064.99; 351 × -1.50;
        // 351 × 3.98 = 1,396.98, truncated; in all 13,997.74, truncated.
        Lines(bills[0]).Should().Equal(
            ("basic", "935.25"), ("energy.tier1", "3576.00"), ("energy.tier2", "6552.00"), ("energy.tier3", "2064.99"),
            ("fuel", "-526.50"), ("levy", "1396.00"), ("rounding", "-0.74"));
        // 13,997 ÷ 1.1 = 12,724.545…
        (bills[0].Total, bills[0].Net, bills[0].Tax).Should().Be((new(1399700), new(1272455), new Money(127245)));
        // Nothing used: half of 935.25 is 467.625, truncated.
        bills[1].Total.Should().Be(new Money(46700));
    }

    [Fact]
    public void Japan_has_a_first_block_at_a_flat_fee()
    {
        var bill = Page.Bills("Japan: a first block at a flat fee").Single();
        // 105 × 20.21 = 2,122.05; 80 × 25.61 = 2,048.80; with 522.58 in all 4,693.43.
        Lines(bill).Should().Equal(
            ("first", "522.58"), ("energy.tier1", "0.00"), ("energy.tier2", "2122.05"), ("energy.tier3", "2048.80"),
            ("rounding", "-0.43"));
        bill.Total.Should().Be(new Money(469300));
    }

    [Fact]
    public void Taiwan_bills_two_months_with_summer_tiers()
    {
        var bill = Page.Bills("Taiwan: two months, summer tiers").Single();
        // 17 of 61 days are before June: 800 × 17/61 = 222.95, so 223 kWh; summer has the other 577.
        bill.Lines.Where(line => line.Component == "other").Sum(line => line.Quantity).Should().Be(223m);
        bill.Lines.Where(line => line.Component == "summer").Sum(line => line.Quantity).Should().Be(577m);
        // Limits × 2 months × 44/61: 173.114754, 476.065574; × 17/61: 66.885246, 183.934426.
        // 173.114754 × 1.78; 302.950820 × 2.55; 100.934426 × 3.80;
        // 66.885246 × 1.78; 117.049180 × 2.26; 39.065574 × 3.13.
        Lines(bill).Should().Equal(
            ("summer.tier1", "308.14"), ("summer.tier2", "772.52"), ("summer.tier3", "383.55"),
            ("other.tier1", "119.06"), ("other.tier2", "264.53"), ("other.tier3", "122.28"), ("rounding", "-0.08"));
        bill.Total.Should().Be(new Money(197000));
    }

    [Fact]
    public void Australia_has_a_daily_supply_charge_tax_on_top_and_a_feed_in_credit_outside_it()
    {
        var bill = Page.Bills("Australia: daily supply, peak and off-peak, tax on top, feed-in").Single();
        // 92 days × 1.10; 600 × 0.45; 900 × 0.25; 400 × -0.05; 10 % of 596.20.
        Lines(bill).Should().Equal(
            ("supply", "101.20"), ("energy.peak", "270.00"), ("energy.off-peak", "225.00"), ("feed-in", "-20.00"),
            ("tax", "59.62"));
        (bill.Total, bill.Net, bill.Tax).Should().Be((new(63582), new(57620), new Money(5962)));
    }

    [Fact]
    public void America_divides_a_daily_baseline_among_the_periods_of_the_day()
    {
        // The baseline is 300 kWh; a quarter of the use is on-peak: 75. 75 × 0.40; 25 × 0.50; 225 × 0.25; 75 × 0.35.
        Lines(Page.Bills("United States: tiers per period of the day").Single()).Should().Equal(
            ("peak.tier1", "30.00"), ("peak.tier2", "12.50"), ("off-peak.tier1", "56.25"), ("off-peak.tier2", "26.25"));
    }

    [Fact]
    public void America_nets_what_was_fed_in_and_has_a_monthly_minimum()
    {
        var bills = Page.Bills("United States: net metering and a monthly minimum");
        // 150 kWh more fed in than used, at 0.04; the energy of 0.00 is raised to 10.00.
        Lines(bills[0]).Should().Equal(("energy", "0.00"), ("surplus", "-6.00"), ("least", "10.00"));
        bills[0].Total.Should().Be(new Money(400));
        // 70 kWh × 0.20 is more than the minimum.
        Lines(bills[1]).Should().Equal(("energy", "14.00"), ("surplus", "0.00"));
    }

    [Fact]
    public void America_has_demand_in_tiers_with_a_ratchet_and_an_annual_minimum()
    {
        var bill = Page.Bills("United States: demand with tiers, ratchet, annual minimum").Single();
        // 80 % of 100 kW is more than 60: 50 × 12 and 30 × 15; 90 × 4; the year is at 17,000 + 1,410.
        Lines(bill).Should().Equal(
            ("demand.tier1", "600.00"), ("demand.tier2", "450.00"), ("demand-off", "360.00"), ("least", "1590.00"));
    }

    [Fact]
    public void A_demand_is_in_the_same_tiers_for_a_part_of_a_month_and_for_two_months()
    {
        var plan = Page.Plan("United States: demand with tiers, ratchet, annual minimum");
        var shop = new SupplyFacts(CustomerClass.Commercial);
        var registers = new Dictionary<string, decimal>
        {
            ["demand-peak"] = 80m, ["demand-highest"] = 0m, ["demand-off-peak"] = 0m,
        };
        // (50 × 12 + 30 × 15) × 2
        plan.Bill(shop, new(new(new(2025, 9, 1), new(2025, 10, 31))) { Months = 2, Registers = registers })
            .Total.Should().Be(new Money(210000));
        // The price doubles on 17 October: (50 × 12 + 30 × 15) × (16/31 + 15/31 × 2), each line rounded.
        var later = Page.Document(Page.Examples("recipes.md")
            .First(example => example.Heading.Contains("ratchet", StringComparison.Ordinal)).Json.AsObject());
        (later["version"], later["validFrom"]) = (2, "2025-10-17");
        (later["components"]![0]!["tiers"]![0]!["price"], later["components"]![0]!["tiers"]![1]!["price"]) = (24, 30);
        var rated = new PlanSchedule((plan, null), (Plans.Parse(later.ToJsonString()), null)).Rate(
            shop, new(Plans.October) { Registers = registers });
        rated.Bill!.Lines.Where(line => line.Component == "demand").Select(line => (line.Quantity, line.Amount.Fen))
            .Should().Equal((50m, 30968), (30m, 23226), (50m, 58065), (30m, 43548));
    }

    [Fact]
    public void Korea_has_a_fixed_fee_by_tier_and_truncates_fund_and_total_to_ten()
    {
        var bills = Page.Bills("Korea: a fixed fee by tier, summer limits");
        // August: 300 × 120; 50 × 214.6; 350 × 9; 3.2 % of 51,480 is 1,647.36; 10 % of 51,480; in all 58,268.
        Lines(bills[0]).Should().Equal(
            ("summer.tier1", "36000.00"), ("summer.tier2", "10730.00"), ("summer.fixed2", "1600.00"),
            ("climate", "3150.00"), ("fund", "1640.00"), ("tax", "5148.00"), ("rounding", "-8.00"));
        // October: 200 × 120; 150 × 214.6; 3.2 % of 60,940 is 1,950.08; 10 % of 60,940; in all 68,984.
        Lines(bills[1]).Should().Equal(
            ("other.tier1", "24000.00"), ("other.tier2", "32190.00"), ("other.fixed2", "1600.00"),
            ("climate", "3150.00"), ("fund", "1950.00"), ("tax", "6094.00"), ("rounding", "-4.00"));
    }

    /// <summary>The main worked bill of the domain rules (TV-E20).</summary>
    [Fact]
    public void China_has_two_part_prices_a_power_factor_and_funds()
    {
        var bill = Page.Bills("China: two-part 10 kV with power factor and funds").Single();
        // 500 × 25.60; 40,000 × 0.912; 50,000 × 0.608; 30,000 × 0.304; 120,000 × each fund; 0.5 % of 88,800.
        Lines(bill).Should().Equal(
            ("basic.capacity", "12800.00"), ("energy.peak", "36480.00"), ("energy.flat", "30400.00"),
            ("energy.valley", "9120.00"), ("rural", "2400.00"), ("renewable", "2280.00"), ("water", "136.50"),
            ("resettlement", "312.00"), ("pf.pf089", "444.00"));
        (bill.Total, bill.Net, bill.Tax).Should().Be((new(9437250), new(8351549), new Money(1085701)));
    }

    private static IEnumerable<(string, string)> Lines(Bill bill) =>
        bill.Lines.Select(line => (line.Id, line.Amount.ToString()));
}
