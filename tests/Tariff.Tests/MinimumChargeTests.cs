using System.Text.Json;
using Billing.Contracts;
using Billing.Rating;
using FluentAssertions;
using Xunit;

namespace Billing.Tariffs.Tests;

/// <summary>
/// A minimum never lowers a bill and never leaves it below: on exact amounts, for some of the lines, without tax, for a
/// whole year and over a change of prices. Amounts are computed by hand.
/// </summary>
public sealed class MinimumChargeTests
{
    private static readonly DateRange December = new(new(2025, 12, 1), new(2025, 12, 31));

    [Fact]
    public void Two_lines_that_only_look_like_the_minimum_are_raised_to_it()
    {
        // 24.995 is shown as 25.00, but two of them are 49.99.
        var bill = Whole("TOTAL", [Charge("a", "24.995"), Charge("b", "24.995"), Minimum(50m)]);
        bill.Total.Should().Be(new Money(50_00));
        bill.Lines.Select(line => (line.Id, line.Amount.Fen)).Should().Equal(
            ("a", 25_00), ("b", 25_00), ("least", 1), ("rounding", -1));
        bill.Lines[2].Formula.Should().Be("50 - 49.99 = 0.01");
    }

    [Fact]
    public void Four_lines_that_look_like_less_are_not_lowered()
    {
        // 3 × 12.5049 + 12.4949 = 50.0096 is more than 50, though the lines look like 49.99.
        var bill = Whole("TOTAL",
        [
            Charge("a", "12.5049"), Charge("b", "12.5049"), Charge("c", "12.5049"), Charge("d", "12.4949"),
            Minimum(50m),
        ]);
        bill.Total.Should().Be(new Money(50_01));
        bill.Lines.Should().NotContain(line => line.Id == "least");
    }

    [Fact]
    public void A_minimum_for_a_part_of_the_days_is_not_rounded_before_the_total()
    {
        // 10.005 a day for 31 days is 310.155; with 0.001 more it is 310.156 and not 310.16 + 0.001.
        var parts = new[] { Charge("a", "1"), Minimum(10.005m, "DAY", "a"), Charge("b", "0.001") };
        Whole("TOTAL", parts).Total.Should().Be(new Money(310_16));
        Whole("TOTAL", [.. parts, Charge("c", "-0.002")]).Total.Should().Be(new Money(310_15));
    }

    [Fact]
    public void A_year_counts_the_same_lines_in_every_bill()
    {
        var plan = Plan("LINE", "", Charge("energy", "100"), Charge("fund", "40"), Minimum(1300m, "YEAR", "energy"));
        // 12 × 100 energy is 100 short of 1,300; the funds do not count, in no month.
        Rated(plan, Year()).Select(rated => rated.Bill!.Total.Fen).Should().Equal(
            [.. Enumerable.Repeat(140_00L, 11), 240_00L]);
        // Told by the year's bills alone, it does not know; by their lines, it does.
        var closing = new Usage(December) { TotalKwh = 1m, ClosesYear = true, YearToDateCharges = new(1540_00) };
        plan.Rate(Plans.Home, closing).Refusal!.Should().Match<RatingRefusal>(refusal =>
            refusal.Code == "rating-year-to-date-missing" && refusal.Message.Contains("yearToDate.lines"));
        plan.Bill(Plans.Home, closing with
        {
            YearToDateLines = new Dictionary<string, Money> { ["energy"] = new(1100_00), ["fund"] = new(440_00) },
        }).Total.Should().Be(new Money(240_00));
    }

    [Fact]
    public void What_stands_below_an_annual_minimum_does_not_count_in_any_bill_of_the_year()
    {
        var plan = Plan("LINE", "", Charge("energy", "100"), Minimum(1300m, "YEAR"), Charge("fund", "40"));
        Rated(plan, Year()).Sum(rated => rated.Bill!.Total.Fen).Should().Be(1300_00 + 12 * 40_00);
    }

    [Fact]
    public void A_year_of_prices_without_tax_comes_to_its_minimum_without_tax()
    {
        var plan = Plan("LINE", """ "tax": "ON_TOP", """, Charge("energy", "100"), Minimum(1300m, "YEAR"));
        var bills = Rated(plan, Year()).Select(rated => rated.Bill!).ToList();
        bills.Sum(bill => bill.Net.Fen).Should().Be(1300_00);
        bills[^1].Total.Should().Be(new Money(226_00), "200.00 and 13 % of it");
        var closing = new Usage(December) { TotalKwh = 1m, ClosesYear = true, YearToDateCharges = new(1243_00) };
        plan.Rate(Plans.Home, closing).Refusal!.Message.Should().Contain("yearToDate.net");
        plan.Bill(Plans.Home, closing with { YearToDateNet = new(1100_00) }).Net.Should().Be(new Money(200_00));
    }

    [Theory, InlineData("BILL"), InlineData("MONTH"), InlineData("DAY")]
    public void A_price_that_changes_in_the_period_leaves_one_minimum(string per)
    {
        // 310 kWh at 0.1 and at 0.2: 150 and 160 by days, 15.00 + 32.00; the minimum is 62 whatever it is per.
        var minimum = Minimum(per == "DAY" ? 2m : 62m, per);
        var bill = Cut([Plans.EnergyPrice(0.1m), minimum], [Plans.EnergyPrice(0.2m), minimum], 310m);
        bill.Lines.Select(line => (line.Id, line.Version, line.Amount.Fen)).Should().Equal(
            ("energy", 1, 15_00), ("energy", 2, 32_00), ("least", 2, 15_00));
        // One dear half pays for a cheap one: 150 and 16.00 are more than 62 together.
        Cut([Plans.EnergyPrice(1m), minimum], [Plans.EnergyPrice(0.1m), minimum], 310m).Total
            .Should().Be(new Money(166_00));
    }

    [Fact]
    public void A_minimum_that_ends_with_its_version_is_settled_for_its_days()
    {
        // 62 × 15/31 = 30 for the first half, which has 15.00; the second half has no minimum.
        Cut([Plans.EnergyPrice(0.1m), Minimum(62m)], [Plans.EnergyPrice(0.2m)], 310m).Total
            .Should().Be(new Money(30_00 + 32_00));
        // Only the second half has one: 62 × 16/31 = 32 and 48.00 are there.
        Cut([Plans.EnergyPrice(0.1m)], [Plans.EnergyPrice(0.3m), Minimum(62m)], 310m).Total
            .Should().Be(new Money(15_00 + 48_00));
    }

    [Fact]
    public void A_share_for_nothing_used_needs_to_know_what_was_used()
    {
        var plan = Plans.Electricity("""
            {"type": "fixed-charge", "id": "basic", "label": {"zh": "基本", "en": "Basic"}, "price": 30, "per": "MONTH",
             "unusedShare": 0.5}
            """);
        plan.Bill(0m).Total.Should().Be(new Money(15_00));
        plan.Bill(1m).Total.Should().Be(new Money(30_00));
        plan.Rate(Plans.Home, new(Plans.October)).Refusal!.Should().Match<RatingRefusal>(refusal =>
            refusal.Code == "rating-total-missing" && refusal.Message.Contains("usage.registers.total")
            && refusal.Message.Contains("'basic'"));
    }

    private static Bill Whole(string rounding, string[] components) =>
        Plan(rounding, "", components).Bill(Plans.Home, new(Plans.October) { TotalKwh = 1m });

    /// <summary>October with other components from the 16th on.</summary>
    private static Bill Cut(string[] before, string[] after, decimal kwh)
    {
        var second = Plans.Parse(Plans.Document("Electricity", string.Join(", ", after), "LINE", "0.13", "")
            .Replace("\"version\": 1", "\"version\": 2", StringComparison.Ordinal)
            .Replace("\"validFrom\": \"1990-01-01\"", "\"validFrom\": \"2025-10-16\"", StringComparison.Ordinal));
        return new PlanSchedule((Plan("LINE", "", before), null), (second, null)).Rate(
            Plans.Home, new(Plans.October) { TotalKwh = kwh }).Bill!;
    }

    private static string Year() => string.Join(", ", Enumerable.Range(1, 12).Select(month => $$"""
        {"from": "2025-{{month:00}}-01", "to": "2025-{{month:00}}-28", "registers": {"total": 1},
         "closesYear": {{(month == 12 ? "true" : "false")}} }
        """));

    private static IReadOnlyList<Rated> Rated(PlanDocument plan, string usages)
    {
        var one = JsonElement.Parse($$"""{"supply": {"class": "Residential"}, "usage": [{{usages}}]}""");
        RatingCase.TryParse(one, out var cases, out _).Should().BeTrue();
        return cases![0].Rate(new PlanSchedule((plan, null)));
    }

    private static PlanDocument Plan(string rounding, string more, params string[] components) => Plans.Parse(
        Plans.Document("Electricity", string.Join(", ", components), rounding, "0.13", more));

    private static string Charge(string id, string price) => $$"""
        {"type": "fixed-charge", "id": "{{id}}", "label": {"zh": "固定", "en": "Fixed"}, "price": {{price}},
         "per": "BILL"}
        """;

    private static string Minimum(decimal amount, string per = "BILL", params string[] of) => $$"""
        {"type": "minimum-charge", "id": "least", "label": {"zh": "最低", "en": "Minimum"}, "per": "{{per}}",
         {{(of.Length == 0 ? "" : $"\"of\": [\"{string.Join("\", \"", of)}\"],")}} "amount": {{Plans.N(amount)}} }
        """;
}
