using System.Text.Json.Nodes;
using Billing.Contracts;
using Billing.Rating;
using FluentAssertions;
using Xunit;

namespace Billing.Tariffs.Tests;

/// <summary>
/// A period in which the price changes has one bill: what is reckoned once for a bill is not reckoned once for each
/// version of the plan. October has 15 days of version 1 and 16 of version 2; 310 kWh are 150 and 160.
/// </summary>
public sealed class ChangeOfPriceTests
{
    private static readonly Usage Used = new(Plans.October) { TotalKwh = 310m };

    [Fact]
    public void The_total_is_rounded_once()
    {
        // 150 × 0.0333 = 4.995 and 160 × 0.0332 = 5.312, in all 10.307; each for itself they would be 5.00 + 5.31.
        var bill = Bill(json => json["rounding"] = "TOTAL", 0.0333m, 0.0332m);
        bill.Total.Should().Be(new Money(10_31));
        // Down to the whole yuan: 10, where 4 + 5 would be 9.
        Bill(json => json["rounding"] = new JsonObject
        {
            ["total"] = new JsonObject { ["to"] = 1, ["mode"] = "DOWN" },
        }, 0.0333m, 0.0332m).Total.Should().Be(new Money(10_00));
    }

    [Fact]
    public void Tax_on_top_is_reckoned_once()
    {
        // 0.15 + 0.32 = 0.47 and 13 % of it is 0.06; 0.02 and 0.04 are the taxes of the halves.
        var bill = Bill(json => json["tax"] = "ON_TOP", 0.001m, 0.002m);
        bill.Lines.Select(line => (line.Id, line.Version, line.Amount.Fen)).Should().Equal(
            ("energy", 1, 15), ("energy", 2, 32), ("tax", 2, 6));
        (bill.Total, bill.Net, bill.Tax).Should().Be((new(53), new(47), new Money(6)));
    }

    [Fact]
    public void Prices_with_tax_and_without_it_do_not_mix()
    {
        // Version 1 includes its tax: 113.00 has 13.00; version 2 adds it: 160.00 gets 20.80.
        var second = Json(0.7533333333m + 0.2466666667m, 2);
        second["tax"] = "ON_TOP";
        var first = Json(0.7533333333m, 1);
        first["rounding"] = "LINE";
        var bill = Rate(first, second).Bill!;
        (bill.Total, bill.Tax).Should().Be((new(113_00 + 160_00 + 20_80), new Money(13_00 + 20_80)));
        (bill.Net + bill.Tax).Should().Be(bill.Total);
    }

    [Fact]
    public void The_tax_point_decides_the_rate_for_all_of_the_bill()
    {
        // Version 2 was published with the rate of the new law, 9 %; the tax point is the last day (rules.md R-5).
        var second = Json(1m, 2);
        second["vat"]![0]!["rate"] = 0.09m;
        var bill = Rate(Json(1m, 1), second).Bill!;
        (bill.Vat.Rate, bill.Net).Should().Be((0.09m, Money.FromYuan(310m / 1.09m)));
    }

    [Fact]
    public void Versions_in_different_currencies_are_refused()
    {
        var second = Json(1m, 2);
        second["currency"] = "JPY";
        Rate(Json(1m, 1), second).Refusal.Should().Be(RatingRefusal.CurrenciesDiffer);
    }

    [Fact]
    public void Heat_that_is_settled_over_a_change_has_one_cap()
    {
        // 24 a m² for 60 days and 24 for 61: 2,400.00 in all. The meter comes to 1,200 + 0.16 × 7,500 = 2,400.00,
        // though the first half is above its share by days: the heat was divided as it was read.
        const string season = """{"from":"11-15","to":"03-15"}""";
        var heat = Plans.TwoPart(Plans.Area(24m), """{"price": 12}""", 0.16m, "CAP_100");
        var first = JsonNode.Parse(Plans.Document("Heat", heat, "LINE", "0.09", $"\"season\": {season},"))!.AsObject();
        first["split"] = new JsonObject { ["method"] = "READ" };
        var second = first.DeepClone().AsObject();
        (second["version"], second["validFrom"]) = (2, "2026-01-14");
        var (change, winter) = (new DateOnly(2026, 1, 14), Plans.WholeSeason);
        var usage = new Usage(winter)
        {
            HeatKwh = 7_500m, Settles = true,
            Parts =
            [
                new(new(winter.First, change.AddDays(-1))) { HeatKwh = 6_000m },
                new(new(change, winter.Last)) { HeatKwh = 1_500m },
            ],
        };
        Total(usage).Should().Be(new Money(2_400_00));
        Total(usage with
        {
            HeatKwh = 8_000m, Parts = [usage.Parts[0] with { HeatKwh = 6_500m }, usage.Parts[1]],
        }).Should().Be(new Money(2_400_00), "80.00 above the cap do not count");

        Money Total(Usage used) => Rate(first, second, Plans.Home with { AreaM2 = 100m }, used).Bill!.Total;
    }

    [Fact]
    public void Heat_that_is_corrected_by_a_factor_is_not_settled_without_it()
    {
        var plan = Plans.Shipped("tianjin-residential-heat-metered");
        var usage = new Usage(plan.DaysOf(BillingPeriod.Season(2025))) { HeatKwh = 7_000m, Settles = true };
        plan.Rate(Plans.Home with { AreaM2 = 100m }, usage).Refusal.Should().Be(RatingRefusal.HeatFactorMissing);
        plan.Rate(Plans.Home with { AreaM2 = 100m, HeatFactor = 1m }, usage).IsBill.Should().BeTrue();
        plan.Rate(Plans.Home with { AreaM2 = 100m }, usage with { Settles = false }).IsBill.Should().BeTrue();
    }

    private static Bill Bill(Action<JsonObject> change, decimal before, decimal after)
    {
        var (first, second) = (Json(before, 1), Json(after, 2));
        change(first);
        change(second);
        return Rate(first, second).Bill!;
    }

    private static Rated Rate(JsonObject first, JsonObject second, SupplyFacts? supply = null, Usage? used = null) =>
        new PlanSchedule((Plans.Parse(first.ToJsonString()), null), (Plans.Parse(second.ToJsonString()), null)).Rate(
            supply ?? Plans.Home, used ?? Used);

    private static JsonObject Json(decimal price, int version)
    {
        var json = JsonNode.Parse(Plans.Document("Electricity", Plans.EnergyPrice(price), "LINE", "0.13", ""))!
            .AsObject();
        json["version"] = version;
        if (version > 1)
            json["validFrom"] = "2025-10-16";
        return json;
    }
}
