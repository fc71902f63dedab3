using System.Text.Json;
using Billing.Contracts;
using FluentAssertions;
using Xunit;
using static Billing.Tariffs.Tests.Service.Given;

namespace Billing.Tariffs.Tests.Service;

public sealed class DraftPlanTests
{
    [Fact]
    public void A_version_is_drafted_with_its_document()
    {
        Spec.Given().When(Draft(Document(to: To))).Then(Drafted(to: To));
        var drafted = (PlanDrafted)Draft(Document()).Decide(PricePlan.Streams.Fold([])).Events.Single();
        JsonElement.DeepEquals(drafted.Document, Document()).Should().BeTrue();
    }

    [Fact] public void The_same_document_changes_nothing() =>
        Spec.Given(Drafted()).When(Draft(Document())).ThenNothing();

    [Fact]
    public void A_draft_may_be_written_again()
    {
        var other = Draft(Document(zh: "新名"));
        Spec.Given(Drafted()).When(other).Then(Drafted() with { Document = other.Document });
        ((PlanDrafted)other.Decide(PricePlan.Streams.Fold([Drafted()])).Events.Single())
            .Document.GetProperty("name").GetProperty("zh").GetString().Should().Be("新名");
    }

    [Fact] public void A_published_version_is_repeated() =>
        Spec.Given(Drafted(), Published()).When(Draft(Document())).ThenNothing();

    [Fact] public void A_published_version_never_changes() =>
        Spec.Given(Drafted(), Published()).When(Draft(Document(zh: "新名"))).ThenRefused(DraftPlan.NeverChanges);

    [Fact] public void A_withdrawn_version_never_changes() => Spec
        .Given(Drafted(), Published(), Withdrawn()).When(Draft(Document(zh: "新名"))).ThenRefused(DraftPlan.NeverChanges);

    [Fact] public void A_withdrawn_version_is_repeated() =>
        Spec.Given(Drafted(), Published(), Withdrawn()).When(Draft(Document())).ThenNothing();

    [Fact] public void The_document_has_the_version_it_is_sent_to() =>
        Spec.Given().When(Draft(Document(2))).ThenRefused(DraftPlan.DocumentOfAnother);

    [Fact] public void The_document_has_the_code_it_is_sent_to() =>
        Spec.Given().When(Draft(Document(code: "other"))).ThenRefused(DraftPlan.DocumentOfAnother);

    [Fact] public void Versions_are_drafted_beside_each_other() =>
        Spec.Given(Drafted(), Published()).When(Draft(Document(2), 2)).Then(Drafted(2));

    [Fact] public void A_plan_has_five_hundred_versions() => Spec
        .Given([.. Enumerable.Range(1, 499).Select(version => Drafted() with { Version = version })])
        .When(Draft(Document(500), 500)).Then(Drafted(500));

    [Fact] public void A_plan_has_no_more() => Spec
        .Given([.. Enumerable.Range(1, 500).Select(version => Drafted() with { Version = version })])
        .When(Draft(Document(501), 501)).ThenRefused(DraftPlan.TooManyVersions);
}
