using FluentAssertions;
using Xunit;

namespace Billing.Tools.Tests;

/// <summary>The partners' side of the demonstration and of the load test.</summary>
public sealed class PartnerSideTests
{
    [Theory]
    [InlineData("""{"account":"1000000001","maskedName":"张*","due":{"fen":11329},"advance":{"fen":0}}""", 11329)]
    [InlineData("""{"account":"1000000001","maskedName":"张*","due":{"fen":0},"advance":{"fen":500}}""", 0)]
    [InlineData("""{"title":"account-unknown","status":404}""", 0)]
    public void What_is_due_is_read_without_parsing_the_answer(string answer, long fen) =>
        PartnerLoad.DueOf(System.Text.Encoding.UTF8.GetBytes(answer)).Should().Be(fen);

    [Fact]
    public void The_same_seed_makes_the_same_day()
    {
        var partner = DemoPartners.All.Single(known => known.Code == "wechat");
        List<Habit> Day(int seed)
        {
            var habits = new Habits(new(seed, "wechat"), partner);
            return [.. Enumerable.Range(0, 500).Select(_ => habits.Next())];
        }
        Day(1).Should().Equal(Day(1)).And.NotEqual(Day(2));
    }

    [Fact]
    public void Everything_that_can_go_wrong_goes_wrong_in_the_smallest_town()
    {
        var habits = new Habits(new(1, "x"), DemoPartners.All.Single(known => known.Code == "wechat"));
        Enumerable.Range(0, 7).Select(_ => habits.Next()).ToList().Should().OnlyHaveUniqueItems()
            .And.NotContain(Habit.DoesNotPay);
    }

    [Fact]
    public void Of_a_bank_day_that_is_over_nothing_is_taken_back()
    {
        var partner = DemoPartners.All.Single(known => known.Code == "wechat");
        var (runs, over) = (new Habits(new(1, "x"), partner), new Habits(new(1, "x"), partner, dayRuns: false));
        Enumerable.Range(0, 2_000).Select(_ => runs.Next()).ToList().Should().Contain(Habit.TakesBack);
        Enumerable.Range(0, 2_000).Select(_ => over.Next()).ToList().Should().NotContain(Habit.TakesBack);
    }

    [Fact]
    public void A_partner_brings_only_amounts_that_its_rule_allows()
    {
        var habits = new Habits(new(1, "x"), DemoPartners.All.Single(known => known.Code == "icbc"));
        Enumerable.Range(0, 2_000).Select(_ => habits.Next()).ToList().Should()
            .NotContain(Habit.PaysMore).And.NotContain(Habit.PaysLess);
    }

    [Fact]
    public void The_shares_of_the_partners_are_the_whole_town() =>
        DemoPartners.All.Sum(partner => partner.Share).Should().Be(100);
}
