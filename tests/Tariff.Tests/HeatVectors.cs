using System.Globalization;
using System.Text.Json;
using Billing.Contracts;
using Billing.Rating;
using FluentAssertions;

namespace Billing.Tariffs.Tests;

internal static class HeatVectors
{
    /// <summary>A season of 120 days, as Xuchang's.</summary>
    private const string Season120 = """{"from": "11-15", "to": "03-14"}""";

    private static readonly DateRange Days120 = new(new(2025, 11, 15), new(2026, 3, 14));

    public static void Area(JsonElement input, JsonElement config, JsonElement expected) =>
        Plans.Heat(Plans.HeatArea(Plans.Area(input.Figure("price"))))
            .Bill(input.Figure("area"), Plans.WholeSeason).Total.Should().Be(expected.Yuan());

    public static void RentedArea(JsonElement input, JsonElement config, JsonElement expected)
    {
        var basis = $"\"RENTED\", \"basisFactor\": {input.Text("k")}";
        var bill = Plans.Heat(Plans.HeatArea(Plans.Area(input.Figure("price"), basis: basis)))
            .Bill(input.Figure("rented"), Plans.WholeSeason);
        bill.Quantity("heat").Should().Be(expected.Figure("area"));
        bill.Total.Should().Be(expected.Yuan("fee"));
    }

    /// <summary>The examples give either the area price by the prepaid season fee, or a price a day.</summary>
    public static void TwoPart(JsonElement input, JsonElement config, JsonElement expected)
    {
        var (areaM2, prepaid) = (input.Figure("area"), input.Yuan("prepaid"));
        var byDay = config.TryGetProperty("day_price", out var dayPrice);
        var area = byDay ? Plans.Area(dayPrice.Figure(), "DAY") : Plans.Area(prepaid.Yuan / areaM2);
        var basic = config.TryGetProperty("basic_share", out var share)
            ? $$"""{"share": {{Plans.N(Percent(share.GetString()!))}} }"""
            : $$"""{"price": {{config.Text("basic")}} }""";
        var cap = config.TryGetProperty("cap", out var named) ? named.GetString()! : "NONE";
        var corrected = input.TryGetProperty("factor", out var factor);
        var component = Plans.TwoPart(area, basic, config.Figure("metered"), cap, corrected: corrected);
        var plan = byDay ? Plans.Heat(component, Season120) : Plans.Heat(component);
        var supply = Plans.Home with { AreaM2 = areaM2, HeatFactor = corrected ? factor.Figure() : 1m };
        var heated = byDay ? Days120 : Plans.WholeSeason;

        plan.Bill(supply, new(heated)).Total.Should().Be(prepaid);
        var bill = plan.Bill(
            supply, new(heated) { HeatKwh = input.Figure("kwh"), Settles = true, Prepaid = prepaid });
        bill.Total.Should().Be(expected.Yuan("fee"));
        bill.Due.Should().Be(-expected.Yuan("refund"));
        if (expected.TryGetProperty("raw", out var raw))
            Money.Sum(bill.Lines.Where(line => line.Id != "heat.cap").Select(line => line.Amount))
                .Should().Be(raw.Yuan());
    }

    /// <summary>An area fee of 2,400.00 and a metered fee of 2,900.00, half of the area fee being basic.</summary>
    public static void Cap(JsonElement input, JsonElement config, JsonElement expected)
    {
        var (areaFee, metered) = (input.Yuan("area_fee"), input.Yuan("metered_fee"));
        var component = Plans.TwoPart(
            Plans.Area(areaFee.Yuan / 100m), """{"share": 0.5}""", 0.16m, config.Text("cap"));
        var kwh = (metered.Yuan - areaFee.Yuan / 2m) / 0.16m;
        var bill = Plans.Heat(component).Bill(
            Plans.Home with { AreaM2 = 100m },
            new(Plans.WholeSeason) { HeatKwh = kwh, Settles = true, Prepaid = areaFee });
        bill.Due.Should().Be(expected.Yuan("charge"));
    }

    /// <summary>The same heat: the basic fee is 0, so that the bill is the metered fee.</summary>
    public static void MeterUnit(JsonElement input, JsonElement config, JsonElement expected)
    {
        var usage = new Usage(Plans.WholeSeason)
        {
            HeatKwh = input.Figure("kwh"), HeatGj = input.Figure("gj"), Settles = true,
        };
        Fee("KWH", config.Figure("per_kwh")).Should().Be(expected.Yuan("kwh_fee"));
        Fee("GJ", config.Figure("per_gj")).Should().Be(expected.Yuan("gj_fee"));

        Money Fee(string unit, decimal price) =>
            Plans.Heat(Plans.TwoPart(Plans.Area(24m), """{"price": 0}""", price, unit: unit))
                .Bill(Plans.Home with { AreaM2 = 100m }, usage).Total;
    }

    /// <summary>100 m² at a price a day: the season was billed in advance, the station ran some days less.</summary>
    public static void RealDays(JsonElement input, JsonElement config, JsonElement expected)
    {
        Days120.Days.Should().Be((int)config.Figure("days"));
        var plan = Plans.Heat(Plans.HeatArea(Plans.Area(config.Figure("day_price"), "DAY")), Season120);
        var home = Plans.Home with { AreaM2 = 100m };
        var prepaid = plan.Bill(home, new(Days120)).Total;
        prepaid.Should().Be(input.Yuan("prepaid"));
        var real = new DateRange(Days120.First, Days120.First.AddDays((int)input.Figure("real_days") - 1));
        var bill = plan.Bill(home, new(real) { Prepaid = prepaid });
        bill.Total.Should().Be(expected.Yuan("fee"));
        bill.Due.Should().Be(-expected.Yuan("refund"));
    }

    public static void MidSeason(JsonElement input, JsonElement config, JsonElement expected)
    {
        var season = input.GetProperty("season");
        var whole = new DateRange(Day(season[0].GetString()!), Day(season[1].GetString()!));
        var plan = Plans.Heat(Plans.HeatArea(
            Plans.Area(input.Figure("fee") / 100m, proration: config.Text("mode"))));
        plan.DaysOf(BillingPeriod.Season(2025)).Should().Be(whole);
        var bill = plan.Bill(100m, new(Day(input.Text("open")), whole.Last));
        var line = bill.Lines.Should().ContainSingle().Subject;
        (line.Times, line.Of).Should().Be(((int)expected.Figure("days"), (int)expected.Figure("season_days")));
        bill.Total.Should().Be(expected.Yuan("fee"));
    }

    public static void HeightByRatio(JsonElement input, JsonElement config, JsonElement expected)
    {
        config.Text("method").Should().Be("RATIO_3M");
        Height("""{"method": "RATIO", "above": 3.0, "legalDocument": "test"}""", input).Should().Be(expected.Yuan());
    }

    public static void HeightBySteps(JsonElement input, JsonElement config, JsonElement expected) => Height($$"""
        {"method": "STEP", "above": {{config.Text("limit")}}, "step": {{config.Text("step")}},
         "rate": {{Plans.N(config.Figure("pct") / 100m)}}, "stepMode": "{{config.Text("step_mode")}}",
         "legalDocument": "test"}
        """, input).Should().Be(expected.Yuan());

    private static Money Height(string surcharge, JsonElement input)
    {
        var area = Plans.Area(input.Figure("price")).TrimEnd().TrimEnd('}') + $", \"height\": {surcharge} }}";
        return Plans.Heat(Plans.HeatArea(area))
            .Bill(Plans.Home with { AreaM2 = input.Figure("area"), HeightM = input.Figure("h") },
                new(Plans.WholeSeason)).Total;
    }

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd");

    private static decimal Percent(string text) =>
        decimal.Parse(text.TrimEnd('%'), CultureInfo.InvariantCulture) / 100m;
}
