using System.Text.Json;
using Billing.Platform;

namespace Billing.Contracts.Tests;

public sealed class DateRangeTests
{
    private static readonly DateRange March = new(new(2026, 3, 1), new(2026, 3, 31));

    [Fact]
    public void Both_ends_count()
    {
        March.Days.Should().Be(31);
        new DateRange(March.First, March.First).Days.Should().Be(1);
    }

    [Theory]
    [InlineData("2025-11-15", "2026-03-15", 121)]
    [InlineData("2022-11-16", "2023-03-31", 136)]
    [InlineData("2027-11-15", "2028-03-15", 122)]
    public void A_heating_season_has_the_days_of_the_rules(string first, string last, int days) =>
        new DateRange(Day(first), Day(last)).Days.Should().Be(days);

    [Fact]
    public void A_range_is_never_empty() =>
        FluentActions.Invoking(() => new DateRange(March.Last, March.First)).Should()
            .Throw<ArgumentOutOfRangeException>();

    [Theory]
    [InlineData("2026-02-28", false)]
    [InlineData("2026-03-01", true)]
    [InlineData("2026-03-31", true)]
    [InlineData("2026-04-01", false)]
    public void Its_ends_lie_in_it(string day, bool contained) => March.Contains(Day(day)).Should().Be(contained);

    [Theory]
    [InlineData("2026-03-31", "2026-04-30", "2026-03-31..2026-03-31")]
    [InlineData("2026-02-01", "2026-03-01", "2026-03-01..2026-03-01")]
    [InlineData("2026-03-10", "2026-03-12", "2026-03-10..2026-03-12")]
    [InlineData("2026-01-01", "2026-12-31", "2026-03-01..2026-03-31")]
    [InlineData("2026-04-01", "2026-04-30", null)]
    [InlineData("2026-02-01", "2026-02-28", null)]
    public void What_two_ranges_share(string first, string last, string? shared)
    {
        var other = new DateRange(Day(first), Day(last));
        March.Intersect(other)?.ToString().Should().Be(shared);
        other.Intersect(March)?.ToString().Should().Be(shared);
    }

    [Fact]
    public void The_default_is_one_day() => default(DateRange).Days.Should().Be(1);

    [Fact]
    public void On_the_wire_it_is_its_two_ends()
    {
        const string json = """{"first":"2026-03-01","last":"2026-03-31"}""";
        JsonSerializer.Serialize(March, Wire.Stored).Should().Be(json);
        JsonSerializer.Deserialize<DateRange>(json, Wire.Strict).Should().Be(March);
    }

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd");
}
