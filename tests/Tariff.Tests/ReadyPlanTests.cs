using System.Text.Json.Nodes;
using Billing.Contracts;
using Billing.Rating;
using FluentAssertions;
using Xunit;

namespace Billing.Tariffs.Tests;

/// <summary>
/// The ready plans give the worked examples of rules.md and totals that utilities published. Where an example has other
/// prices than the plan, the plan's own document is rated with those.
/// </summary>
public sealed class ReadyPlanTests
{
    private static readonly DateRange June = new(new(2025, 6, 1), new(2025, 6, 30));
    private static readonly SupplyFacts Flat = Plans.Home with { AreaM2 = 100m };
    private static readonly SupplyFacts Site = new(CustomerClass.Industrial)
    {
        Quantities = new Dictionary<string, decimal> { ["capacity"] = 500m, ["contract-demand"] = 400m },
    };

    [Theory]
    [InlineData("beijing-residential-heat-gas", CustomerClass.Residential, 123.45, 370350)] // 30 × 123.45, TV-H02
    [InlineData("beijing-commercial-heat", CustomerClass.Commercial, 100, 450000)] // 45 × 100
    [InlineData("beijing-commercial-heat-suburban", CustomerClass.Public, 100, 430000)] // 43 × 100
    [InlineData("tianjin-commercial-heat-metered", CustomerClass.Industrial, 200, 800000)] // 40 × 200, TV-H15
    [InlineData("xian-residential-heat", CustomerClass.Residential, 100, 232000)] // 5.8 × 4 × 100
    [InlineData("harbin-residential-heat", CustomerClass.Residential, 87.65, 335875)] // 38.32 × 87.65, TV-H03
    [InlineData("harbin-commercial-heat", CustomerClass.Commercial, 200, 866000)] // 43.30 × 200, TV-H06
    [InlineData("qingdao-residential-heat", CustomerClass.Residential, 100, 304000)] // 30.4 × 100
    [InlineData("xuchang-residential-heat-metered", CustomerClass.Residential, 100, 216000)] // 0.18 × 120 × 100, H16
    public void A_season_of_heat_costs_area_times_price(string code, CustomerClass served, decimal area, long fen)
    {
        var plan = Plans.Shipped(code);
        var season = plan.DaysOf(BillingPeriod.Season(2025));
        var bill = plan.Bill(new SupplyFacts(served) { AreaM2 = area }, new Usage(season));
        bill.Total.Should().Be(new Money(fen));
        bill.Vat.Should().Be(served == CustomerClass.Residential
            ? new VatClass(VatTreatment.Exempt, null) : new(VatTreatment.Taxed, 0.09m));
    }

    [Fact]
    public void Meters_settle_what_was_paid_by_area()
    {
        Due("tianjin-commercial-heat-metered", CustomerClass.Public, 200m, 20_000m, "8000.00")
            .Should().Be(("7400.00", "-600.00")); // 12 × 200 + 20,000 × 0.25 (TV-H15)
        Due("xuchang-residential-heat-metered", CustomerClass.Residential, 100m, 8_000m, "2160.00")
            .Should().Be(("1912.00", "-248.00")); // 30 % of 2,160 + 8,000 × 0.158 (TV-H16)
        Due("beijing-residential-heat-metered", CustomerClass.Residential, 100m, 6_000m, "2400.00")
            .Should().Be(("2160.00", "-240.00")); // 12 × 100 + 6,000 × 0.16 (TV-H10)

        static (string, string) Due(string code, CustomerClass served, decimal area, decimal kwh, string prepaid)
        {
            var plan = Plans.Shipped(code);
            var usage = new Usage(plan.DaysOf(BillingPeriod.Season(2025)))
            {
                HeatKwh = kwh, Settles = true, Prepaid = Plans.Yuan(prepaid),
            };
            var bill = plan.Bill(new SupplyFacts(served) { AreaM2 = area }, usage);
            return (bill.Total.ToString(), bill.Due.ToString());
        }
    }

    [Fact]
    public void Xuchang_pays_for_the_days_on_which_the_station_ran() => // 0.18 × 117 × 100 (TV-H17)
        Plans.Shipped("xuchang-residential-heat-metered")
            .Bill(100m, new DateRange(new(2025, 11, 15), new(2026, 3, 11))).Total.Should().Be(new Money(210600));

    [Fact]
    public void Xian_raises_high_rooms_in_proportion_and_keeps_the_basic_fee()
    {
        // The examples have 24 a season: 6 a month.
        var plan = With("xian-residential-heat", ("components[0].area.price", "6"));
        Total(Flat with { HeightM = 3.6m }, Interruptions.None).Should().Be("2880.00"); // × 3.6/3 (TV-H05)
        Total(Flat with { HeightM = 3m }, Interruptions.None).Should().Be("2400.00"); // TV-H05b
        Total(Flat, new() { Suspended = true }).Should().Be("720.00"); // 30 % (TV-H41)
        Total(Flat, Cold(17m)).Should().Be("2372.23"); // 2,400/121 × 10 × 20 % × 70 % = 27.77 (TV-H30)
        Total(Flat, Cold(15.5m)).Should().Be("2330.58"); // … 50 % … = 69.42

        string Total(SupplyFacts flat, Interruptions happened) =>
            plan.Bill(flat, new(Plans.WholeSeason) { Interruptions = happened }).Total.ToString();
    }

    [Fact]
    public void Harbin_counts_whole_steps_of_height_and_measures_cold_from_20_degrees()
    {
        var shops = Plans.Shipped("harbin-commercial-heat");
        var season = shops.DaysOf(BillingPeriod.Season(2025));
        season.Days.Should().Be(183);
        // 5 whole steps of 5.5: 43.30 × 200 × 1.15 (TV-H06-FLOOR)
        shops.Bill(new SupplyFacts(CustomerClass.Commercial) { AreaM2 = 200m, HeightM = 3.75m }, new(season)).Total
            .Should().Be(new Money(995900));
        // 3,832 × 10/183 = 209.40: 10 % at 19, 30 % at 17, 50 % at 15.5, all of it at 13.
        var homes = Plans.Shipped("harbin-residential-heat");
        Refund(20m).Should().Be(Money.Zero);
        Refund(19m).Should().Be(new Money(2094));
        Refund(17m).Should().Be(new Money(6282));
        Refund(15.5m).Should().Be(new Money(10470));
        Refund(13m).Should().Be(new Money(20940));

        Money Refund(decimal celsius) =>
            new Money(383_200) - homes.Bill(Flat, new Usage(season) { Interruptions = Cold(celsius) }).Total;
    }

    [Theory]
    [InlineData("tianjin-residential-heat", "2025-09-30")] // a fixed day
    [InlineData("xian-residential-heat", "2025-10-31")] // 15 days before 15 November (TV-H43)
    [InlineData("harbin-residential-heat", "2025-09-20")] // 30 days before 20 October
    [InlineData("qingdao-residential-heat", "2025-10-17")] // 30 days before 16 November (rules.md H-26)
    [InlineData("beijing-residential-heat", null)] // by agreement
    public void Suspension_has_a_last_day(string code, string? last)
    {
        var plan = Plans.Shipped(code);
        plan.Suspension!.LastDay(plan.Season!.BeginningIn(2025))
            .Should().Be(last is null ? null : DateOnly.ParseExact(last, "yyyy-MM-dd"));
    }

    [Theory]
    [InlineData("beijing-residential-electricity-annual", 2800, 200, "103.66")] // 80 + 120 kWh (TV-E02)
    [InlineData("beijing-residential-electricity-annual", 4750, 150, "105.75")] // 50 × 0.5383 + 100 × 0.7883 (TV-E02)
    [InlineData("beijing-residential-electricity-annual", 2880, 10, "5.38")] // 10 × 0.5383 (TV-E02)
    [InlineData("zhejiang-residential-electricity-annual", 2700, 250, "144.00")] // 60 + 190 kWh (TV-E05)
    [InlineData("zhejiang-residential-electricity-annual", 4800, 100, "83.80")] // 100 × 0.838
    public void Annual_tiers_go_on_from_what_the_year_used(string code, decimal before, decimal kwh, string total)
    {
        var bill = Plans.Shipped(code).Bill(
            Plans.Home, new(Plans.October) { TotalKwh = kwh, YearToDateKwh = before });
        bill.Total.Should().Be(Plans.Yuan(total));
        bill.Vat.Rate.Should().Be(0.13m);
    }

    [Fact]
    public void Paying_electricity_late_costs_at_least_a_yuan_until_May_2024()
    {
        foreach (var code in new[] { "beijing-residential-electricity", "zhejiang-residential-electricity-annual" })
        {
            // 35 × 10 × 1 ‰ = 0.35 (TV-L01)
            Owed(code, CustomerClass.Residential, 35m, new(2024, 5, 21), new(2024, 5, 31)).Should().Be("1.00");
            Owed(code, CustomerClass.Residential, 35m, new(2024, 5, 22), new(2024, 6, 1)).Should().Be("0.35");
        }
        // 3,000 × 3 days × 2 ‰: January's bill of TV-L02, all of it in one year.
        Owed("commercial-electricity-10kv", CustomerClass.Industrial, 3000m, new(2026, 1, 15), new(2026, 1, 18))
            .Should().Be("18.00");

        static string Owed(string code, CustomerClass debtor, decimal yuan, DateOnly due, DateOnly paid) => Plans
            .Shipped(code).Penalty!.Accrue(new(debtor, Money.FromYuan(yuan), due, paid), out _)!.Amount.ToString();
    }

    [Fact]
    public void At_10_kV_the_basic_charge_follows_the_rules_of_demand()
    {
        var plan = Plans.Shipped("commercial-electricity-10kv");
        Demand(430m, 100_000m).Should().Be("16128.00"); // 400 + 2 × (430 − 420) at 38.40 (TV-E23)
        Demand(420m, 100_000m).Should().Be("15360.00"); // 400 (TV-E23b)
        Demand(450m, 130_000m, BasicChargeMethod.ActualDemand).Should().Be("15552.00"); // 450 × 90 % (TV-E24)
        Demand(450m, 129_999m, BasicChargeMethod.ActualDemand).Should().Be("17280.00"); // 450
        Demand(100m, 100_000m, contract: 150m).Should().Be("7680.00"); // 40 % of 500 kVA: 200

        string Demand(
            decimal kw, decimal kwh, BasicChargeMethod method = BasicChargeMethod.ContractDemand,
            decimal contract = 400m)
        {
            var quantities = new Dictionary<string, decimal>(Site.Quantities) { ["contract-demand"] = contract };
            return Basic(plan, Site with { BasicCharge = method, Quantities = quantities }, Month(June, kwh, kw));
        }
    }

    [Fact]
    public void At_10_kV_what_was_sealed_is_free_and_a_part_of_a_month_counts_its_days()
    {
        // 1,630 kVA at 15, 1,000 of them sealed from 11 June: (1,630 × 30 − 1,000 × 20) × 15 / 30 (TV-E26).
        var cheap = With("commercial-electricity-10kv", ("components[0].capacity.price", "15"));
        var site = Site with
        {
            BasicCharge = BasicChargeMethod.Capacity,
            Quantities = new Dictionary<string, decimal> { ["capacity"] = 1630m },
        };
        var off = new SealedCapacity(1000m, new(new(2025, 6, 11), June.Last));
        Basic(cheap, site, Month(June, 1000m, 0m) with { Interruptions = new() { Sealed = [off] } })
            .Should().Be("14450.00");

        var plan = Plans.Shipped("commercial-electricity-10kv");
        var whole = Site with { BasicCharge = BasicChargeMethod.Capacity };
        Basic(plan, whole, Month(new(new(2025, 6, 11), June.Last), 1000m, 0m) with { Cycle = June })
            .Should().Be("8533.33"); // 12,800 × 20/30 (TV-E25)
    }

    [Fact]
    public void At_10_kV_the_power_factor_earns_a_rebate_or_costs_dearly()
    {
        var plan = Plans.Shipped("commercial-electricity-10kv");
        Total(60_000m).Should().Be("94372.50"); // 0.89: + 0.5 % of 88,800 (TV-E20a)
        Total(30_000m).Should().Be("93262.50"); // 0.97: − 0.75 % = −666.00 (TV-E20c)
        Total(160_000m).Should().Be("116128.50"); // 0.60: + 25 % = 22,200.00 (TV-E20d)

        string Total(decimal kvarh) => plan.Bill(
            Site with { BasicCharge = BasicChargeMethod.Capacity },
            Month(June, 120_000m, 0m) with
            {
                PeakKwh = 40_000m, ValleyKwh = 30_000m,
                Registers = new Dictionary<string, decimal> { ["reactive"] = kvarh },
            }).Total.ToString();
    }

    [Fact]
    public void Hubei_charges_its_published_prices_whatever_they_are_made_of()
    {
        var components = Plans.Json("hubei-commercial-electricity-10kv")["components"]!.AsArray();
        var funds = components.Where(one => Text(one!, "type") == "unit-price").Sum(one => Price(one!));
        funds.Should().Be(0.0452m);
        components[1]!["periods"]!.AsArray().Select(one => (Text(one!, "period"), Price(one!) + funds)).Should().Equal(
            ("SHARP", 1.049999m), ("PEAK", 0.848961m), ("FLAT", 0.651886m), ("VALLEY", 0.432924m));
    }

    /// <summary>30 A, 260 kWh, by direct debit: 7,109 yen in March and 7,119 in April 2020, levy 2.95.</summary>
    [Fact]
    public void Tokyo_comes_to_the_totals_that_were_published()
    {
        var plan = With(
            "tokyo-juryo-dento-b", ("validFrom", "\"2020-03-01\""), ("vat[0].from", "\"2020-03-01\""),
            ("components[0].price", "28.6"), ("components[1].tiers[0].price", "19.88"),
            ("components[1].tiers[1].price", "26.48"), ("components[1].tiers[2].price", "30.57"),
            ("components[2].window.fromDate", "\"2020-03-01\""), ("components[2].window.toDate", "\"2020-03-31\""),
            ("components[2].price", "-2.13"), ("components[3].window.fromDate", "\"2020-04-01\""),
            ("components[3].window.toDate", "\"2020-04-30\""), ("components[3].price", "-2.09"),
            ("components[5].price", "2.95"));
        var flat = Plans.Home with
        {
            Categories = ["direct-debit"], Quantities = new Dictionary<string, decimal> { ["ampere"] = 30m },
        };
        // 858 + 2,385.60 + 3,707.20 − 260 × 2.13 or 2.09 + 767 − 55 = 7,109.00 and 7,119.40
        Total(new(2020, 3, 1)).Should().Be("7109.00");
        Total(new(2020, 4, 1)).Should().Be("7119.00");

        string Total(DateOnly first) => plan.Bill(
            flat, new(new(first, first.AddMonths(1).AddDays(-1))) { TotalKwh = 260m }).Total.ToString();
    }

    /// <summary>2,000 kWh in two months, at the prices before July 2022: 7,904 in summer, else 6,592 dollars.</summary>
    [Fact]
    public void Taipower_comes_to_the_totals_that_were_published()
    {
        decimal[][] prices = [[1.63m, 2.38m, 3.52m, 4.80m, 5.66m], [1.63m, 2.10m, 2.89m, 3.94m, 4.60m]];
        var plan = With("taipower-residential", [.. prices.SelectMany((row, i) => row.Select((price, tier) =>
            ($"components[{i}].tiers[{tier}].price", Plans.N(price))))]);
        // 240 × 1.63 + 420 × 2.38 + 340 × 3.52 + 400 × 4.80 + 600 × 5.66 = 7,903.60; 6,591.80 outside summer
        Total(new(2026, 6, 1)).Should().Be("7904.00");
        Total(new(2026, 2, 1)).Should().Be("6592.00");

        string Total(DateOnly first) => plan.Bill(Plans.Home, new(new(first, first.AddMonths(2).AddDays(-1)))
        {
            TotalKwh = 2000m, Months = 2,
        }).Total.ToString();
    }

    [Fact]
    public void Queensland_adds_its_tax_on_top_and_comes_to_the_published_prices()
    {
        var document = Plans.Json("queensland-tariff-12a");
        document["components"]!.AsArray().SelectMany(one => one!["periods"]?.AsArray().AsEnumerable() ?? [one])
            .Select(one => decimal.Round(Price(one!) * 1.1m, 5)).Should().Equal(0.79256m, 0.60816m, 0.21710m);
        var plan = Plans.Parse(document.ToJsonString());
        // 31 × 0.72051 = 22.34; 100 × 0.55287 = 55.29; 200 × 0.19736 = 39.47; 10 % of 117.10
        var january = new DateRange(new(2023, 1, 1), new(2023, 1, 31));
        var bill = plan.Bill(Plans.Home, new(january) { TotalKwh = 300m, PeakKwh = 100m });
        (bill.Net.ToString(), bill.Tax.ToString(), bill.Total.ToString()).Should().Be(("117.10", "11.71", "128.81"));
        plan.Currency.Should().Be("AUD");
    }

    private static Interruptions Cold(decimal celsius) =>
        new() { Cold = [new(new(new(2026, 1, 5), new(2026, 1, 14)), celsius)] };

    private static Usage Month(DateRange days, decimal kwh, decimal kw) => new(days)
    {
        TotalKwh = kwh, PeakKwh = 0m, ValleyKwh = 0m,
        Registers = new Dictionary<string, decimal> { ["demand"] = kw, ["reactive"] = 0m },
    };

    private static string Basic(PlanDocument plan, SupplyFacts site, Usage usage) => Money.Sum(plan
        .Bill(site, usage).Lines.Where(line => line.Component == "basic").Select(line => line.Amount)).ToString();

    private static PlanDocument With(string code, params (string Place, string Json)[] changes)
    {
        var document = Plans.Json(code);
        foreach (var (place, json) in changes)
            PlanDocumentTests.Put(document, place, json);
        return Plans.Parse(document.ToJsonString());
    }

    private static string Text(JsonNode one, string name) => one[name]!.GetValue<string>();

    private static decimal Price(JsonNode one) => one["price"]!.GetValue<decimal>();
}
