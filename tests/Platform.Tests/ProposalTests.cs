using System.Text.Json;
using Billing.Contracts;
using Billing.Testing;
using FluentAssertions;

namespace Billing.Platform.Tests;

/// <summary>What is proposed by one person and decided by another one.</summary>
public sealed class ProposalTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 5, 8, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);
    private static readonly IReadOnlyList<ProposedChange> Changes = [new("advance", "120.00", "20.00")];
    private static readonly IReadOnlyList<ProposedChange> OtherChanges = [new("advance", "150.00", "50.00")];

    private static readonly Propose Proposed = new(
        "refund", "R1", AccountNo.Parse("1000000001"), Request("R1"), Changes, new Money(100_00), "销户", "user:zhang",
        Now, Week);

    private static readonly ProposalMade Made = MadeBy(Proposed);
    private static readonly ApproveProposal Approve = new(Made.Digest, "user:li", Now);
    private static readonly RejectProposal Reject = new(Made.Digest, "不退", "user:li", Now);
    private static readonly ProposalApproved Approved = new("refund", "R1", 1, Made.Account, "user:li");
    private static readonly ProposalRejected Rejected = new("refund", "R1", 1, Made.Account, "user:li", "不退");
    private static readonly ProposalWithdrawn Withdrawn = new("refund", "R1", 1, Made.Account, "user:zhang", "错了");
    private static readonly ProposalExpired Expired = new("refund", "R1", 1, Made.Account);
    private static readonly ProposalFailed Failed = new(
        "refund", "R1", 1, Made.Account, "user:li", FailProposal.Outdated.Code);

    private static readonly Spec<Proposal, ProposalEvent> Spec = new(Proposal.Streams);

    public static TheoryData<ProposalEvent> Ends => [Approved, Rejected, Withdrawn, Expired, Failed];

    [Fact]
    public void A_proposal_says_who_asks_for_what_until_when()
    {
        Spec.Given().When(Proposed).Then(Made);
        (Made.Round, Made.By, Made.At, Made.ExpiresAt).Should().Be((1, "user:zhang", Now, Now + Week));
        Made.Digest.Should().HaveLength(64).And.NotBe(MadeBy(Proposed with { Changes = OtherChanges }).Digest);
    }

    [Fact]
    public void Nobody_in_particular_proposes_nothing() =>
        Spec.Given().When(Proposed with { By = Actor.Anonymous }).ThenRefused(Propose.Nameless);

    [Theory, InlineData("user:zhang"), InlineData("User:Zhang")]
    public void The_same_proposal_again_changes_nothing_later_either(string by) =>
        Spec.Given(Made).When(Proposed with { By = by, Now = Now.AddDays(1) }).ThenNothing();

    [Fact]
    public void Who_made_a_proposal_replaces_it_by_another()
    {
        var other = Proposed with { Changes = OtherChanges };
        Spec.Given(Made).When(other).Then(MadeBy(other, Made));
        MadeBy(other, Made).Round.Should().Be(2);
    }

    [Fact]
    public void Somebody_else_does_not_replace_an_open_proposal()
    {
        Spec.Given(Made).When(Proposed with { By = "user:wang" }).ThenRefused(Propose.OtherOpen);
        Spec.Given(Made).When(Proposed with { By = "user:wang", Request = Request("other") })
            .ThenRefused(Propose.OtherOpen);
    }

    [Fact]
    public void Somebody_else_proposes_again_what_could_not_be_carried_out_any_more()
    {
        var again = Proposed with { By = "user:wang", Changes = OtherChanges };
        Spec.Given(Made).When(again).Then(MadeBy(again, Made));
    }

    [Theory, MemberData(nameof(Ends))]
    public void What_was_decided_can_be_proposed_again_as_another_round(ProposalEvent end)
    {
        var again = MadeBy(Proposed, Made, end);
        Spec.Given(Made, end).When(Proposed).Then(again);
        again.Digest.Should().NotBe(Made.Digest, "an answer to the first round does not decide the second");
    }

    [Fact]
    public void Somebody_else_proposes_again_what_has_expired() =>
        Spec.Given(Made).When(Proposed with { By = "user:wang", Now = Now + Week })
            .Then(MadeBy(Proposed with { By = "user:wang", Now = Now + Week }, Made));

    [Fact]
    public void Another_person_approves_what_was_seen() => Spec.Given(Made).When(Approve).Then(Approved);

    [Fact]
    public void Another_person_rejects_what_was_seen() => Spec.Given(Made).When(Reject).Then(Rejected);

    [Theory, InlineData("user:zhang"), InlineData("USER:ZHANG"), InlineData("user:Zhang")]
    public void Who_proposed_does_not_decide(string by)
    {
        Spec.Given(Made).When(Approve with { By = by }).ThenRefused(Deciding.SamePerson);
        Spec.Given(Made).When(Reject with { By = by }).ThenRefused(Deciding.SamePerson);
    }

    [Theory, InlineData("client:robot"), InlineData("partner:icbc"), InlineData("Client:robot")]
    public void A_program_does_not_decide(string by)
    {
        Spec.Given(Made).When(Approve with { By = by }).ThenRefused(Deciding.Program);
        Spec.Given(Made).When(Reject with { By = by }).ThenRefused(Deciding.Program);
    }

    [Fact]
    public void What_changed_between_reading_and_deciding_is_not_decided()
    {
        var changed = MadeBy(Proposed with { Changes = OtherChanges }, Made);
        Spec.Given(Made, changed).When(Approve).ThenRefused(Deciding.Changed);
        Spec.Given(Made, changed).When(Reject).ThenRefused(Deciding.Changed);
        Spec.Given(Made).When(Approve with { Seen = "" }).ThenRefused(Deciding.Changed);
    }

    [Fact]
    public void A_proposal_is_open_up_to_its_end_and_not_at_it()
    {
        Spec.Given(Made).When(Approve with { Now = Now + Week - TimeSpan.FromTicks(1) }).Then(Approved);
        Spec.Given(Made).When(Approve with { Now = Now + Week }).ThenRefused(Deciding.Expired);
        Spec.Given(Made).When(Reject with { Now = Now + Week }).ThenRefused(Deciding.Expired);
        Spec.Given(Made, Expired).When(Approve).ThenRefused(Deciding.Expired);
    }

    [Fact]
    public void What_was_decided_is_not_decided_otherwise()
    {
        Spec.Given(Made, Approved).When(Approve with { By = "user:wang" }).ThenRefused(Deciding.Decided);
        Spec.Given(Made, Approved).When(Reject).ThenRefused(Deciding.Decided);
        Spec.Given(Made, Rejected).When(Approve).ThenRefused(Deciding.Decided);
        Spec.Given(Made, Withdrawn).When(Approve).ThenRefused(Deciding.Decided);
        Spec.Given(Made, Failed).When(Approve).ThenRefused(Deciding.Decided);
        Spec.Given().When(Approve).ThenRefused(Deciding.Unknown);
        Spec.Given().When(Reject).ThenRefused(Deciding.Unknown);
    }

    [Fact]
    public void A_decision_again_changes_nothing_after_the_end_either()
    {
        Spec.Given(Made, Approved).When(Approve with { Now = Now + Week }).ThenNothing();
        Spec.Given(Made, Rejected).When(Reject with { Now = Now + Week, By = "USER:LI" }).ThenNothing();
    }

    [Fact]
    public void A_rejection_and_a_withdrawal_have_a_reason()
    {
        Spec.Given(Made).When(Reject with { Reason = " \u200B" }).ThenRefused(RejectProposal.ReasonMissing);
        Spec.Given(Made).When(new WithdrawProposal("", "user:zhang")).ThenRefused(RejectProposal.ReasonMissing);
    }

    [Fact]
    public void Only_who_made_a_proposal_withdraws_it()
    {
        Spec.Given(Made).When(new WithdrawProposal("错了", "user:zhang")).Then(Withdrawn);
        Spec.Given(Made).When(new WithdrawProposal("错了", "user:li")).ThenRefused(WithdrawProposal.OfAnother);
        Spec.Given(Made, Approved).When(new WithdrawProposal("错了", "user:zhang")).ThenRefused(Deciding.Decided);
        Spec.Given().When(new WithdrawProposal("错了", "user:zhang")).ThenRefused(Deciding.Unknown);
    }

    [Fact]
    public void It_is_noted_that_nobody_decided_in_time_and_not_before()
    {
        Spec.Given(Made).When(new ExpireProposal(Now + Week)).Then(Expired);
        Spec.Given(Made).When(new ExpireProposal(Now + Week - TimeSpan.FromTicks(1))).ThenNothing();
        Spec.Given(Made, Approved).When(new ExpireProposal(Now + Week)).ThenNothing();
    }

    [Fact]
    public void A_failure_is_noted_for_the_round_that_failed()
    {
        var fail = new FailProposal(Made.Digest, "user:li", FailProposal.Outdated.Code);
        Spec.Given(Made).When(fail).Then(Failed);
        Spec.Given(Made, MadeBy(Proposed with { Changes = OtherChanges }, Made)).When(fail).ThenNothing();
        Spec.Given(Made, Withdrawn).When(fail).ThenNothing();
    }

    [Theory]
    [InlineData(0, 1, true)]
    [InlineData(500_00, 90, true)]
    [InlineData(-1, 7, false)]
    [InlineData(1, 0, false)]
    [InlineData(1, 91, false)]
    public void A_limit_is_money_and_days(long fen, int days, bool valid)
    {
        var change = new ChangeApprovalLimit("refund", true, new Money(fen), days, "旺季", "user:li");
        var spec = new Spec<LimitOfKind, ApprovalLimitChanged>(LimitOfKind.Streams).Given();
        if (valid)
            spec.When(change).Then(new ApprovalLimitChanged("refund", new Money(fen), days, "旺季", "user:li"));
        else
            spec.When(change).ThenRefused(ChangeApprovalLimit.Invalid);
    }

    [Fact]
    public void Where_money_does_not_decide_there_is_no_amount_for_one_person_alone()
    {
        var spec = new Spec<LimitOfKind, ApprovalLimitChanged>(LimitOfKind.Streams).Given();
        var change = new ChangeApprovalLimit("publish-plan", false, null, 3, "旺季", "user:li");
        spec.When(change with { Alone = Money.Zero }).ThenRefused(ChangeApprovalLimit.Invalid);
        spec.When(change with { HasMoney = true }).ThenRefused(ChangeApprovalLimit.Invalid);
        spec.When(change).Then(new ApprovalLimitChanged("publish-plan", null, 3, "旺季", "user:li"));
    }

    private static JsonElement Request(string refund) => JsonSerializer.SerializeToElement(new { refund });

    private static ProposalMade MadeBy(Propose propose, params ProposalEvent[] before) =>
        (ProposalMade)propose.Decide(Proposal.Streams.Fold(before)).Events.Single();
}
