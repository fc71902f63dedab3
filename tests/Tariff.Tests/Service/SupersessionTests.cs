using System.Text.Json;
using Billing.Contracts;
using FluentAssertions;
using Xunit;
using static Billing.Tariffs.Tests.Service.Given;

namespace Billing.Tariffs.Tests.Service;

/// <summary>What becomes of the days of versions in force when another is published or withdrawn.</summary>
public sealed class SupersessionTests
{
    private static readonly PublishPlan Publish = new(Code, 1, "zhang");
    private static readonly DateOnly June = new(2026, 6, 30);
    private static readonly DateOnly July = new(2026, 7, 1);

    /// <summary>Version 1 is open, version 2 follows in July.</summary>
    private static readonly PricePlanEvent[] Followed =
        [Drafted(), Published(), Drafted(2, July), Superseded(June), Published(2, July)];

    /// <summary>Version 2 is in force from May to August; version 1 wants these days.</summary>
    [Theory]
    [InlineData("2026-01-01", "2026-04-30", true, null)]
    [InlineData("2026-01-01", "2026-05-01", false, null)]
    [InlineData("2026-01-01", null, false, null)]
    [InlineData("2026-05-01", "2026-08-31", false, null)]
    [InlineData("2026-05-01", null, false, null)]
    [InlineData("2026-05-02", "2026-08-31", true, "2026-05-01")]
    [InlineData("2026-05-02", "2026-08-30", false, null)]
    [InlineData("2026-05-02", "2026-09-01", true, "2026-05-01")]
    [InlineData("2026-05-02", null, true, "2026-05-01")]
    [InlineData("2026-06-01", "2026-06-01", false, null)]
    [InlineData("2026-08-31", "2026-12-31", true, "2026-08-30")]
    [InlineData("2026-09-01", "2026-12-31", true, null)]
    [InlineData("2026-09-01", null, true, null)]
    public void No_two_published_versions_share_a_day_and_none_leaves_a_hole(
        string from, string? to, bool allowed, string? last)
    {
        var (first, end) = (DateOnly.Parse(from, null), to is null ? (DateOnly?)null : DateOnly.Parse(to, null));
        DateOnly may = new(2026, 5, 1), august = new(2026, 8, 31);

        var outcome = Spec.Given(Drafted(2, may, august), Published(2, may, august), Drafted(1, first, end))
            .When(Publish);

        if (!allowed)
            outcome.ThenRefused(PublishPlan.ValidityOverlaps);
        else if (last is null)
            outcome.Then(Published(1, first, end));
        else
            outcome.Then(Superseded(DateOnly.Parse(last, null), 1, 2, may, august), Published(1, first, end));
    }

    [Theory, InlineData("2026-12-31", false), InlineData(null, true)]
    public void An_open_version_is_followed_by_an_open_one_only(string? to, bool allowed)
    {
        var end = to is null ? (DateOnly?)null : DateOnly.Parse(to, null);
        var outcome = Spec.Given(Drafted(), Published(), Drafted(2, July, end)).When(Publish with { Version = 2 });

        if (allowed)
            outcome.Then(Superseded(June), Published(2, July));
        else
            outcome.ThenRefused(PublishPlan.ValidityOverlaps);
    }

    [Fact]
    public void The_earlier_version_keeps_its_document_and_ends_the_day_before()
    {
        var plan = PricePlan.Streams.Fold([.. Followed]);

        var (first, second) = ((PlanVersion.Published)plan[1]!, (PlanVersion.Published)plan[2]!);
        (first.ValidTo, first.SupersededBy, first.Status).Should().Be((June, 2, PlanVersionStatus.Published));
        first.Has(Document()).Should().BeTrue();
        first.Covers(new(From, June)).Should().BeTrue();
        first.Covers(new(June, July)).Should().BeFalse();
        (second.ValidTo, second.SupersededBy).Should().Be((null, null));
    }

    [Fact] public void Whoever_wrote_the_successor_does_not_publish_it_either() => Spec
        .Given(Drafted(), Published(), Drafted(2, July)).When(new PublishPlan(Code, 2, "wang"))
        .ThenRefused(PublishPlan.SamePerson);

    [Fact] public void A_superseded_version_is_published_and_stays_as_it_is()
    {
        Spec.Given(Followed).When(Publish).ThenNothing();
        Spec.Given(Followed).When(Draft(Document())).ThenNothing();
        Spec.Given(Followed).When(Draft(Document(zh: "新名"))).ThenRefused(DraftPlan.NeverChanges);
    }

    [Fact] public void What_begins_before_a_successor_takes_no_days_of_it() => Spec
        .Given([.. Followed, Drafted(3, new(2026, 4, 1))]).When(Publish with { Version = 3 })
        .ThenRefused(PublishPlan.ValidityOverlaps);

    [Fact]
    public void A_superseded_version_can_end_still_earlier()
    {
        DateOnly april = new(2026, 4, 1), march = new(2026, 3, 31);

        Spec.Given([.. Followed, Drafted(3, april, June)]).When(Publish with { Version = 3 })
            .Then(Superseded(march, 3), Published(3, april, June));
        Spec.Given([.. Followed, Drafted(3, april, June.AddDays(-1))]).When(Publish with { Version = 3 })
            .ThenRefused(PublishPlan.ValidityOverlaps);
    }

    [Fact]
    public void The_withdrawal_of_a_successor_does_not_bring_the_earlier_version_back()
    {
        PricePlanEvent[] withdrawn = [.. Followed, Withdrawn(2)];

        PricePlan.Streams.Fold(withdrawn)[1]!.ValidTo.Should().Be(June);
        Spec.Given([.. withdrawn, Drafted(3, July)]).When(Publish with { Version = 3 }).Then(Published(3, July));
        Spec.Given([.. withdrawn, Drafted(3, June)]).When(Publish with { Version = 3 })
            .Then(Superseded(June.AddDays(-1), 3), Published(3, June));
    }

    [Fact]
    public void A_superseded_version_can_be_withdrawn_with_its_whole_document()
    {
        Spec.Given(Followed).When(new WithdrawPlan(Code, 1, "wrong price", "li")).Then(Withdrawn());

        var plan = PricePlan.Streams.Fold([.. Followed, Withdrawn()]);
        plan[1]!.Publication!.SupersededBy.Should().Be(2);
        JsonElement.DeepEquals(plan[1]!.Document, Document()).Should().BeTrue();
    }
}
