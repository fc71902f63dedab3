using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using static Billing.Invoicing.Tests.Facts;
using static Billing.Invoicing.Tests.InvoicingService;

namespace Billing.Invoicing.Tests;

/// <summary>Prices that go by the year, which begins before the window that is asked about.</summary>
public sealed partial class WhatIfTests
{
    [Fact]
    public async Task Tiers_by_the_year_go_on_from_what_was_used_before_the_window()
    {
        await Town();
        var document = Tiers(0.5m, 1m, 1m);
        var yearly = document["components"]![0]!.AsObject();
        yearly["period"] = "YEAR";
        (yearly["tiers"]![0]!["upTo"], yearly["tiers"]![1]!["upTo"]) = (400, 10_000);

        // Of the 400 kWh at half price there are 300, 200, 100 left after October, and then none; 240 were used.
        Amounts((await Result(document, "2025-11", "2025-11")).GetProperty("total")).New.Should()
            .Be(120_00 + 140_00 + 190_00 + 7 * 240_00);
        // From October on: each paid 200 less than it used, or half of it while it was less than 400.
        Amounts((await Result(document)).GetProperty("total")).New.Should().Be(
            170_00 + Enumerable.Range(2, 9).Sum(n => (n * 100 + 240) * 100L - 200_00));
    }

    [Fact]
    public async Task A_run_on_tiers_by_the_year_bills_on_and_is_reproduced()
    {
        var document = JsonNode.Parse(Tiers(0.5m, 1m, 1m).ToJsonString().Replace(
            Beijing, "yearly", StringComparison.Ordinal))!.AsObject();
        (document["version"], document["validFrom"]) = (1, "2020-01-01");
        document["vat"]![0]!["from"] = "2020-01-01";
        var component = document["components"]![0]!.AsObject();
        component["period"] = "YEAR";
        (component["tiers"]![0]!["upTo"], component["tiers"]![1]!["upTo"]) = (400, 10_000);
        await invoicing.Tell(Plan(Beijing) with
        {
            Plan = PlanCode.Parse("yearly"), Document = JsonElement.Parse(document.ToJsonString()),
        });
        await invoicing.Accounts([Account(1, "yearly"), Account(2, "yearly", opened: "2025-07-01")]);
        await invoicing.Import([.. OctoberOf(1, 300m), .. OctoberOf(2, 300m)]);
        await invoicing.Drafted("october");
        await invoicing.Posted("october");
        await invoicing.Import($"{No(1)},M1,2025-11-30,regular,500,,", $"{No(2)},M2,2025-11-30,regular,500,,");
        await invoicing.Drafted("november", "2025-11");
        await invoicing.Posted("november");

        (await invoicing.Query<long>("select amount_fen from invoice order by account_no, period")).Should().Equal(
            [150_00, 150_00, 200_00, 200_00], "100 kWh were left in November; opened in July, the quota was 200 kWh");
        var result = await Result(document, "2025-10", "2025-11");
        Amounts(result.GetProperty("total")).Should().Be((700_00, 700_00, 0));
        result.GetProperty("notReproducible").GetProperty("invoices").GetInt64().Should().Be(0);
        using var quote = await invoicing.Http.PostAsJsonAsync(
            $"/accounts/{No(1)}/quotes", new { utility = "Electricity", period = "2025-12", totalKwh = 10 });
        (await quote.Json()).Fen("total").Should().Be(10_00, "the year's first tier is used up");
    }

    /// <summary>The bill was credited and what it rested on withdrawn: nobody knows what another price makes.</summary>
    [Fact]
    public async Task What_was_withdrawn_is_not_rated_once_more()
    {
        await invoicing.Accounts([Account(1)]);
        await invoicing.Import(OctoberOf(1, 100m));
        await invoicing.Drafted("october");
        await invoicing.Posted("october");
        (await invoicing.Http.PutAsJsonAsync(
            "/invoices/E202510-00000001/credits/N1", new { amount = new { fen = 48_83 }, reason = "抄错" }))
            .EnsureSuccessStatusCode();
        (await invoicing.Http.PutAsJsonAsync(
            $"/accounts/{No(1)}/readings/M1/2025-10-31/withdrawals/W1", new { reason = "抄错" }))
            .EnsureSuccessStatusCode();

        var result = await Result(Tiers(0.6m), "2025-10", "2025-10");

        (result.GetProperty("refused").GetProperty("invoices").GetInt64()
            + result.GetProperty("notReproducible").GetProperty("invoices").GetInt64()).Should().Be(1);
    }
}
