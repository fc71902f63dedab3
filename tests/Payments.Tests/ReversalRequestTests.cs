using Billing.Contracts;
using static Billing.Payments.Tests.Facts;

namespace Billing.Payments.Tests;

public sealed class RequestReversalTests
{
    private static readonly RequestReversal Request = new(Mine, "Q1", Key("S1").Id, "退单", Day("2026-11-19"), "zhang");
    private static readonly PaymentReceived Paid = Received("S1", 40_00, 1, 40_00);

    [Fact]
    public void A_payment_of_any_day_can_be_requested() =>
        Spec.Given(Paid).When(Request).Then(Requested("Q1", "S1", 40_00));

    [Fact]
    public void The_same_request_again_changes_nothing_on_a_later_day_either() => Spec
        .Given(Paid, Requested("Q1", "S1", 40_00))
        .When(Request with { RequestedOn = Day("2026-11-25"), By = "ZHANG" }).ThenNothing();

    [Fact]
    public void The_same_request_again_changes_nothing_after_it_was_decided() => Spec
        .Given(Paid, Requested("Q1", "S1", 40_00), Rejected("Q1", "S1", "li")).When(Request).ThenNothing();

    [Fact]
    public void A_number_stands_for_one_request()
    {
        var given = Spec.Given(Paid, Received("S2", 1, 2, 1), Requested("Q1", "S1", 40_00));
        given.When(Request with { Payment = Key("S2").Id }).ThenRefused(RequestReversal.OtherFacts);
        given.When(Request with { Reason = "x" }).ThenRefused(RequestReversal.OtherFacts);
        given.When(Request with { By = "li" }).ThenRefused(RequestReversal.OtherFacts);
    }

    [Fact]
    public void One_request_of_a_payment_is_open_at_a_time() => Spec.Given(Paid, Requested("Q0", "S1", 40_00))
        .When(Request).ThenRefused(RequestReversal.AlreadyRequested);

    [Fact]
    public void A_payment_can_be_requested_again_after_a_rejection() => Spec
        .Given(Paid, Requested("Q0", "S1", 40_00), Rejected("Q0", "S1", "li"))
        .When(Request).Then(Requested("Q1", "S1", 40_00));

    [Fact]
    public void A_request_of_another_payment_is_in_nobodys_way() => Spec
        .Given(Paid, Received("S2", 1, 2, 1), Requested("Q0", "S2", 1))
        .When(Request).Then(Requested("Q1", "S1", 40_00));

    [Fact]
    public void What_went_back_already_cannot_be_requested()
    {
        Spec.Given(Paid, Reversed("S1", 40_00, -40_00)).When(Request).ThenRefused(RequestReversal.AlreadyReversed);
        Spec.Given(Blocked("S1")).When(Request).ThenRefused(RequestReversal.AlreadyReversed);
    }

    [Fact]
    public void What_never_came_cannot_be_requested() =>
        Spec.Given().When(Request).ThenRefused(RequestReversal.PaymentUnknown);
}

public sealed class ApproveReversalTests
{
    private static readonly ApproveReversal Approve = new(
        Mine, "Q1", Key("S1"), Channel.Bank, Day("2026-11-20"), DayClosed: true, "li");

    private static readonly ReversalRequested Request = Requested("Q1", "S1", 60_00);

    [Fact]
    public void Another_person_approves_and_the_payment_goes_back_today() => Spec
        .Given(Opened("A", 60_00), Received("S1", 60_00, 1, 0, ("A", 60_00)), Request)
        .When(Approve).Then(ReversedLater("S1", 60_00, 0, ("A", -60_00)));

    [Fact]
    public void Money_goes_back_from_wherever_it_is_now() => Spec
        .Given(
            Received("S1", 60_00, 1, 60_00), Opened("B", 50_00, issued: "2026-11-02"), Applied(-50_00, ("B", 50_00)),
            Request)
        .When(Approve).Then(ReversedLater("S1", 60_00, -10_00, ("B", -50_00)));

    [Theory, InlineData("zhang"), InlineData("ZHANG")]
    public void Who_asked_does_not_approve(string by) => Spec
        .Given(Received("S1", 60_00, 1, 60_00), Request)
        .When(Approve with { By = by }).ThenRefused(ApproveReversal.SamePerson);

    [Fact]
    public void Money_that_was_refunded_meanwhile_does_not_go_back_a_second_time() => Spec
        .Given(Received("S1", 60_00, 1, 60_00), Request, Refunded("R", 1))
        .When(Approve).ThenRefused(ReversePayment.MoneyGone);

    [Fact]
    public void What_can_not_be_approved_any_more_can_be_rejected() => Spec
        .Given(Received("S1", 60_00, 1, 60_00), Refunded("R", 60_00), Request)
        .When(new RejectReversal(Mine, "Q1", "不退", Day("2026-11-20"), "li")).Then(Rejected("Q1", "S1", "li"));

    [Fact]
    public void An_approval_again_changes_nothing_on_a_later_day_either() => Spec
        .Given(Received("S1", 60_00, 1, 60_00), Request, ReversedLater("S1", 60_00, -60_00))
        .When(Approve with { ReversedOn = Day("2026-12-01") }).ThenNothing();

    [Fact]
    public void What_was_rejected_is_not_approved() => Spec
        .Given(Received("S1", 60_00, 1, 60_00), Request, Rejected("Q1", "S1", "wang"))
        .When(Approve).ThenRefused(RejectReversal.NotOpen);

    [Fact]
    public void What_the_partner_reversed_meanwhile_does_not_go_back_again() => Spec
        .Given(Received("S1", 60_00, 1, 60_00), Request, Reversed("S1", 60_00, -60_00))
        .When(Approve).ThenRefused(RejectReversal.NotOpen);

    [Fact]
    public void Nothing_is_approved_that_nobody_asked_for() => Spec
        .Given(Received("S1", 60_00, 1, 60_00)).When(Approve).ThenRefused(RejectReversal.Unknown);

    [Theory]
    [InlineData(false, 0, false)]
    [InlineData(true, 0, true)]
    [InlineData(false, 1, true)]
    public void It_is_recorded_whether_the_day_was_over(bool closed, int daysLater, bool afterDayEnd)
    {
        var state = Account.Streams.Fold([Received("S1", 60_00, 1, 60_00), Request]);
        var approve = Approve with { DayClosed = closed, ReversedOn = BankDate.AddDays(daysLater) };
        var reversed = approve.Decide(state).Events.OfType<PaymentReversed>().Single();
        reversed.ReversedOn.Should().Be(BankDate.AddDays(daysLater));
        reversed.Approval.Should().Be(new ReversalApproval("Q1", "zhang", "li", afterDayEnd));
    }

    [Fact]
    public void The_request_says_what_became_of_it()
    {
        Status(ReversedLater("S1", 60_00, -60_00)).Should().Be(ReversalStatus.Approved);
        Status(Reversed("S1", 60_00, -60_00)).Should().Be(ReversalStatus.Superseded);
        Status(Rejected("Q1", "S1", "li")).Should().Be(ReversalStatus.Rejected);
        Status(Rejected("Q1", "S1", "Zhang")).Should().Be(ReversalStatus.Withdrawn);

        static ReversalStatus Status(AccountEvent then) => Account.Streams
            .Fold([Received("S1", 60_00, 1, 60_00), Request, then]).ReversalRequests["Q1"].Status;
    }
}

public sealed class RejectReversalTests
{
    private static readonly RejectReversal Reject = new(Mine, "Q1", "不退", Day("2026-11-20"), "li");
    private static readonly AccountEvent[] Asked = [Received("S1", 60_00, 1, 60_00), Requested("Q1", "S1", 60_00)];

    [Theory, InlineData("li"), InlineData("zhang")]
    public void A_request_is_rejected_or_withdrawn(string by) =>
        Spec.Given(Asked).When(Reject with { By = by }).Then(Rejected("Q1", "S1", by));

    [Fact]
    public void A_rejection_again_changes_nothing() => Spec.Given([.. Asked, Rejected("Q1", "S1", "zhang")])
        .When(Reject with { RejectedOn = Day("2026-12-01") }).ThenNothing();

    [Fact]
    public void What_was_approved_is_not_rejected() => Spec.Given([.. Asked, ReversedLater("S1", 60_00, -60_00)])
        .When(Reject).ThenRefused(RejectReversal.NotOpen);

    [Fact]
    public void Nothing_is_rejected_that_nobody_asked_for() =>
        Spec.Given().When(Reject).ThenRefused(RejectReversal.Unknown);
}
