using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Billing.Contracts.Api;
using static Billing.Invoicing.Tests.Facts;
using static Billing.Invoicing.Tests.InvoicingService;

namespace Billing.Invoicing.Tests;

public sealed partial class BillingRunTests
{
    [Fact]
    public async Task A_run_is_posted_when_another_person_approves_the_sums_that_were_proposed()
    {
        await invoicing.Accounts([Account(1), Account(2)]);
        await invoicing.Import(OctoberOf(1, 240m).Concat(OctoberOf(2, 240m)));
        await invoicing.Drafted("two");
        var first = await Proposed("/runs/two/post");
        (first.Amount, first.After("invoices"), first.After("state")).Should()
            .Be((new Money(234_38), "2", "posting"));
        (await invoicing.Get("/runs/two")).GetProperty("state").GetString().Should().Be("drafted");
        (await invoicing.Scalar<long>("select count(*) from invoice_series")).Should().Be(0, "no number is taken");
        using var alone = await invoicing.Http.Approve(first, "user:WANG");
        (await alone.Code()).Should().Be("proposal-same-person");

        (await invoicing.Review("two", 2, "exclude")).EnsureSuccessStatusCode();
        using var outdated = await invoicing.Http.Approve(first);
        (outdated.StatusCode, await outdated.Code()).Should().Be((HttpStatusCode.Conflict, "proposal-outdated"));
        (await invoicing.Get("/runs/two")).GetProperty("state").GetString().Should().Be("drafted");

        var second = await Proposed("/runs/two/post");
        (second.Round, second.Amount, second.After("invoices")).Should().Be((2, new Money(117_19), "1"));
        var answers = await Task.WhenAll(
            invoicing.Http.Approve(second, "user:zhang"), invoicing.Http.Approve(second, "user:li"));
        answers.Count(answer => answer.IsSuccessStatusCode).Should().Be(1);
        await invoicing.Until("two", "posted");
        (await invoicing.Books()).Should().Be((1, 117_19));
        using var again = await invoicing.Http.As(TwoPeople.Proposer, HttpMethod.Post, "/runs/two/post");
        again.StatusCode.Should().Be(HttpStatusCode.OK, "a run that is posted is not proposed again");
    }

    [Fact]
    public async Task A_credit_above_the_limit_takes_another_person()
    {
        await invoicing.Accounts([Account(1, heatPlan: BeijingHeat, area: 100m)]);
        await invoicing.Drafted("heat", "2025-2026", Utility.Heat);
        await invoicing.Posted("heat");
        const string path = "/invoices/H20252026-00000001/credits";
        object Of(long fen) => new { amount = new { fen }, reason = "面积更正" };
        using var within = await invoicing.Http.As(
            TwoPeople.Proposer, HttpMethod.Put, $"{path}/C1", Of(1_000_00));
        within.StatusCode.Should().Be(HttpStatusCode.Created);
        (await Proposed($"{path}/C0", HttpMethod.Put, Of(1))).Amount.Should().Be(
            new Money(1), "many small credits are no way around the limit");
        var above = await Proposed($"{path}/C2", HttpMethod.Put, Of(1_000_01));
        (above.Key, above.Amount, above.Changes[0]).Should()
            .Be(("C2", new Money(1_000_01), new ProposedChange("left", "1400.00", "399.99")));
        (await invoicing.Get("/invoices/H20252026-00000001")).Fen("left").Should().Be(1_400_00);

        (await invoicing.Http.Approve(above)).EnsureSuccessStatusCode();
        (await invoicing.Get("/invoices/H20252026-00000001")).Fen("left").Should().Be(399_99);
        var limits = await invoicing.Http.GetFromJsonAsync<JsonElement>("/approval-limits");
        limits.EnumerateArray().Select(limit => limit.GetProperty("kind").GetString())
            .Should().Equal("change-limit", "credit", "post-run");
    }

    private async Task<ProposalDetails> Proposed(string path, HttpMethod? method = null, object? body = null)
    {
        using var asked = await invoicing.Http.As(TwoPeople.Proposer, method ?? HttpMethod.Post, path, body);
        asked.StatusCode.Should().Be(HttpStatusCode.Accepted);
        return await asked.Proposal();
    }
}
