using static Billing.Invoicing.Tests.Facts;

namespace Billing.Invoicing.Tests;

/// <summary>
/// A multiplier that was changed between two readings that are taken already: nobody knows what to multiply by which.
/// </summary>
public sealed class MeterChangeTests
{
    private static readonly PeriodReading October100 = new(
        "M1", Day("2025-10-31"), ReadingKind.Regular, Day("2025-09-30"), 1, 100, null, null, "");

    [Theory]
    [InlineData("2025-10-15", true)]
    [InlineData("2025-10-30", true)]
    [InlineData("2025-09-30", false)]
    [InlineData("2025-10-31", false)]
    public void A_reading_that_goes_over_a_change_of_its_meter_is_not_billed(string changedOn, bool held)
    {
        var (before, after) = (
            new MeterStay("M1", 1m, 6, false, null, Day(changedOn)),
            new MeterStay("M1", 10m, 6, false, Day(changedOn)));

        (Missing(before, after) == MetersRead.ChangeUnread).Should().Be(held);
    }

    [Fact]
    public void A_meter_that_never_changed_is_billed() =>
        Missing(new MeterStay("M1", 1m, 6, false)).Should().BeNull();

    private static Platform.Rejection? Missing(params MeterStay[] stays)
    {
        var basis = new BillingBasis(
            No(1), CustomerClass.Residential, "海淀区", "小区1", Day("2019-01-01"), PlanCode.Parse(Beijing), stays, 0m);
        basis.Readings.Add(October100);
        return MetersRead.Missing(basis, October, _ => null);
    }
}

/// <summary>A run's days of issue and payment stay near its period and today.</summary>
public sealed class RunDatesTests
{
    private static readonly FreezeRun Freeze = new(
        Given.Name, Utility.Electricity, October, Day("2025-11-01"), Day("2025-11-20"), new(10, 1, 1, Given.Plans),
        Day("2025-11-01"));

    [Theory]
    [InlineData("1900-01-01", "1900-01-01")]
    [InlineData("2024-09-30", "2024-10-20")]
    [InlineData("2026-11-02", "2026-11-20")]
    [InlineData("2025-11-01", "2026-11-02")]
    public void Days_far_from_the_period_are_refused(string issued, string due) => Given.Spec.Given()
        .When(Freeze with { IssuedOn = Day(issued), DueOn = Day(due) }).ThenRefused(FreezeRun.DatesOutOfRange);

    [Theory]
    [InlineData("2024-10-01", "2025-10-01")]
    [InlineData("2026-11-01", "2027-11-01")]
    public void Days_at_the_ends_are_taken(string issued, string due) => Given.Spec.Given()
        .When(Freeze with { IssuedOn = Day(issued), DueOn = Day(due) })
        .Then(Given.Frozen with { IssuedOn = Day(issued), DueOn = Day(due) });
}
