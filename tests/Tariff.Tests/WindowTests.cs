using Billing.Contracts;
using Billing.Rating;
using FluentAssertions;
using Xunit;

namespace Billing.Tariffs.Tests;

/// <summary>Prices that apply to a part of a period.</summary>
public sealed class WindowTests
{
    private static readonly DateRange November16ToDecember15 = new(new(2025, 11, 16), new(2025, 12, 15));

    [Fact]
    public void By_days_the_quantity_of_a_period_is_divided_between_two_windows_and_adds_up()
    {
        var plan = Winter(""" "window": {"from": "12-01", "to": "02-29"} """);
        // 15 of 30 days: 50 of 100 kWh at 2 and 50 at 1.
        var bill = plan.Bill(Plans.Home, new(November16ToDecember15) { TotalKwh = 100m });
        bill.Lines.Select(line => (line.Id, line.Quantity)).Should().Equal(("winter", 50m), ("rest", 50m));
        bill.Total.Should().Be(new Money(15_000));
    }

    /// <summary>
    /// The 29th of February is a winter's day where there is one; else the winter ends with the 28th.
    /// </summary>
    [Theory]
    [InlineData(2024, 29, 31)]
    [InlineData(2025, 28, 31)]
    public void A_leap_day_belongs_to_the_winter(int year, int winter, int rest)
    {
        var period = new DateRange(new(year, 2, 1), new(year, 3, 31));
        var bill = Winter(""" "window": {"from": "12-01", "to": "02-29"} """)
            .Bill(Plans.Home, new(period) { TotalKwh = period.Days });
        bill.Lines.Select(line => line.Quantity).Should().Equal(winter, rest);
    }

    [Fact]
    public void By_its_last_day_a_period_belongs_to_one_window_wholly()
    {
        var plan = Plans.Electricity(Price("may", 1m, "2025-05-01", "2025-05-31") + ", " +
            Price("june", 2m, "2025-06-01", "2025-06-30"));
        Total(new(2025, 5, 31)).Should().Be(new Money(10_000));
        Total(new(2025, 6, 1)).Should().Be(new Money(20_000));

        Money Total(DateOnly last) => plan.Bill(Plans.Home, new(new(new(2025, 5, 3), last)) { TotalKwh = 100m }).Total;

        static string Price(string id, decimal price, string from, string to) => With(
            Plans.EnergyPrice(price, id),
            $$""" "window": {"fromDate": "{{from}}", "toDate": "{{to}}", "by": "LAST_DAY"} """);
    }

    /// <summary>A price that changes on the 16th, by what was read on that day.</summary>
    [Fact]
    public void Where_the_plan_wants_readings_a_period_is_divided_by_them_and_by_nothing_else()
    {
        var plan = Plans.Parse(Plans.Document(
            "Electricity",
            With(Plans.EnergyPrice(1m, "old"), """ "window": {"toDate": "2025-10-15"} """) + ", " +
            With(Plans.EnergyPrice(2m, "new"), """ "window": {"fromDate": "2025-10-16"} """),
            "LINE", "0.13", """ "split": {"method": "READ"}, """));
        var usage = new Usage(Plans.October)
        {
            TotalKwh = 100m,
            Parts =
            [
                new(new(new(2025, 10, 1), new(2025, 10, 15))) { TotalKwh = 80m },
                new(new(new(2025, 10, 16), new(2025, 10, 31))) { TotalKwh = 20m },
            ],
        };

        plan.Bill(Plans.Home, usage).Total.Should().Be(new Money(12_000));
        plan.Rate(Plans.Home, usage with { Parts = [] }).Refusal.Should().Be(RatingRefusal.ReadingMissing);
        plan.Rate(Plans.Home, usage with { TotalKwh = 101m }).Refusal.Should().Be(RatingRefusal.PartsDoNotAddUp);
        var onTheWrongDay = usage with
        {
            Parts =
            [
                new(new(new(2025, 10, 1), new(2025, 10, 16))) { TotalKwh = 80m },
                new(new(new(2025, 10, 17), new(2025, 10, 31))) { TotalKwh = 20m },
            ],
        };
        plan.Rate(Plans.Home, onTheWrongDay).Refusal.Should().Be(RatingRefusal.ReadingMissing);
    }

    private static PlanDocument Winter(string window) => Plans.Electricity(
        With(Plans.EnergyPrice(2m, "winter"), window) + ", " +
        With(Plans.EnergyPrice(1m, "rest"), """ "window": {"from": "03-01", "to": "11-30"} """));

    private static string With(string component, string more) => $"{component.TrimEnd().TrimEnd('}')}, {more} }}";
}
