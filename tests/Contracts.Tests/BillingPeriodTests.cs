using System.Text.Json;
using Billing.Platform;

namespace Billing.Contracts.Tests;

public sealed class BillingPeriodTests
{
    [Theory]
    [InlineData("2026-10", true)]
    [InlineData("2026-01", true)]
    [InlineData("2026-12", true)]
    [InlineData("2026-00", false)]
    [InlineData("2026-13", false)]
    [InlineData("2026-1", false)]
    [InlineData("202610", false)]
    [InlineData("2026-2027", true)]
    [InlineData("1999-2000", true)]
    [InlineData("2026-2028", false)]
    [InlineData("2026-2026", false)]
    [InlineData("2027-2026", false)]
    [InlineData("2026/2027", false)]
    [InlineData("+026-2027", false)]
    [InlineData("", false)]
    [InlineData("2026", false)]
    [InlineData("1900-01", true)]
    [InlineData("1899-12", false)]
    [InlineData("2199-12", true)]
    [InlineData("2200-01", false)]
    [InlineData("1900-1901", true)]
    [InlineData("1899-1900", false)]
    [InlineData("2198-2199", true)]
    [InlineData("2199-2200", false)]
    [InlineData("0001-01", false)]
    [InlineData("9999-12", false)]
    [InlineData("0000-0001", false)]
    public void A_month_or_a_season(string text, bool valid) =>
        BillingPeriod.TryParse(text, null, out _).Should().Be(valid);

    [Fact]
    public void A_month_is_all_its_days()
    {
        var february = BillingPeriod.Parse("2028-02");
        february.IsSeason.Should().BeFalse();
        february.Year.Should().Be(2028);
        february.Month.Should().Be(new DateRange(new(2028, 2, 1), new(2028, 2, 29)));
    }

    [Fact]
    public void A_season_has_its_days_from_the_plan()
    {
        var season = BillingPeriod.Season(2026);
        season.Value.Should().Be("2026-2027");
        season.IsSeason.Should().BeTrue();
        season.Year.Should().Be(2026);
        FluentActions.Invoking(() => season.Month).Should().Throw<InvalidOperationException>()
            .WithMessage("*price plan*");
    }

    [Theory]
    [InlineData("2026-10", "2026-09")]
    [InlineData("2026-01", "2025-12")]
    [InlineData("2026-2027", "2025-2026")]
    [InlineData("1900-01", "1900-01")]
    [InlineData("1900-02", "1900-01")]
    [InlineData("1900-1901", "1900-1901")]
    public void The_one_before(string period, string previous) =>
        BillingPeriod.Parse(period).Previous.Value.Should().Be(previous);

    /// <summary>A run for the year 1 was stored once; whoever asks for it gets it, whatever is taken today.</summary>
    [Theory]
    [InlineData("0001-01")]
    [InlineData("0000-0001")]
    public void What_was_stored_is_read_as_it_is_and_can_be_looked_at(string text)
    {
        var period = JsonSerializer.Deserialize<BillingPeriod>($"\"{text}\"", Wire.Stored);

        period.Value.Should().Be(text);
        period.Previous.Should().Be(period);
        FluentActions.Invoking(() => JsonSerializer.Deserialize<BillingPeriod>($"\"{text}\"", Wire.Strict))
            .Should().Throw<JsonException>().WithMessage("*from 1900 to 2199*");
    }

    [Theory]
    [InlineData(2026, 10, 1)]
    [InlineData(2026, 10, 31)]
    public void The_month_of_a_day(int year, int month, int day) =>
        BillingPeriod.Of(new(year, month, day)).Value.Should().Be("2026-10");
}
