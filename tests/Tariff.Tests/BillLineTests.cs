using System.Text.Json;
using Billing.Contracts;
using Billing.Rating;
using FluentAssertions;
using Xunit;

namespace Billing.Tariffs.Tests;

public sealed class BillLineTests
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    public static TheoryData<BillLine, string> Stored => new()
    {
        {
            new("energy.tier2", 160.00m, Unit.Kwh, 0.5383m, new(8613)),
            """{"id":"energy.tier2","q":160,"u":"kWh","p":0.5383,"fen":8613}"""
        },
        {
            new("heat", 98.76m, Unit.M2, 24m, new(127327), 1m, 65, 121),
            """{"id":"heat","q":98.76,"u":"m2","p":24,"fen":127327,"n":65,"of":121}"""
        },
        {
            new("heat.metered", 21.6m, Unit.Gj, 44.45m, new(91211), 0.95m),
            """{"id":"heat.metered","q":21.6,"u":"GJ","p":44.45,"fen":91211,"f":0.95}"""
        },
        {
            new("heat.cap", 2400m, Unit.Yuan, 1m, new(-24000), Less: new(264000)),
            """{"id":"heat.cap","q":2400,"u":"yuan","p":1,"fen":-24000,"less":264000}"""
        },
    };

    [Theory]
    [MemberData(nameof(Stored))]
    public void A_line_is_stored_compactly_and_comes_back_the_same(BillLine line, string json)
    {
        JsonSerializer.Serialize(line, Web).Should().Be(json);
        JsonSerializer.Deserialize<BillLine>(json, Web).Should().Be(line);
    }

    [Theory]
    [InlineData("""[]""")]
    [InlineData("""{"id":"a","q":1,"u":"kWh","p":1}""")]
    [InlineData("""{"id":"a","q":1,"u":"kWh","fen":1}""")]
    [InlineData("""{"id":"a","q":1,"p":1,"fen":1}""")]
    [InlineData("""{"id":"a","u":"kWh","p":1,"fen":1}""")]
    [InlineData("""{"id":null,"q":1,"u":"kWh","p":1,"fen":1}""")]
    [InlineData("""{"id":"a","q":1,"u":"ell","p":1,"fen":1}""")]
    [InlineData("""{"id":"a","q":1,"u":"kWh","p":1,"fen":1,"x":1}""")]
    [InlineData("""{"id":"a","q":1,"u":"kWh","p":1,"fen":1,"of":0}""")]
    public void A_line_with_missing_or_unknown_members_is_refused(string json) =>
        FluentActions.Invoking(() => JsonSerializer.Deserialize<BillLine>(json, Web)).Should().Throw<JsonException>();

    [Fact]
    public void A_bill_comes_back_the_same()
    {
        var bill = Plans.Shipped("beijing-residential-electricity").Bill(450.5m);
        var back = JsonSerializer.Deserialize<Bill>(JsonSerializer.Serialize(bill, Web), Web)!;
        back.Should().BeEquivalentTo(bill);
        back.Lines.Should().Equal(bill.Lines);
    }

    [Fact]
    public void A_line_explains_itself_in_figures_and_the_plan_names_it()
    {
        var plan = Plans.Shipped("beijing-residential-electricity");
        var line = plan.Bill(450m).Lines[1];
        line.Component.Should().Be("energy");
        plan.Explain(line).Should().Be(new LineExplanation(
            new("阶梯电费 第2档", "Tiered energy, tier 2"),
            new("每月超过 240 至 400 kWh 的部分(large-household 每月另加 100)",
                "monthly use above 240 up to 400 kWh (large-household: 100 more a month)"),
            "160 kWh × 0.5383 = 86.13", Rounding.Fen));
        // All of an amount is a product like any other share of it (a power factor of 0.25 doubles the bill).
        Formula(new("pf.pf025", 1811.4555m, Unit.Yuan, 1m, new(181146))).Should().Be("1811.4555 yuan × 1 = 1811.46");
        Formula(new("heat", 100m, Unit.M2, 24m, new(128926), 1m, 65, 121)).Should()
            .Be("100 m2 × 24 × 65/121 = 1289.26");
        Formula(new("heat", 100m, Unit.M2, 0.18m, new(64800), 0.3m, 120)).Should()
            .Be("100 m2 × 0.18 × 0.3 × 120 = 648.00");
        Formula(new("heat.cap", 2400m, Unit.Yuan, 1m, new(-24000), Less: new(264000))).Should()
            .Be("2400 - 2640.00 = -240.00");
        FluentActions.Invoking(() => plan.Explain(line with { Id = "energy.tier9" })).Should()
            .Throw<ArgumentException>().WithMessage("*energy.tier9*");

        static string Formula(BillLine line) => line.Formula;
    }
}
