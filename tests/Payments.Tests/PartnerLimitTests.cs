using System.Net;
using System.Net.Http.Json;
using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Contracts.Customer;
using Billing.Testing;

namespace Billing.Payments.Tests;

/// <summary>A partner asks as often as was agreed, and knows of what was delegated to it.</summary>
public sealed class PartnerLimitTests(PaymentsService payments) : IClassFixture<PaymentsService>
{
    private const int Much = 1_000;

    [Fact]
    public async Task Queries_of_an_account_and_in_all_are_counted_by_the_minute()
    {
        await Agreed("asking", new(QueriesPerMinute: 4, QueriesPerAccount: 2));
        var (one, other, third) = (await payments.Account(1), await payments.Account(1), await payments.Account(1));
        (await Bill("asking", one)).StatusCode.Should().Be(HttpStatusCode.OK);
        (await Bill("asking", one)).StatusCode.Should().Be(HttpStatusCode.OK);
        using var often = await Bill("asking", one);
        (often.StatusCode, await often.Code()).Should().Be((HttpStatusCode.TooManyRequests, "rate-limited"));
        often.Headers.RetryAfter!.Delta!.Value.Should().BePositive().And.BeLessThanOrEqualTo(TimeSpan.FromMinutes(1));
        (await Bill("asking", other)).StatusCode.Should().Be(HttpStatusCode.OK, "another account is counted by itself");
        (await Bill("asking", other)).StatusCode.Should().Be(HttpStatusCode.OK);
        (await Bill("asking", third)).StatusCode.Should().Be(HttpStatusCode.TooManyRequests, "in all it is too much");
        (await Bill("icbc", one)).StatusCode.Should().Be(HttpStatusCode.OK, "another partner is counted by itself");
    }

    [Fact]
    public async Task A_payment_too_many_is_not_taken_and_new_limits_count_at_once()
    {
        await Agreed("paying", new(PaymentsPerMinute: 2, PaymentsPerAccount: Much));
        var account = await payments.Account(100_00);
        (await payments.Pay(account, "L1", 1_00, "paying")).StatusCode.Should().Be(HttpStatusCode.Created);
        (await payments.Reverse(account, "L1", partner: "paying")).StatusCode.Should().Be(HttpStatusCode.Created);
        (await payments.Pay(account, "L2", 1_00, "paying")).StatusCode.Should().Be(HttpStatusCode.TooManyRequests);
        (await payments.Scalar<long>("select count(*) from payment where partner = 'paying'")).Should().Be(1);

        await Agreed("paying", new(PaymentsPerMinute: 3, PaymentsPerAccount: Much));
        (await payments.Pay(account, "L2", 1_00, "paying")).StatusCode.Should().Be(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Limits_that_let_nothing_through_are_refused()
    {
        using var answer = await Save("never", new(QueriesPerMinute: 0), []);
        (await answer.Code()).Should().Be("partner-malformed");
    }

    [Fact]
    public async Task Of_payments_that_never_came_only_some_are_blocked()
    {
        await Agreed("blocking", new(BlocksPerDay: 1));
        var account = await payments.Account(100_00);
        (await payments.Reverse(account, "K1", partner: "blocking")).StatusCode.Should().Be(HttpStatusCode.Created);
        using var second = await payments.Reverse(account, "K2", partner: "blocking");
        (await second.Code()).Should().Be("blocks-exhausted");
        (await payments.Reverse(account, "K1", partner: "blocking")).StatusCode
            .Should().Be(HttpStatusCode.OK, "a repetition gets the first answer");
        (await payments.Pay(account, "K3", 1_00, "blocking")).StatusCode.Should().Be(HttpStatusCode.Created);
        (await payments.Reverse(account, "K3", partner: "blocking")).StatusCode
            .Should().Be(HttpStatusCode.Created, "that payment came");
    }

    [Fact]
    public async Task A_property_manager_knows_of_its_own_projects_only()
    {
        var (mine, theirs) = (await payments.Account(10_00), await payments.Account(20_00));
        await payments.Tell(new AccountsChanged([
            Facts.Changed(mine, version: 9) with { Project = Project.Parse("望京新城") },
            Facts.Changed(theirs, version: 9) with { Project = Project.Parse("阳光花园") }]));
        using (var saved = await Save("wuye", null, ["望京新城"]))
            saved.EnsureSuccessStatusCode();

        (await Bill("wuye", mine)).StatusCode.Should().Be(HttpStatusCode.OK);
        (await payments.Pay(mine, "W1", 10_00, "wuye")).StatusCode.Should().Be(HttpStatusCode.Created);
        foreach (var answer in new[]
        {
            await Bill("wuye", theirs), await payments.Pay(theirs, "W2", 20_00, "wuye"),
            await payments.Reverse(theirs, "W3", partner: "wuye"),
        })
        {
            answer.StatusCode.Should().Be(HttpStatusCode.NotFound);
            (await answer.Code()).Should().Be("account-unknown", "it is answered as if there were none");
        }
        (await payments.Scalar<long>("select count(*) from payment where partner = 'wuye'")).Should().Be(1);
    }

    [Fact]
    public async Task Whoever_heard_no_answer_asks_what_became_of_a_payment()
    {
        var account = await payments.Account(100_00);
        (await (await Asked("icbc", "S1")).Code()).Should().Be("payment-unknown");
        await payments.Pay(account, "S1", 60_00);
        var paid = await (await Asked("icbc", "S1")).Json();
        (paid.GetProperty("status").GetString(), paid.Fen("amount"), paid.GetProperty("account").GetString())
            .Should().Be(("Received", 60_00, account));
        paid.GetProperty("receipt").GetString().Should().Be($"{account}-0001");
        (await (await Asked("exact", "S1")).Code()).Should().Be("payment-unknown", "it is another partner's");

        await payments.Reverse(account, "S1");
        (await (await Asked("icbc", "S1")).Json()).GetProperty("status").GetString().Should().Be("Reversed");
        await payments.Reverse(account, "S2");
        (await (await Asked("icbc", "S2")).Json()).GetProperty("status").GetString().Should().Be("Blocked");
    }

    private Task<HttpResponseMessage> Asked(string partner, string serial) => payments.Http.GetAsync(
        new Uri($"/partners/{partner}/payments/{PaymentsService.Day()}/{serial}", UriKind.Relative));

    private Task<HttpResponseMessage> Bill(string partner, string account) =>
        payments.Http.GetAsync(new Uri($"/partners/{partner}/bills/{account}", UriKind.Relative));

    private async Task Agreed(string partner, PartnerLimits limits)
    {
        using var answer = await Save(partner, limits, []);
        answer.IsSuccessStatusCode.Should().BeTrue(await answer.Content.ReadAsStringAsync());
    }

    private Task<HttpResponseMessage> Save(string partner, PartnerLimits? limits, string[] projects) =>
        payments.Http.Agree(HttpMethod.Put, $"/partners/{partner}", new SavePartnerRequest(
            "银行", Channel.Bank, AmountRule.Any, new(0, 0), Projects: [.. projects.Select(one => Project.Parse(one))],
            Limits: limits));
}
