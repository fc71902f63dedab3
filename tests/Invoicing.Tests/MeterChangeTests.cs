using static Billing.Invoicing.Tests.Facts;

namespace Billing.Invoicing.Tests;

/// <summary>
/// A multiplier that was changed between two readings that are taken already: nobody knows what to multiply by which.
/// </summary>
public sealed class MeterChangeTests
{
    private static readonly PeriodReading October100 = new(
        MeterNo.Parse("M1"), Day("2025-10-31"), ReadingKind.Regular, Day("2025-09-30"), 1, 100, null, null, "");

    [Theory]
    [InlineData("2025-10-15", true)]
    [InlineData("2025-10-30", true)]
    [InlineData("2025-09-30", false)]
    [InlineData("2025-10-31", false)]
    public void A_reading_that_goes_over_a_change_of_its_meter_is_not_billed(string changedOn, bool held)
    {
        var (before, after) = (
            new MeterStay(MeterNo.Parse("M1"), 1m, 6, false, null, Day(changedOn)),
            new MeterStay(MeterNo.Parse("M1"), 10m, 6, false, Day(changedOn)));

        (Missing(before, after)?.Code == MetersRead.ChangeUnread.Code).Should().Be(held);
    }

    /// <summary>Read by the old number on 31 October, and told later that it was taken down before.</summary>
    [Theory]
    [InlineData("2025-10-15", ReadingKind.Regular, true), InlineData("2025-10-30", ReadingKind.Regular, true)]
    [InlineData("2025-10-31", ReadingKind.Regular, false), InlineData("2025-10-15", ReadingKind.Final, false)]
    [InlineData("2025-09-30", ReadingKind.Final, false), InlineData("2025-09-29", ReadingKind.Final, true)]
    public void A_reading_of_a_day_after_its_meter_went_is_not_billed(string gone, ReadingKind kind, bool held) =>
        (Missing(October100 with { Kind = kind }, new MeterStay(MeterNo.Parse("M1"), 1m, 6, false, null,
            Day(gone)))?.Code
            == MetersRead.ReadAfterRemoval.Code).Should().Be(held);

    [Theory]
    [InlineData("2025-09-30", "2025-10-10", "2025-11-10", true)]
    [InlineData("2025-11-05", "2025-10-10", "2025-11-10", false)]
    public void Nor_is_one_of_a_day_on_which_it_was_away(string from, string gone, string back, bool held) =>
        (Missing(
            October100 with { From = Day(from), ReadOn = Day(from).AddDays(1) > Day("2025-10-31")
                ? Day(from).AddDays(1) : Day("2025-10-31") },
            new(MeterNo.Parse("M1"), 1m, 6, false, null, Day(gone)),
            new(MeterNo.Parse("M1"), 1m, 6, false, Day(back)))?.Code
            == MetersRead.ReadAfterRemoval.Code).Should().Be(held);

    [Fact]
    public void A_meter_that_never_changed_is_billed() =>
        Missing(new MeterStay(MeterNo.Parse("M1"), 1m, 6, false)).Should().BeNull();

    private static Platform.Rejection? Missing(params MeterStay[] stays) => Missing(October100, stays);

    private static Platform.Rejection? Missing(PeriodReading reading, params MeterStay[] stays)
    {
        var basis = new BillingBasis(
            No(1), CustomerClass.Residential, Region.Parse("海淀区"), Project.Parse("小区1"), Day("2019-01-01"),
            PlanCode.Parse(Beijing), stays, 0m);
        basis.Readings.Add(reading);
        return MetersRead.Missing(basis, October, _ => null);
    }
}

/// <summary>
/// Two meters of which one came for the other on 5 October, M1 and then N1: no day is in the readings of both.
/// </summary>
public sealed class MeterDaysTwiceTests
{
    private static readonly MeterStay Old = Stay(to: "2025-10-05"), New = Stay(Single("N1"), "2025-10-05");

    private static PeriodReading Read(
        string meter, string from, string on, ReadingKind kind = ReadingKind.Regular) => new(
        MeterNo.Parse(meter), Day(on), kind, Day(from), 1, 100, null, null, "");

    private static readonly PeriodReading OfNew = Read("N1", "2025-10-05", "2025-11-01");

    [Theory]
    [InlineData("2025-10-05", ReadingKind.Final, false), InlineData("2025-10-04", ReadingKind.Regular, false)]
    [InlineData("2025-11-05", ReadingKind.Final, false), InlineData("2025-11-06", ReadingKind.Final, true)]
    [InlineData("2025-10-06", ReadingKind.Regular, true), InlineData("2025-11-01", ReadingKind.Regular, true)]
    public void Days_after_the_old_meter_went_count_for_the_new_one(string on, ReadingKind kind, bool held)
    {
        Held([Old, New], [Read("M1", "2025-10-01", on, kind)], OfNew).Should().Be(held, "it may be billed already");
        Held([Old, New], [], Read("M1", "2025-10-01", on, kind), OfNew).Should().Be(held, "it is billed now");
    }

    [Theory, InlineData("2025-10-03", true), InlineData("2025-10-04", false)]
    public void Days_before_the_new_meter_came_count_for_the_old_one(string newFrom, bool held) =>
        Held([Old, New], [], Read("M1", "2025-10-01", "2025-10-04"), Read("N1", newFrom, "2025-11-01"))
            .Should().Be(held);

    [Fact] public void Two_meters_that_hang_side_by_side_are_both_billed() => Held(
        [Stay(), Stay(Single("N1"), "2025-10-05")], [],
        Read("M1", "2025-10-01", "2025-11-01"), Read("N1", "2025-10-03", "2025-11-01")).Should().BeFalse();

    [Fact] public void One_that_hung_beside_the_other_until_it_went_is_billed_until_then() => Held(
        [Old, Stay(Single("N1"))], [],
        Read("M1", "2025-10-01", "2025-10-05"), Read("N1", "2025-10-01", "2025-11-01")).Should().BeFalse();

    [Fact] public void A_meter_whose_multiplier_changed_hung_there_all_the_time() => Held(
        [
            Stay(to: "2025-10-02"), Stay(Single(multiplier: 2m), "2025-10-02", "2025-10-05"), Stay(Single("N1")),
        ],
        [], Read("M1", "2025-10-01", "2025-10-05"), Read("N1", "2025-10-01", "2025-11-01")).Should().BeFalse();

    [Fact] public void A_meter_that_never_hung_there_is_not_billed_beside_another() => Held(
        [Stay(Single("N1"))], [], Read("MI", "2025-10-01", "2025-11-01"), Read("N1", "2025-10-31", "2025-11-01"))
        .Should().BeTrue();

    private static bool Held(MeterStay[] stays, PeriodReading[] earlier, params PeriodReading[] readings)
    {
        var basis = new BillingBasis(
            No(1), CustomerClass.Residential, Region.Parse("海淀区"), Project.Parse("小区1"), Day("2019-01-01"),
            PlanCode.Parse(Beijing), stays, 0m);
        basis.Earlier.AddRange(earlier);
        basis.Readings.AddRange(readings);
        return MetersRead.Twice(basis)?.Code == MetersRead.ReadTwice.Code;
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
