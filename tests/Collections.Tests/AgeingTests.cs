namespace Billing.Collections.Tests;

/// <summary>
/// Both sides of every boundary of K-5. 2028 is a leap year: years are counted by the calendar, not by 365 days.
/// </summary>
public sealed class AgeingTests
{
    static readonly DateOnly AsOf = new(2026, 11, 20);

    [Theory]
    [InlineData(-1, "not-due")]
    [InlineData(0, "not-due")]
    [InlineData(1, "1-30")]
    [InlineData(30, "1-30")]
    [InlineData(31, "31-60")]
    [InlineData(60, "31-60")]
    [InlineData(61, "61-90")]
    [InlineData(90, "61-90")]
    [InlineData(91, "91-180")]
    [InlineData(180, "91-180")]
    [InlineData(181, "181-365")]
    [InlineData(365, "181-365")]
    [InlineData(366, "over-1-year")]
    public void Days_after_the_due_date(int days, string bucket) =>
        Ageing.BucketOf(AsOf.AddDays(-days), AsOf).Should().Be(bucket);

    [Theory]
    [InlineData("2028-11-20", "2027-11-20", "181-365")]
    [InlineData("2028-11-20", "2027-11-19", "over-1-year")]
    [InlineData("2028-11-20", "2026-11-20", "over-1-year")]
    [InlineData("2028-11-20", "2026-11-19", "over-2-years")]
    [InlineData("2028-11-20", "2025-11-20", "over-2-years")]
    [InlineData("2028-11-20", "2025-11-19", "over-3-years")]
    [InlineData("2026-03-10", "2023-03-10", "over-2-years")] // rules.md C-8: the last day of limitation
    [InlineData("2028-02-29", "2027-02-28", "181-365")]
    public void Years_after_the_due_date(string asOf, string dueOn, string bucket) =>
        Ageing.BucketOf(Day.Of(dueOn), Day.Of(asOf)).Should().Be(bucket);
}
