using Billing.Contracts;
using Billing.Rating;
using FluentAssertions;
using Xunit;

namespace Billing.Tariffs.Tests;

public sealed class HeatTests
{
    private static readonly SupplyFacts Flat = Plans.Home with { AreaM2 = 100m };
    private static readonly PlanDocument Metered = Plans.Shipped("beijing-residential-heat-metered");
    private static readonly PlanDocument ByArea = Plans.Shipped("beijing-residential-heat");

    [Theory]
    [InlineData("beijing-residential-heat", CustomerClass.Residential, 240000)]
    [InlineData("beijing-commercial-heat", CustomerClass.Public, 450000)]
    [InlineData("tianjin-residential-heat", CustomerClass.Residential, 250000)]
    [InlineData("beijing-residential-heat-metered", CustomerClass.Residential, 240000)]
    [InlineData("tianjin-residential-heat-metered", CustomerClass.Residential, 250000)]
    public void A_hundred_square_metres_cost_the_published_price(string plan, CustomerClass served, long fen) =>
        Plans.Shipped(plan).Bill(Flat with { Class = served }, new(Plans.WholeSeason)).Total
            .Should().Be(new Money(fen));

    [Fact]
    public void Both_ends_of_a_season_count_and_a_leap_year_adds_its_day()
    {
        ByArea.DaysOf(BillingPeriod.Season(2025)).Should().Be(Plans.WholeSeason);
        ByArea.DaysOf(BillingPeriod.Season(2025)).Days.Should().Be(121);
        ByArea.DaysOf(BillingPeriod.Season(2023)).Days.Should().Be(122);
        Season("""{"from": "11-16", "to": "03-31"}""").DaysOf(BillingPeriod.Season(2022)).Days.Should().Be(136);
        Season("""{"from": "02-29", "to": "02-29"}""").DaysOf(BillingPeriod.Season(2025))
            .Should().Be(new DateRange(new(2025, 2, 28), new(2025, 2, 28)));
        Season("""{"from": "06-01", "to": "08-31"}""").DaysOf(BillingPeriod.Season(2025))
            .Should().Be(new DateRange(new(2025, 6, 1), new(2025, 8, 31)));
        ByArea.DaysOf(BillingPeriod.Of(new(2025, 10, 7))).Should().Be(Plans.October);
        FluentActions.Invoking(() => Plans.Shipped("commercial-electricity").DaysOf(BillingPeriod.Season(2025)))
            .Should().Throw<InvalidOperationException>();

        static PlanDocument Season(string season) => Plans.Heat(Plans.HeatArea(Plans.Area(24m)), season);
    }

    [Fact]
    public void Days_outside_the_season_are_neither_counted_nor_charged()
    {
        ByArea.Bill(100m, new(new(2025, 11, 1), new(2026, 4, 1))).Lines.Should()
            .Equal(ByArea.Bill(100m, Plans.WholeSeason).Lines);
        ByArea.Bill(100m, new(new(2025, 10, 1), new(2025, 11, 15))).Lines[0].Times.Should().Be(1);
        ByArea.Bill(100m, new(new(2025, 10, 1), new(2025, 11, 15))).Lines[0].Of.Should().Be(121);
        Refusal(ByArea, new(new(new(2025, 10, 1), new(2025, 11, 14)))).Should().Be(RatingRefusal.OutsideSeason);
        Refusal(ByArea, new(new(new(2026, 3, 16), new(2026, 11, 14)))).Should().Be(RatingRefusal.OutsideSeason);
        Refusal(ByArea, new(new(new(2026, 3, 15), new(2026, 11, 15)))).Should().Be(RatingRefusal.TwoSeasons);
    }

    [Fact]
    public void A_price_may_be_for_the_season_a_month_or_a_day_and_for_the_whole_or_a_part()
    {
        const string fourMonths = """{"from": "11-15", "to": "03-14", "months": 4}""";
        var half = new DateRange(new(2026, 1, 14), new(2026, 3, 14));
        Total("SEASON", "BY_DAY", half).Should().Be("1200.00");
        Total("SEASON", "NONE", half).Should().Be("2400.00");
        Total("MONTH", "BY_DAY", half).Should().Be("4800.00");
        Total("MONTH", "NONE", half).Should().Be("9600.00");
        Total("DAY", "BY_DAY", half).Should().Be("144000.00");
        Total("DAY", "NONE", half).Should().Be("288000.00");

        static string Total(string per, string proration, DateRange heated) =>
            Plans.Heat(Plans.HeatArea(Plans.Area(24m, per, proration)), fourMonths)
                .Bill(100m, heated).Total.ToString();
    }

    [Fact]
    public void A_metered_flat_is_billed_in_advance_by_area_and_settled_by_its_meter()
    {
        var advance = Metered.Bill(Flat, new(Plans.WholeSeason));
        advance.Lines.Should().Equal(new BillLine("heat.area", 100m, Unit.M2, 24m, new(240000)));
        var settled = Metered.Bill(
            Flat, new(Plans.WholeSeason) { HeatKwh = 9000m, Settles = true, Prepaid = advance.Total });
        settled.Lines.Select(line => (line.Id, line.Amount.Fen)).Should().Equal(
            ("heat.basic", 120000), ("heat.metered", 144000), ("heat.cap", -24000));
        settled.Due.Should().Be(Money.Zero);
        Refusal(Metered, new(Plans.WholeSeason) { Settles = true }).Should().Be(RatingRefusal.HeatMissing);
    }

    [Fact]
    public void The_basic_fee_is_for_the_same_time_as_the_area_price()
    {
        const string fourMonths = """{"from": "11-15", "to": "03-14", "months": 4}""";
        var usage = new Usage(Plans.WholeSeason) { HeatKwh = 0m, Settles = true };
        Basic("MONTH", """{"share": 0.3}""").Should().Be("2880.00");
        Basic("MONTH", """{"price": 5}""").Should().Be("2000.00");
        Basic("DAY", """{"price": 0.1}""").Should().Be("1200.00");

        string Basic(string per, string basic) => Plans
            .Heat(Plans.TwoPart(Plans.Area(24m, per), basic, 0.16m), fourMonths).Bill(Flat, usage).Total.ToString();
    }

    [Fact]
    public void The_cap_is_not_reached_by_a_bill_that_equals_it()
    {
        Lines(7500m).Should().Equal("heat.basic", "heat.metered");
        Lines(7500.05m).Should().Equal("heat.basic", "heat.metered", "heat.cap");

        static IEnumerable<string> Lines(decimal kwh) =>
            Metered.Bill(Flat, new(Plans.WholeSeason) { HeatKwh = kwh, Settles = true }).Lines.Select(line => line.Id);
    }

    [Theory]
    [InlineData("LINE")]
    [InlineData("TOTAL")]
    public void A_capped_bill_comes_to_the_cap_wherever_it_is_rounded(string rounding)
    {
        var plan = Plans.Heat(
            Plans.TwoPart(Plans.Area(24m), """{"share": 0.5}""", 0.16m, "CAP_110"), rounding: rounding);
        var heated = new DateRange(new(2026, 1, 10), new(2026, 3, 15));
        var bill = plan.Bill(Flat, new(heated) { HeatKwh = 20000.07m, Settles = true });
        // 1,289.26 by area for 65 of 121 days; 110 % of it.
        bill.Total.Should().Be(new Money(141819));
        Money.Sum(bill.Lines.Select(line => line.Amount)).Should().Be(bill.Total);
    }

    [Fact]
    public void Only_a_plan_that_says_so_corrects_the_heat()
    {
        var usage = new Usage(Plans.WholeSeason) { HeatKwh = 7000m, Settles = true };
        var corner = Flat with { HeatFactor = 0.95m };
        Plans.Shipped("tianjin-residential-heat-metered").Bill(corner, usage).Total.Should().Be(new Money(161450));
        Metered.Bill(corner, usage).Total.Should().Be(new Money(232000));
    }

    [Fact]
    public void Heat_is_converted_only_when_the_meter_has_the_other_unit()
    {
        Line("KWH", new(Plans.WholeSeason) { HeatGj = 21.6m }).Should().Be((6000m, Unit.Kwh));
        Line("GJ", new(Plans.WholeSeason) { HeatKwh = 6000m }).Should().Be((21.6m, Unit.Gj));
        Line("KWH", new(Plans.WholeSeason) { HeatGj = 1m }).Should().Be((277.777778m, Unit.Kwh));
        Line("KWH", new(Plans.WholeSeason) { HeatGj = 99m, HeatKwh = 5m }).Should().Be((5m, Unit.Kwh));

        static (decimal, Unit) Line(string unit, Usage usage)
        {
            var plan = Plans.Heat(Plans.TwoPart(Plans.Area(24m), """{"price": 12}""", 1m, unit: unit));
            var line = plan.Bill(Flat, usage with { Settles = true }).Lines[1];
            return (line.Quantity, line.Unit);
        }
    }

    [Fact]
    public void Heat_at_home_is_exempt_until_the_last_day_of_the_2027_season_and_exempt_is_not_zero_percent()
    {
        var exempt = ByArea.Bill(100m, Plans.WholeSeason);
        (exempt.Net, exempt.Tax, exempt.Vat).Should().Be((
            new Money(240000), Money.Zero, new VatClass(VatTreatment.Exempt, null)));
        var flat = new Usage(new(new(2027, 11, 15), new(2028, 3, 15)));
        ByArea.Bill(Flat, flat).Vat.Treatment.Should().Be(VatTreatment.Exempt);
        ByArea.Bill(Flat, flat with { TaxPoint = new(2028, 3, 16) }).Vat
            .Should().Be(new VatClass(VatTreatment.Taxed, 0.09m));
        var taxed = ByArea.Bill(100m, new(new(2028, 11, 15), new(2029, 3, 15)));
        (taxed.Net, taxed.Tax).Should().Be((new Money(220183), new Money(19817)));
        Plans.Electricity(Plans.EnergyPrice(1m), vatRate: "0").Bill(1m).Vat
            .Should().Be(new VatClass(VatTreatment.Taxed, 0m));
    }

    [Fact]
    public void Heat_by_area_needs_an_area()
    {
        var usage = new Usage(Plans.WholeSeason);
        ByArea.Rate(Plans.Home, usage).Refusal.Should().Be(RatingRefusal.AreaMissing);
        ByArea.Rate(Plans.Home with { AreaM2 = -1m }, usage).Refusal.Should().Be(RatingRefusal.QuantityOutOfRange);
        ByArea.Rate(Plans.Home with { AreaM2 = 10_000_000.01m }, usage).Refusal.Should()
            .Be(RatingRefusal.QuantityOutOfRange);
        Refusal(Metered, usage with { HeatKwh = -1m }).Should().Be(RatingRefusal.QuantityOutOfRange);
        Refusal(Metered, usage with { HeatGj = -1m }).Should().Be(RatingRefusal.QuantityOutOfRange);
    }

    private static RatingRefusal? Refusal(PlanDocument plan, Usage usage) => plan.Rate(Flat, usage).Refusal;
}
