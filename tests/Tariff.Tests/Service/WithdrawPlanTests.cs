using Xunit;
using static Billing.Tariffs.Tests.Service.Given;

namespace Billing.Tariffs.Tests.Service;

public sealed class WithdrawPlanTests
{
    private static readonly WithdrawPlan Withdraw = new(Code, 1, "wrong price", "li");

    [Fact] public void A_published_version_is_withdrawn() =>
        Spec.Given(Drafted(), Published()).When(Withdraw).Then(Withdrawn());

    [Fact] public void A_repetition_changes_nothing() =>
        Spec.Given(Drafted(), Published(), Withdrawn()).When(Withdraw with { By = "wang" }).ThenNothing();

    [Fact] public void The_reason_stands() => Spec
        .Given(Drafted(), Published(), Withdrawn()).When(Withdraw with { Reason = "another" })
        .ThenRefused(WithdrawPlan.WithdrawnOtherwise);

    [Fact] public void A_draft_is_not_withdrawn() =>
        Spec.Given(Drafted()).When(Withdraw).ThenRefused(WithdrawPlan.NotPublished);

    [Fact] public void What_was_not_drafted_is_unknown() =>
        Spec.Given().When(Withdraw).ThenRefused(PricePlan.VersionUnknown);

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("\u200B")]
    [InlineData("a\0b")]
    public void A_reason_is_given(string reason) => Spec
        .Given(Drafted(), Published()).When(Withdraw with { Reason = reason }).ThenRefused(WithdrawPlan.ReasonInvalid);

    [Fact] public void A_reason_has_at_most_four_hundred_characters()
    {
        Spec.Given(Drafted(), Published()).When(Withdraw with { Reason = new('x', 401) })
            .ThenRefused(WithdrawPlan.ReasonInvalid);
        Spec.Given(Drafted(), Published()).When(Withdraw with { Reason = new('x', 400) })
            .Then(Withdrawn() with { Reason = new('x', 400) });
    }
}
