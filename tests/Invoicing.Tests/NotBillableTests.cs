using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Billing.Contracts.Tariff;
using Billing.Rating;
using static Billing.Invoicing.Tests.Facts;
using static Billing.Invoicing.Tests.InvoicingService;

namespace Billing.Invoicing.Tests;

/// <summary>A plan that cannot be billed bills nobody, however it came to be in force: yen never become fen.</summary>
public sealed class NotBillableTests(InvoicingService invoicing) : IClassFixture<InvoicingService>, IAsyncLifetime
{
    private const string Code = "rating-plan-not-billable";

    public Task InitializeAsync() => invoicing.Forget();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Yen_that_were_published_once_are_an_exception_of_the_run_and_no_quote()
    {
        await invoicing.Accounts([Account(1, plan: "in-yen"), Account(2)]);
        await invoicing.Import([.. OctoberOf(1, 240m), .. OctoberOf(2, 240m)]);
        await invoicing.Tell(InYen("in-yen", 1));
        var run = await invoicing.Drafted("yen");
        run.Texts("exceptions", "code").Should().Equal(Code);
        var exception = (await invoicing.Get("/runs/yen/exceptions")).GetProperty("items")[0];
        exception.GetProperty("account").GetString().Should().Be(No(1).Value);
        exception.GetProperty("message").GetString().Should().Contain("in-yen version 1").And.Contain("JPY");
        exception.GetProperty("amount").ValueKind.Should().Be(JsonValueKind.Null, "there is no draft to release");
        (await invoicing.Posted("yen")).GetProperty("posting").GetProperty("invoices").GetInt32().Should().Be(1);
        (await invoicing.Books()).Should().Be((1L, 117_19L));

        var body = new { utility = "Electricity", period = "2025-11", totalKwh = 100, plan = "in-yen" };
        using var quote = await invoicing.Http.PostAsJsonAsync($"/accounts/{No(2)}/quotes", body);
        quote.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
        (await quote.Code()).Should().Be(Code);
        using var whatIf = await invoicing.Http.PostAsJsonAsync("/what-if", new
        {
            document = InYen("in-yen", 2).Document, from = "2025-10", to = "2025-10", plans = new[] { Beijing },
        });
        whatIf.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
        var problem = await whatIf.Json();
        problem.GetProperty("code").GetString().Should().Be("plan-not-billable");
        problem.GetProperty("errors").GetProperty("$.currency")[0].GetString().Should().Contain("JPY");
    }

    [Fact]
    public void One_version_in_yen_is_enough_for_no_bill_of_the_period()
    {
        var schedule = PlanSchedule.Of(
            Parsed(Flat("changing", 1, "2025-01-01", 0.5m)), Parsed(InYen("changing", 2, "2025-10-16")));
        schedule.Bill(new(CustomerClass.Residential), new(October.Month) { TotalKwh = 310m })
            .Refusal!.Code.Should().Be(Code);
    }

    [Fact]
    public async Task The_year_counts_bills_after_their_credits_with_tax_and_without()
    {
        await invoicing.Accounts([Account(1)]);
        await invoicing.Import(OctoberOf(1, 240m));
        await invoicing.Drafted("october");
        await invoicing.Posted("october");
        (await invoicing.Http.PutAsJsonAsync(
            "/invoices/E202510-00000001/credits/C1", new { amount = new { fen = 100_00 }, reason = "抄表差错" }))
            .EnsureSuccessStatusCode();
        await using var connection = await invoicing.Running.Source.OpenConnectionAsync();
        var basis = await BillingBasis.Read(
            connection, [No(1).Value], Utility.Electricity, BillingPeriod.Parse("2025-12"), true, default);
        // 117.19 is 103.71 + 13.48, and 100.00 of it 88.50 + 11.50.
        basis.Single().YearToDateCharges.Should().Be(new Charged(new(17_19), new(15_21)));
    }

    private static PlanPublished InYen(string code, int version, string from = "2025-01-01")
    {
        var known = Flat(code, version, from, 29.8m);
        var json = JsonNode.Parse(known.Document.GetRawText())!;
        json["currency"] = "JPY";
        return known with { Document = JsonElement.Parse(json.ToJsonString()) };
    }
}
