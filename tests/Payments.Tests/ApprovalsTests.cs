using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Contracts.Payments;
using Billing.Platform;
using Billing.Testing;
using Microsoft.Extensions.DependencyInjection;
using static Billing.Payments.Tests.PaymentsService;

namespace Billing.Payments.Tests;

/// <summary>Acts that take two people, on a running service: refunds, mostly.</summary>
public sealed class ApprovalsTests(PaymentsService payments) : IClassFixture<PaymentsService>
{
    [Fact]
    public async Task A_refund_is_made_when_another_person_approves_what_was_seen()
    {
        await using var recorder = await MessageRecorder.Listen(payments);
        var (account, refund) = await Proposed(100_00);
        (refund.Status, refund.Kind, refund.Amount, refund.Reason, refund.ProposedBy, refund.Round)
            .Should().Be((ProposalStatus.Open, "refund", new Money(100_00), "销户", TwoPeople.Proposer, 1));
        refund.Changes.Should().Equal(new ProposedChange("advance", "120.00", "20.00"));
        refund.ExpiresAt.Should().Be(refund.ProposedAt.AddDays(7));
        refund.Request.GetProperty("account").GetString().Should().Be(account);
        (await Advance(account)).Should().Be(120_00, "nothing moves before it is approved");
        (await Listed("?kind=refund")).Should().Contain(refund.Key);

        using var alone = await payments.Http.Approve(refund, "user:WANG");
        (alone.StatusCode, await alone.Code()).Should().Be((HttpStatusCode.Conflict, "proposal-same-person"));
        using var robot = await payments.Http.Approve(refund, "client:robot");
        (robot.StatusCode, await robot.Code()).Should().Be((HttpStatusCode.Forbidden, "actor-missing"));
        using var blind = await payments.Http.Approve(refund with { Seen = new('0', 64) });
        (await blind.Code()).Should().Be("proposal-changed");

        using var approved = await payments.Http.Approve(refund);
        var done = await approved.Proposal();
        (done.Status, done.DecidedBy).Should().Be((ProposalStatus.Approved, TwoPeople.Approver));
        (await Advance(account)).Should().Be(20_00);
        using var again = await payments.Http.Approve(refund);
        again.StatusCode.Should().Be(HttpStatusCode.OK, "an answer that was lost can be asked for again");
        using var third = await payments.Http.Approve(refund, "user:chen");
        (await third.Code()).Should().Be("proposal-decided");
        (await Advance(account)).Should().Be(20_00);
        (await Listed("?kind=refund")).Should().NotContain(refund.Key);
        (await Listed("?kind=refund&status=Approved")).Should().Contain(refund.Key);
        using var known = await payments.Http.As(
            "user:chen", HttpMethod.Put, $"/refunds/{refund.Key}", Refunding(account, 100_00));
        known.StatusCode.Should().Be(HttpStatusCode.OK, "what was refunded is not proposed again");
    }

    [Fact]
    public async Task Many_who_approve_at_once_refund_once()
    {
        var (account, refund) = await Proposed(1_00);
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(
            one => payments.Http.Approve(refund, $"user:approver-{one}")));
        answers.Count(answer => answer.StatusCode == HttpStatusCode.OK).Should().Be(1);
        foreach (var answer in answers.Where(answer => answer.StatusCode != HttpStatusCode.OK))
            (await answer.Code()).Should().Be("proposal-decided");
        (await Advance(account)).Should().Be(119_00);
    }

    [Fact]
    public async Task What_changed_meanwhile_is_not_done_and_can_be_proposed_again()
    {
        var (account, refund) = await Proposed(100_00);
        (await payments.Pay(account, $"more-{account}", 5_00)).EnsureSuccessStatusCode();
        using var outdated = await payments.Http.Approve(refund);
        (outdated.StatusCode, await outdated.Code()).Should().Be((HttpStatusCode.Conflict, "proposal-outdated"));
        (await Advance(account)).Should().Be(125_00, "nothing was done");
        var failed = await Read(refund.Key);
        (failed.Status, failed.Failure).Should().Be((ProposalStatus.Failed, "proposal-outdated"));
        using var still = await payments.Http.Approve(refund);
        (await still.Code()).Should().Be("proposal-decided");

        using var again = await payments.Refund(account, refund.Key, 100_00);
        (await again.Proposal()).Round.Should().Be(2);
        (await Advance(account)).Should().Be(25_00);
    }

    [Fact]
    public async Task A_proposal_that_is_replaced_while_somebody_reads_it_is_not_approved_unseen()
    {
        var (account, first) = await Proposed(1_00);
        using var asked = await payments.Http.As(
            TwoPeople.Proposer, HttpMethod.Put, $"/refunds/{first.Key}", Refunding(account, 110_00));
        var second = await asked.Proposal();
        (second.Round, second.Amount).Should().Be((2, new Money(110_00)));
        using var unseen = await payments.Http.Approve(first);
        (await unseen.Code()).Should().Be("proposal-changed");
        using var other = await payments.Http.As(
            "user:chen", HttpMethod.Put, $"/refunds/{first.Key}", Refunding(account, 110_00));
        (await other.Code()).Should().Be("proposal-open");
        (await payments.Http.Approve(second)).EnsureSuccessStatusCode();
        (await Advance(account)).Should().Be(10_00);
    }

    [Fact]
    public async Task A_proposal_is_repeated_withdrawn_or_rejected()
    {
        await using var recorder = await MessageRecorder.Listen(payments);
        var (account, refund) = await Proposed(1_00);
        using var repeated = await payments.Http.As(
            TwoPeople.Proposer, HttpMethod.Put, $"/refunds/{refund.Key}", Refunding(account, 1_00));
        (await repeated.Proposal()).Seen.Should().Be(refund.Seen);
        (await Decide(refund, "user:chen", "withdraw", new { reason = "x" })).Should().Be("proposal-of-another");
        (await Decide(refund, "user:chen", "reject", new { seen = "x", reason = "x" })).Should().Be("proposal-changed");
        (await Decide(refund, "user:chen", "reject", new { refund.Seen, reason = "证据不足" })).Should().Be("OK");
        (await Read(refund.Key)).Should().BeEquivalentTo(new
        {
            Status = ProposalStatus.Rejected, DecidedBy = "user:chen", DecisionReason = "证据不足",
        });

        using var second = await payments.Http.As(
            TwoPeople.Proposer, HttpMethod.Put, $"/refunds/{refund.Key}", Refunding(account, 1_00));
        var round = await second.Proposal();
        (await Listed("?mine=true", TwoPeople.Proposer)).Should().Contain(refund.Key);
        (await Listed("?mine=true", "user:nobody.in.particular")).Should().BeEmpty();
        (await Decide(round, TwoPeople.Proposer, "withdraw", new { reason = "填错" })).Should().Be("OK");
        (await Advance(account)).Should().Be(120_00);
        await Eventually.Is(
            "proposed 1.00, Rejected 证据不足, proposed 1.00, Withdrawn 填错",
            () => Task.FromResult(recorder.RefundsOf(account)), "what others were told");
    }

    [Fact]
    public async Task Nobody_decides_after_a_week_and_what_was_held_is_free_again()
    {
        var account = await payments.Account();
        (await payments.Pay(account, $"held-{account}", 60_00)).EnsureSuccessStatusCode();
        using var asked = await payments.RequestReversal(
            $"Q-{account}", $"icbc-{Day()}-held-{account}", TwoPeople.Proposer);
        var reversal = await asked.Proposal();
        using (payments.Later(7))
        {
            using var late = await payments.Http.Approve(reversal);
            (await late.Code()).Should().Be("proposal-expired");
            using var held = await payments.Refund(account, $"R-{account}", 60_00);
            (await held.Code()).Should().Be("refund-of-requested-reversal");
            (await payments.Running.App.Services.GetRequiredService<ExpiredProposals>().Expire(default))
                .Should().BePositive();
        }
        (await payments.Get($"/reversal-requests/Q-{account}")).GetProperty("status").GetString()
            .Should().Be("Rejected");
        (await payments.Refund(account, $"R-{account}", 60_00)).EnsureSuccessStatusCode();
        (await Advance(account)).Should().Be(0);
    }

    [Fact]
    public async Task What_fails_while_it_is_carried_out_is_neither_done_nor_approved_and_can_be_approved_again()
    {
        var (account, refund) = await Proposed(3_00);
        // The last thing that an approval writes is its row; so everything before it is taken back.
        await payments.Scalar<object?>("""
            create or replace function break_off() returns trigger language plpgsql as $$
            begin raise exception 'broken off'; end $$;
            create trigger break_off before update on proposal for each row when (new.status = 'Approved')
              execute function break_off()
            """);
        try
        {
            using var broken = await payments.Http.Approve(refund);
            broken.StatusCode.Should().Be(HttpStatusCode.InternalServerError);
            ((await Advance(account)), (await Read(refund.Key)).Status).Should().Be((120_00, ProposalStatus.Open));
        }
        finally
        {
            await payments.Scalar<object?>("drop trigger break_off on proposal");
        }
        (await payments.Http.Approve(refund)).EnsureSuccessStatusCode();
        (await Advance(account)).Should().Be(117_00);
    }

    [Fact]
    public async Task Up_to_a_limit_that_two_people_set_one_person_refunds_alone()
    {
        const string path = "/approval-limits/refund";
        async Task<long?> Alone() => (await payments.Http.GetFromJsonAsync<IReadOnlyList<ApprovalLimit>>(
            "/approval-limits", Wire.Stored))!.Single(limit => limit.Kind == "refund").Alone?.Fen;
        object Limit(long fen) => new { alone = new { fen }, openDays = 7, reason = "旺季" };
        (await Alone()).Should().Be(0, "as delivered");
        using var unknown = await payments.Http.As(
            TwoPeople.Proposer, HttpMethod.Put, "/approval-limits/nothing", Limit(1));
        (await unknown.Code()).Should().Be("approval-kind-unknown");

        using var asked = await payments.Http.As(TwoPeople.Proposer, HttpMethod.Put, path, Limit(50_00));
        var change = await asked.Proposal();
        change.Changes[0].Should().Be(new ProposedChange("alone", "0.00", "50.00"));
        (await Alone()).Should().Be(0);
        using var alone = await payments.Http.Approve(change, TwoPeople.Proposer);
        (await alone.Code()).Should().Be("proposal-same-person");
        (await payments.Http.Approve(change)).EnsureSuccessStatusCode();
        (await Alone()).Should().Be(50_00);
        try
        {
            var account = await payments.Account();
            (await payments.Pay(account, $"limit-{account}", 120_00)).EnsureSuccessStatusCode();
            using var within = await payments.Http.As(
                "user:chen", HttpMethod.Put, $"/refunds/L1-{account}", Refunding(account, 50_00));
            within.StatusCode.Should().Be(HttpStatusCode.Created);
            using var more = await payments.Http.As(
                "user:chen", HttpMethod.Put, $"/refunds/L0-{account}", Refunding(account, 1));
            more.StatusCode.Should().Be(HttpStatusCode.Accepted, "small refunds are no way around the limit");
            using var above = await payments.Http.As(
                "user:chen", HttpMethod.Put, $"/refunds/L2-{account}", Refunding(account, 50_01));
            above.StatusCode.Should().Be(HttpStatusCode.Accepted);
            (await Advance(account)).Should().Be(70_00);
        }
        finally
        {
            (await payments.Http.Agree(HttpMethod.Put, path, Limit(0))).EnsureSuccessStatusCode();
        }
        (await Alone()).Should().Be(0);
    }

    [Fact]
    public async Task A_page_follows_the_one_before()
    {
        using var cursor = await payments.Http.GetAsync(new Uri("/approvals?after=x", UriKind.Relative));
        (cursor.StatusCode, await cursor.Code()).Should().Be((HttpStatusCode.BadRequest, "proposals-cursor-invalid"));
        var (_, refund) = await Proposed(1_00);
        var micros = (refund.ExpiresAt - DateTimeOffset.UnixEpoch).Ticks / 10;
        (await Listed($"?after={micros}/refund/{refund.Key}")).Should().NotContain(refund.Key);
        (await Listed($"?after={micros - 1}/refund/x")).Should().Contain(refund.Key);
    }

    private async Task<(string Account, ProposalDetails Refund)> Proposed(long fen)
    {
        var account = await payments.Account();
        (await payments.Pay(account, $"paid-{account}", 120_00)).EnsureSuccessStatusCode();
        using var asked = await payments.Http.As(
            TwoPeople.Proposer, HttpMethod.Put, $"/refunds/P{account}", Refunding(account, fen));
        asked.StatusCode.Should().Be(HttpStatusCode.Accepted);
        return (account, await asked.Proposal());
    }

    private async Task<ProposalDetails> Read(string refund) =>
        (await payments.Http.GetFromJsonAsync<ProposalDetails>($"/approvals/refund/{refund}", Wire.Stored))!;

    private async Task<long> Advance(string account) =>
        (await payments.Get($"/accounts/{account}/balance")).Fen("advance");

    private async Task<IReadOnlyList<string>> Listed(string query, string by = TwoPeople.Approver)
    {
        using var answer = await payments.Http.As(by, HttpMethod.Get, $"/approvals{query}");
        var page = await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<ProposalPage>(Wire.Stored);
        return [.. page!.Items.Select(proposal => proposal.Key)];
    }

    private async Task<string> Decide(ProposalDetails proposal, string by, string what, object body)
    {
        using var answer = await payments.Http.As(
            by, HttpMethod.Post, $"/approvals/{proposal.Kind}/{proposal.Key}/{what}", body);
        return answer.IsSuccessStatusCode ? "OK" : await answer.Code();
    }
}
