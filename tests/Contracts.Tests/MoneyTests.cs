using System.Globalization;
using System.Text.Json;
using Billing.Platform;

namespace Billing.Contracts.Tests;

public sealed class MoneyTests
{
    private static readonly Money Most = new(long.MaxValue), Least = new(long.MinValue), OneFen = new(1);

    [Theory]
    [InlineData("2.675", 2_68)]
    [InlineData("1.005", 1_01)]
    [InlineData("39.415", 39_42)]
    [InlineData("-2.675", -2_68)]
    [InlineData("0.004999", 0)]
    [InlineData("0.005", 1)]
    [InlineData("-0.005", -1)]
    [InlineData("0", 0)]
    [InlineData("3358.748", 3358_75)]
    public void Yuan_become_fen_half_away_from_zero(string yuan, long fen) =>
        Money.FromYuan(decimal.Parse(yuan, CultureInfo.InvariantCulture)).Should().Be(new Money(fen));

    [Fact]
    public void The_largest_amount_of_yuan_still_fits()
    {
        Money.FromYuan(Most.Yuan).Should().Be(Most);
        Money.FromYuan(Least.Yuan).Should().Be(Least);
    }

    [Fact]
    public void Yuan_that_do_not_fit_are_an_error()
    {
        FluentActions.Invoking(() => Money.FromYuan(Most.Yuan + 0.005m)).Should().Throw<OverflowException>();
        FluentActions.Invoking(() => Money.FromYuan(Least.Yuan - 0.005m)).Should().Throw<OverflowException>();
        FluentActions.Invoking(() => Money.FromYuan(decimal.MaxValue)).Should().Throw<OverflowException>();
    }

    [Fact]
    public void Arithmetic_throws_rather_than_wraps()
    {
        FluentActions.Invoking(() => Most + OneFen).Should().Throw<OverflowException>();
        FluentActions.Invoking(() => Least - OneFen).Should().Throw<OverflowException>();
        FluentActions.Invoking(() => -Least).Should().Throw<OverflowException>();
        FluentActions.Invoking(() => Money.Sum([Most, OneFen])).Should().Throw<OverflowException>();
    }

    [Fact]
    public void Arithmetic_is_that_of_fen()
    {
        (new Money(250) + new Money(-75)).Should().Be(new Money(175));
        (new Money(250) - new Money(300)).Should().Be(new Money(-50));
        (-new Money(250)).Should().Be(new Money(-250));
        Money.Sum([new(1), new(2), new(-5)]).Should().Be(new Money(-2));
        Money.Sum([]).Should().Be(Money.Zero);
    }

    [Fact]
    public void Amounts_are_ordered_by_fen()
    {
        (new Money(1) < new Money(2)).Should().BeTrue();
        (new Money(2) < new Money(2)).Should().BeFalse();
        (new Money(2) <= new Money(2)).Should().BeTrue();
        (new Money(2) > new Money(2)).Should().BeFalse();
        (new Money(2) >= new Money(2)).Should().BeTrue();
        (new Money(3) >= new Money(2)).Should().BeTrue();
        Money.Min(new(1), new(2)).Should().Be(new Money(1));
        Money.Max(new(1), new(2)).Should().Be(new Money(2));
        new Money(1).CompareTo(new(2)).Should().BeNegative();
    }

    [Fact]
    public void Ten_thousand_yuan_in_three_instalments_leave_the_rest_to_the_last() =>
        new Money(10_000_00).Split(3).Should().Equal(new Money(3_333_33), new Money(3_333_33), new Money(3_333_34));

    [Theory]
    [InlineData(0, 3, new long[] { 0, 0, 0 })]
    [InlineData(2, 3, new long[] { 0, 0, 2 })]
    [InlineData(100, 1, new long[] { 100 })]
    [InlineData(12_00, 12, new long[] { 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100 })]
    public void A_split_gives_equal_parts_and_the_rest_to_the_last(long fen, int parts, long[] expected) =>
        new Money(fen).Split(parts).Select(part => part.Fen).Should().Equal(expected);

    [Fact]
    public void Nothing_can_be_split_into_no_parts() =>
        FluentActions.Invoking(() => OneFen.Split(0)).Should().Throw<ArgumentOutOfRangeException>();

    [Theory]
    [InlineData(0, "0.00")]
    [InlineData(5, "0.05")]
    [InlineData(-5, "-0.05")]
    [InlineData(1234_50, "1234.50")]
    public void People_read_yuan_with_two_decimals(long fen, string text) =>
        new Money(fen).ToString().Should().Be(text);

    [Fact]
    public void The_default_is_nothing()
    {
        default(Money).Should().Be(Money.Zero);
        Money.Zero.IsZero.Should().BeTrue();
        OneFen.IsZero.Should().BeFalse();
    }

    [Fact]
    public void On_the_wire_it_is_fen_and_nothing_else()
    {
        JsonSerializer.Serialize(new Money(123_45), Wire.Stored).Should().Be("""{"fen":12345}""");
        JsonSerializer.Deserialize<Money>("""{"fen":12345}""", Wire.Strict).Should().Be(new Money(123_45));
    }

    [Theory]
    [InlineData("""{"fen":1.5}""")]
    [InlineData("""{"fen":"100"}""")]
    [InlineData("""{"fen":null}""")]
    [InlineData("""{"yuan":1}""")]
    [InlineData("""{"fen":1,"cents":1}""")]
    [InlineData("""{"fen":1,"fen":2}""")]
    [InlineData("""{"fen":1,"yuan":1}""")]
    [InlineData("""{"fen":1,"isZero":false}""")]
    [InlineData("{}")]
    [InlineData("100")]
    public void Anything_else_is_refused_at_the_edge(string json) =>
        FluentActions.Invoking(() => JsonSerializer.Deserialize<Money>(json, Wire.Strict)).Should()
            .Throw<JsonException>();

    [Fact]
    public void A_kind_is_named_and_never_numbered() =>
        FluentActions.Invoking(() => JsonSerializer.Deserialize<Utility>("1", Wire.Strict)).Should()
            .Throw<JsonException>();
}
