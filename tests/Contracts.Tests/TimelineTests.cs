using System.Reflection;

namespace Billing.Contracts.Tests;

/// <summary>What a contract says of its place on the timeline can be followed.</summary>
public sealed class TimelineTests
{
    private static readonly IEnumerable<PropertyInfo> Members =
        typeof(Money).Assembly.GetExportedTypes().SelectMany(type => type.GetProperties());

    private static readonly PropertyInfo[] Amounts =
        [.. Members.Where(member => member.IsDefined(typeof(TimelineAmountAttribute)))];

    [Fact]
    public void The_amount_of_a_fact_is_money_and_one()
    {
        Amounts.Should().NotBeEmpty().And.OnlyContain(
            member => (Nullable.GetUnderlyingType(member.PropertyType) ?? member.PropertyType) == typeof(Money));
        Amounts.Select(member => member.DeclaringType).Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public void What_a_timeline_leaves_out_is_a_member_of_a_fact_about_an_account() => Amounts
        .Concat(Members.Where(member => member.IsDefined(typeof(NotOnTimelineAttribute))))
        .Where(member => member.DeclaringType!.GetProperty("Account")?.PropertyType != typeof(AccountNo)
            || member.DeclaringType.GetProperty("Origin")?.PropertyType != typeof(Origin))
        .Should().BeEmpty("anything else is never on a timeline");
}
