using System.Globalization;
using System.Text.Json;
using Billing.Contracts;
using Billing.Rating;
using FluentAssertions;
using Xunit;

namespace Billing.Tariffs.Tests;

/// <summary>
/// The worked examples of the domain rules, each rated through the public engine under a plan document made from its
/// prices. Examples that are no matter of price are used elsewhere (docs/domain/README.md).
/// </summary>
public sealed class VectorTests
{
    /// <summary>Areas computed here, and how.</summary>
    private static readonly Dictionary<string, Action<JsonElement, JsonElement, JsonElement>> Covered = new()
    {
        ["rounding"] = RoundingVectors.Check,
        ["vat"] = RoundingVectors.CheckVat,
        ["elec.tier.month"] = ElectricityVectors.MonthlyTiers,
        ["elec.tier.large"] = ElectricityVectors.LargeHousehold,
        ["elec.tier.tou"] = ElectricityVectors.TiersMeetTimeOfUse,
        ["elec.tou.mismatch"] = ElectricityVectors.FlatByDifference,
        ["heat.area"] = HeatVectors.Area,
        ["heat.area.rented"] = HeatVectors.RentedArea,
        ["heat.twopart"] = HeatVectors.TwoPart,
        ["heat.twopart.cap"] = HeatVectors.Cap,
        ["heat.unit"] = HeatVectors.MeterUnit,
        ["heat.days"] = HeatVectors.RealDays,
        ["heat.midseason"] = HeatVectors.MidSeason,
        ["heat.height.ratio"] = HeatVectors.HeightByRatio,
        ["heat.height.step"] = HeatVectors.HeightBySteps,
        ["heat.outage"] = HeatRefundVectors.Outage,
        ["heat.cut"] = HeatRefundVectors.CutOff,
        ["heat.discount"] = HeatRefundVectors.Discount,
        ["heat.temp.refund"] = HeatRefundVectors.Temperature,
        ["heat.temp.rounding"] = HeatRefundVectors.DailyPriceIsNotRounded,
        ["heat.temp.tie"] = HeatRefundVectors.Tie,
        ["heat.suspend"] = HeatRefundVectors.Suspended,
        ["heat.suspend.deadline"] = HeatRefundVectors.Deadline,
        ["heat.penalty"] = PenaltyVectors.OfHeat,
        ["heat.penalty.base"] = PenaltyVectors.Base,
        ["elec.tier.year"] = AnnualTierVectors.Beijing,
        ["elec.tier.flat.zj"] = AnnualTierVectors.Zhejiang,
        ["elec.tier.midyear"] = AnnualTierVectors.MidYear,
        ["elec.twopart"] = IndustryVectors.TwoPart,
        ["elec.pf.table"] = IndustryVectors.PowerFactorTable,
        ["elec.pf.exam"] = IndustryVectors.PowerFactorExam,
        ["elec.demand"] = IndustryVectors.Demand,
        ["elec.demand.260"] = IndustryVectors.HighUse,
        ["elec.basic.days"] = IndustryVectors.PartMonth,
        ["elec.suspend"] = IndustryVectors.SealedTransformer,
        ["elec.exchange.bill"] = IndustryVectors.Exchange,
        ["penalty.res"] = PenaltyVectors.Minimum,
        ["penalty.crossyear"] = PenaltyVectors.CrossYear,
        ["penalty.days"] = PenaltyVectors.DaysLate,
        ["penalty.partial"] = PenaltyVectors.Partial,
        ["penalty.round"] = PenaltyVectors.RoundedOnce,
    };

    private static readonly JsonElement[] All = Read();

    public static TheoryData<string> CoveredVectors =>
        [.. All.Where(vector => Covered.ContainsKey(AreaOf(vector))).Select(IdOf)];

    [Theory]
    [MemberData(nameof(CoveredVectors))]
    public void The_engine_computes_the_worked_example(string id)
    {
        var vector = All.Single(candidate => IdOf(candidate) == id);
        Covered[AreaOf(vector)](
            vector.GetProperty("input"), vector.GetProperty("config"), vector.GetProperty("expected"));
    }

    [Fact]
    public void Every_area_named_here_has_an_example()
    {
        Covered.Keys.Should().BeSubsetOf(All.Select(AreaOf));
        All.Select(IdOf).Should().OnlyHaveUniqueItems();
    }

    private static string IdOf(JsonElement vector) => vector.GetProperty("id").GetString()!;

    private static string AreaOf(JsonElement vector) => vector.GetProperty("area").GetString()!;

    private static JsonElement[] Read()
    {
        using var json = JsonDocument.Parse(
            File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "vectors.json")));
        return [.. json.RootElement.EnumerateArray().Select(vector => vector.Clone())];
    }
}

/// <summary>Reading the figures of a vector, which are numbers or texts.</summary>
internal static class VectorFigures
{
    public static decimal Figure(this JsonElement json) => json.ValueKind == JsonValueKind.Number
        ? json.GetDecimal()
        : decimal.Parse(json.GetString()!, CultureInfo.InvariantCulture);

    public static decimal Figure(this JsonElement json, string name) => json.GetProperty(name).Figure();

    public static decimal[] Figures(this JsonElement json, string name) =>
        [.. json.GetProperty(name).EnumerateArray().Select(Figure)];

    public static Money Yuan(this JsonElement json) => Money.FromYuan(json.Figure());

    public static Money Yuan(this JsonElement json, string name) => json.GetProperty(name).Yuan();

    public static string Text(this JsonElement json, string name) => json.GetProperty(name).GetString()!;
}

internal static class RoundingVectors
{
    private const string BeijingTiers = "beijing-residential-electricity";

    /// <summary>
    /// Either amounts of one kWh at a price with many decimals, or the Beijing tariff with both rounding points.
    /// </summary>
    public static void Check(JsonElement input, JsonElement config, JsonElement expected)
    {
        if (input.ValueKind == JsonValueKind.Object)
        {
            var document = Plans.Json(BeijingTiers);
            document["rounding"] = config.Text("rounding_point");
            var bill = Plans.Parse(document.ToJsonString()).Bill(input.Figure("kwh"));
            bill.Total.Should().Be(expected.Yuan());
            return;
        }
        foreach (var (price, amount) in input.EnumerateArray().Zip(expected.EnumerateArray()))
            Plans.Electricity(Plans.EnergyPrice(price.Figure())).Bill(1m).Total.Should().Be(amount.Yuan());
    }

    public static void CheckVat(JsonElement input, JsonElement config, JsonElement expected)
    {
        config.Text("tax").Should().Be("GROSS_MINUS_NET");
        foreach (var (gross, split) in input.EnumerateArray().Zip(expected.EnumerateArray()))
        {
            var plan = Plans.Electricity(Plans.EnergyPrice(gross[0].Figure()), vatRate: gross[1].GetString()!);
            var bill = plan.Bill(1m);
            (bill.Total, bill.Net, bill.Tax).Should().Be((gross[0].Yuan(), split[0].Yuan(), split[1].Yuan()));
        }
    }
}

internal static class ElectricityVectors
{
    public static void MonthlyTiers(JsonElement input, JsonElement config, JsonElement expected)
    {
        var bill = Plans.Electricity(Plans.Tiers(config.Figures("limits"), config.Figures("prices")))
            .Bill(input.Figure("kwh"));
        bill.Total.Should().Be(expected.Yuan("fee"));
        new[] { bill.Quantity("energy.tier1"), bill.Quantity("energy.tier2"), bill.Quantity("energy.tier3") }
            .Should().Equal(expected.Figures("split"));
        // The shipped plan is this tariff.
        Plans.Shipped("beijing-residential-electricity").Bill(input.Figure("kwh")).Lines.Should().Equal(bill.Lines);
    }

    /// <summary>The example has the limits already raised; here the household's quota raises them.</summary>
    public static void LargeHousehold(JsonElement input, JsonElement config, JsonElement expected)
    {
        config.Figures("limits").Should().Equal(340m, 500m);
        var large = Plans.Home with { LargeHousehold = true };
        var usage = new Usage(Plans.October) { TotalKwh = input.Figure("kwh") };
        var bill = Plans.Shipped("beijing-residential-electricity").Bill(large, usage);
        bill.Total.Should().Be(expected.Yuan());
        (bill.Quantity("energy.tier1"), bill.Quantity("energy.tier2")).Should().Be((340m, 110m));
    }

    /// <summary>What the year has left of each annual quota is the limit of this month.</summary>
    public static void TiersMeetTimeOfUse(JsonElement input, JsonElement config, JsonElement expected)
    {
        decimal[] left = [.. config.Figures("limits").Select(limit => limit - input.Figure("cum"))];
        var plan = Plans.Electricity(
            Plans.TimeOfUse("PEAK", ("PEAK", config.Figure("peak")), ("VALLEY", config.Figure("valley"))) + ", " +
            Plans.Tiers(left, [0m, config.Figure("step2"), 0.30m], "INCREMENT"));
        var (peak, valley) = (input.Figure("peak"), input.Figure("valley"));
        var bill = plan.Bill(
            Plans.Home, new(Plans.October) { TotalKwh = peak + valley, PeakKwh = peak, ValleyKwh = valley });
        bill.Total.Should().Be(expected.Yuan());
        bill.Lines.Select(line => line.Amount.ToString()).Should().Equal("85.20", "28.80", "9.50");
    }

    public static void FlatByDifference(JsonElement input, JsonElement config, JsonElement expected)
    {
        config.Text("mode").Should().Be("FLAT_BY_DIFFERENCE");
        var usage = new Usage(Plans.October)
        {
            TotalKwh = input.Figure("total"), PeakKwh = input.Figure("peak"), ValleyKwh = input.Figure("valley"),
        };
        Plans.Shipped("commercial-electricity-tou").Bill(new(CustomerClass.Commercial), usage)
            .Quantity("energy.flat").Should().Be(expected.Figure());
    }
}
