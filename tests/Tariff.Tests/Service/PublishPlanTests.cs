using System.Text.Json;
using FluentAssertions;
using Xunit;
using static Billing.Tariffs.Tests.Service.Given;

namespace Billing.Tariffs.Tests.Service;

public sealed class PublishPlanTests
{
    private static readonly PublishPlan Publish = new(Code, 1, "zhang");

    [Fact]
    public void A_draft_is_published_with_its_whole_document()
    {
        Spec.Given(Drafted(to: To)).When(Publish).Then(Published(to: To));
        var published = (PlanPublished)Publish.Decide(PricePlan.Streams.Fold([Drafted()])).Events.Single();
        JsonElement.DeepEquals(published.Document, Document()).Should().BeTrue();
    }

    [Fact] public void Published_again_by_anybody_changes_nothing() =>
        Spec.Given(Drafted(), Published()).When(Publish with { By = "wang" }).ThenNothing();

    [Theory, InlineData("wang"), InlineData("Wang")]
    public void Whoever_wrote_a_version_does_not_publish_it(string by) => Spec
        .Given(Drafted()).When(Publish with { By = by }).ThenRefused(PublishPlan.SamePerson);

    [Fact]
    public void It_is_the_last_writer_who_counts()
    {
        PricePlanEvent[] rewritten = [Drafted(to: To) with { By = "zhang" }, Drafted()];

        Spec.Given(rewritten).When(Publish with { By = "wang" }).ThenRefused(PublishPlan.SamePerson);
        Spec.Given(rewritten).When(Publish).Then(Published());
    }

    [Fact] public void Whoever_sends_the_same_document_again_has_not_written_it() => Spec
        .Given(Drafted()).When(Draft(Document()) with { By = "zhang" }).ThenNothing();

    [Fact] public void Two_without_a_name_are_not_two() => Spec
        .Given(Drafted() with { By = "anonymous" }).When(Publish with { By = "anonymous" })
        .ThenRefused(PublishPlan.SamePerson);

    [Fact] public void Somebody_without_a_name_may_write() =>
        Spec.Given(Drafted() with { By = "anonymous" }).When(Publish).Then(Published());

    [Fact] public void A_draft_from_before_names_were_kept_can_be_published() =>
        Spec.Given(Drafted() with { By = null }).When(Publish).Then(Published());

    [Fact] public void What_was_not_drafted_is_unknown() =>
        Spec.Given(Drafted(2)).When(Publish).ThenRefused(PricePlan.VersionUnknown);

    [Fact] public void A_withdrawn_version_does_not_come_back() =>
        Spec.Given(Drafted(), Published(), Withdrawn()).When(Publish).ThenRefused(PublishPlan.WithdrawnForGood);

    [Fact] public void A_plan_in_another_currency_is_not_published() =>
        Spec.Given(Drafted() with { Document = InYen() }).When(Publish).ThenRefused(PublishPlan.NotBillable);

    [Fact] public void A_plan_does_not_change_its_currency_with_a_version() => Spec
        .Given(Drafted(to: To), Published(to: To), Drafted(2, To.AddDays(1)) with { Document = InYen(2) })
        .When(Publish with { Version = 2 }).ThenRefused(PublishPlan.NotBillable);

    [Fact] public void What_was_published_in_another_currency_once_can_still_be_withdrawn() => Spec
        .Given(Drafted() with { Document = InYen() }, Published() with { Document = InYen() })
        .When(new WithdrawPlan(Code, 1, "yen", "li"))
        .Then(new PlanWithdrawn(Code, 1, "yen", "li", InYen()));

    [Fact] public void Drafts_and_withdrawn_versions_take_no_days() => Spec
        .Given(Drafted(2), Published(2), Withdrawn(2), Drafted(3), Drafted()).When(Publish).Then(Published());
}
