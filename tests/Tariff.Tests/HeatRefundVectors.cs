using System.Text.Json;
using Billing.Contracts;
using Billing.Rating;
using FluentAssertions;

namespace Billing.Tariffs.Tests;

/// <summary>What comes back of a season fee, and what remains of it.</summary>
internal static class HeatRefundVectors
{
    private static readonly SupplyFacts Flat = Plans.Home with { AreaM2 = 100m };

    /// <summary>The refund tables of the cities: standard, bands from mild to cold, and what is special.</summary>
    private static readonly Dictionary<string, string> Tables = new()
    {
        ["QINGDAO/LINYI"] = Table(18m, "MILDER", (16m, 0.2m), (14m, 0.5m), (null, 1m)),
        ["TAIAN"] = Table(18m, "MILDER", (16m, 0.3m), (14m, 0.5m), (null, 1m)),
        ["WEIFANG"] = Table(18m, "MILDER", (16m, 0.5m), (null, 1m)),
        ["XIAN(ex 30% basic)"] = Table(18m, "MILDER", (16m, 0.2m), (14m, 0.5m), (null, 1m)) + ", \"baseShare\": 0.7",
        ["LUOYANG"] = Table(18m, "MILDER", (14m, 0.5m), (null, 1m)) + ", \"hours\": 48",
        ["TIANJIN"] = Table(18m, "MILDER", (16m, 0.1m), (12m, 0.5m), (null, 1m)),
        ["HEILONGJIANG2021"] = Table(20m, "MILDER", (18m, 0.1m), (16m, 0.3m), (14m, 0.5m), (null, 1m)),
        ["BEIJING"] = Table(18m, "HIGHER_REFUND", (16m, 0.4m), (14m, 0.6m), (null, 1m)) + ", \"affectedArea\": true",
        ["BINZHOU"] = Table(18m, "HIGHER_REFUND", (16m, 0.3m), (14m, 0.5m), (null, 1m)),
    };

    public static void Outage(JsonElement input, JsonElement config, JsonElement expected)
    {
        var plan = Season(input, """
            {"type": "heat-outage", "id": "outage", "label": {"zh": "退", "en": "Refund"}, "of": ["heat"], "hours": 24}
            """, "fee");
        var usage = With(new() { Outages = [new(Days((int)input.Figure("days")))] });
        Line(plan.Bill(Flat, usage), "outage").Should().Be(-expected.Yuan());
    }

    /// <summary>By the days, not of the plan's own season: the example has Tianjin's fee and 121 days.</summary>
    public static void CutOff(JsonElement input, JsonElement config, JsonElement expected)
    {
        var area = Plans.Area(input.Figure("fee") / 100m).TrimEnd().TrimEnd('}') +
            $", \"stoppedShare\": {Plans.N(config.Figure("loss_pct") / 100m)} }}";
        var bill = Plans.Heat(Plans.HeatArea(area))
            .Bill(Flat, With(new() { Disconnected = [Days((int)input.Figure("stop_days"))] }));
        Line(bill, "heat").Should().Be(expected.Yuan("used"));
        Line(bill, "heat.loss").Should().Be(expected.Yuan("loss"));
        bill.Total.Should().Be(expected.Yuan("total"));
    }

    public static void Discount(JsonElement input, JsonElement config, JsonElement expected)
    {
        var plan = Season(input, $$"""
            {"type": "discount", "id": "early", "label": {"zh": "优惠", "en": "Discount"}, "of": ["heat"],
             "rate": {{Plans.N(config.Figure("pct") / 100m)}}, "paid": {"from": "10-11", "to": "10-31"},
             "channels": ["Online"], "classes": ["Residential"], "fullPayment": true}
            """, "fee");
        var paid = new EarlyPayment(new(2025, 10, 11), "Online", true, false);
        var bill = plan.Bill(Flat, new(Plans.WholeSeason) { Payment = paid });
        Line(bill, "early").Should().Be(-expected.Yuan("discount"));
        bill.Total.Should().Be(expected.Yuan("pay"));
        foreach (var other in new[]
        {
            paid with { On = new(2025, 11, 1) }, paid with { Channel = "Counter" }, paid with { Full = false },
        })
            plan.Bill(Flat, new(Plans.WholeSeason) { Payment = other }).Total.Should().Be(input.Yuan("fee"));
    }

    public static void Temperature(JsonElement input, JsonElement config, JsonElement expected)
    {
        var plan = Season(input, Tables[config.Text("table")]);
        if (input.TryGetProperty("temps", out _))
            input.Figures("temps").Select(celsius => Refund(plan, input, celsius)).Should()
                .Equal(expected.EnumerateArray().Select(fee => fee.Yuan()));
        else
            Refund(plan, input, input.Figure("temp")).Should().Be(expected.Yuan());
    }

    public static void DailyPriceIsNotRounded(JsonElement input, JsonElement config, JsonElement expected) =>
        Refund(Season(input, Tables["BEIJING"]), input, input.Figure("temp")).Should().Be(expected.Yuan("right"));

    /// <summary>A day at the temperature gives the share of a day's fee; 1,210.00 make that 10.00.</summary>
    public static void Tie(JsonElement input, JsonElement config, JsonElement expected)
    {
        using var season = JsonDocument.Parse("""{"season_fee": "1210.00", "days": 1}""");
        var plan = Season(season.RootElement, Tables[config.Text("table")]);
        foreach (var celsius in input.Figures("temps"))
        {
            var share = decimal.Parse(expected.Text(Plans.N(celsius)).TrimEnd('%')) / 100m;
            Refund(plan, season.RootElement, celsius).Should().Be(Money.FromYuan(10m * share));
        }
    }

    public static void Suspended(JsonElement input, JsonElement config, JsonElement expected)
    {
        var plan = SuspensionPlan(input.Figure("fee"), $"\"share\": {Plans.N(config.Figure("pct") / 100m)}");
        plan.Bill(Flat, With(new() { Suspended = true })).Total.Should().Be(expected.Yuan());
        plan.Bill(Flat, new(Plans.WholeSeason)).Total.Should().Be(input.Yuan("fee"));
    }

    public static void Deadline(JsonElement input, JsonElement config, JsonElement expected)
    {
        if (config.TryGetProperty("days_before", out _))
        {
            var season = new DateRange(DateOnly.Parse(input.Text("season_start")), Plans.WholeSeason.Last);
            config.Figures("days_before").Zip(expected.EnumerateArray()).Should().AllSatisfy(pair =>
                Suspension($"\"share\": 0, \"daysBefore\": {pair.First}").LastDay(season)
                    .Should().Be(DateOnly.Parse(pair.Second.GetString()!)));
            return;
        }
        var terms = Suspension($"\"share\": 0, \"applyBy\": \"{config.Text("fixed")}\"");
        input.GetProperty("apply").EnumerateArray()
            .Select(day => terms.Accepts(DateOnly.Parse(day.GetString()!), Plans.WholeSeason) ? "accept" : "reject")
            .Should().Equal(expected.EnumerateArray().Select(answer => answer.GetString()));
    }

    private static Suspension Suspension(string terms) => SuspensionPlan(24m, terms).Suspension!;

    private static PlanDocument SuspensionPlan(decimal fee, string terms) => Plans.Parse(Plans.Document(
        "Heat", Plans.HeatArea(Plans.Area(fee / 100m)), "LINE", "0.09",
        $$"""{{Plans.NormalSeason}} "suspension": {{{terms}}},"""));

    private static Money Refund(PlanDocument plan, JsonElement input, decimal celsius)
    {
        decimal? affected = input.TryGetProperty("affected_area", out var area) ? area.Figure() : null;
        var cold = new ColdSpell(Days((int)input.Figure("days")), celsius, affected);
        return -Line(plan.Bill(Flat, With(new() { Cold = [cold] })), "cold");
    }

    private static PlanDocument Season(JsonElement input, string refund, string fee = "season_fee")
    {
        Plans.WholeSeason.Days.Should().Be(121);
        return Plans.Heat(Plans.HeatArea(Plans.Area(input.Figure(fee) / 100m)) + ", " +
            (refund.Contains("\"type\"", StringComparison.Ordinal) ? refund : $$"""
                {"type": "heat-temperature", "id": "cold", "label": {"zh": "退", "en": "Refund"}, "of": ["heat"],
                 {{refund}} }
                """));
    }

    private static string Table(decimal standard, string boundary, params (decimal? DownTo, decimal Share)[] bands)
    {
        var rows = bands.Select(band => band.DownTo is { } downTo
            ? $$"""{"downTo": {{Plans.N(downTo)}}, "share": {{Plans.N(band.Share)}} }"""
            : $$"""{"share": {{Plans.N(band.Share)}} }""");
        return $"\"standard\": {Plans.N(standard)}, \"boundary\": \"{boundary}\", " +
            $"\"bands\": [{string.Join(", ", rows)}]";
    }

    private static Usage With(Interruptions happened) => new(Plans.WholeSeason) { Interruptions = happened };

    private static DateRange Days(int days) => new(new(2026, 1, 5), new DateOnly(2026, 1, 5).AddDays(days - 1));

    private static Money Line(Bill bill, string id) => bill.Lines.Single(line => line.Id == id).Amount;
}
