using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Billing.Contracts.Tariff;
using static Billing.Invoicing.Tests.Facts;
using static Billing.Invoicing.Tests.InvoicingService;

namespace Billing.Invoicing.Tests;

/// <summary>
/// Whole runs of a month in which the price changes, and of the month that closes a year. The amounts are those of
/// <see cref="PriceChangeTests"/>: version 1 costs 0.5, version 2 from the 16th of October on 0.6.
/// </summary>
public sealed class ScheduleRunTests(InvoicingService invoicing) : IClassFixture<InvoicingService>, IAsyncLifetime
{
    private const string ByDays = "changing", AsRead = "changing-read", Yearly = "yearly-minimum";

    public Task InitializeAsync() => invoicing.Forget();

    public Task DisposeAsync() => Task.CompletedTask;

    private async Task<PlanPublished> Change(string code, bool asRead)
    {
        var (first, second) = (Flat(code, 1, "2025-01-01", 0.5m), Flat(code, 2, "2025-10-16", 0.6m, asRead));
        await invoicing.Tell(first, second, Superseded(first, 2, "2025-10-15", 23));
        return second;
    }

    /// <summary>1 has no reading on the 16th; 2 and 3 have one, after 100 of 310 kWh.</summary>
    private async Task October()
    {
        await Change(ByDays, false);
        await Change(AsRead, true);
        await invoicing.Accounts([Account(1, ByDays), Account(2, ByDays), Account(3, AsRead), Account(4, AsRead)]);
        (await invoicing.Import([
            .. OctoberOf(1, 310m),
            .. Enumerable.Range(2, 2).SelectMany(n => OctoberOf(n, 310m)
                .Append($"{No(n)},M{n},2025-10-16,regular,100,,").Order(StringComparer.Ordinal)),
            .. OctoberOf(4, 310m),
        ])).GetProperty("refusedTotal").GetInt32().Should().Be(0);
    }

    [Fact]
    public async Task A_month_in_which_the_price_changes_is_drafted_posted_and_explained()
    {
        await October();
        var drafted = await invoicing.Drafted("october");
        drafted.Texts("exceptions", "code").Should().Equal(["rating-reading-missing"], "4 was not read on the 16th");
        const string drafts = "select string_agg(fact, ' ' order by account_no) from work.\"draft_october\"";
        var once = await invoicing.Scalar<string>(drafts);
        (await invoicing.Post("/runs/october/redraft")).EnsureSuccessStatusCode();
        await invoicing.Until("october", "drafted");
        (await invoicing.Scalar<string>(drafts)).Should().Be(once, "the same facts and versions draft the same");
        var pinned = (await invoicing.Events.All<RunEvent>())
            .Select(e => (e as RunFrozen)?.Plans ?? (e as RunRedrafted)?.Plans).OfType<object>()
            .Cast<IReadOnlyDictionary<PlanCode, PinnedVersions>>().ToList();
        pinned.Should().HaveCount(2).And.AllSatisfy(plans => plans.Should()
            .Contain(PlanCode.Parse(ByDays), PinnedVersions.Of(1, 2))
            .And.Contain(PlanCode.Parse(Beijing), PinnedVersions.Of(1)));

        await invoicing.Posted("october");
        (await invoicing.Query<(long, int)>("select amount_fen, plan_version from invoice order by account_no"))
            .Should().Equal((171_00, 2), (171_00, 2), (176_00, 2));
        (await invoicing.Books()).Should().Be((3, 518_00));
        var why = await invoicing.Get("/invoices/E202510-00000003/explain");
        why.Texts("lines", "formula").Should().Equal("100 kWh × 0.5 = 50.00", "210 kWh × 0.6 = 126.00");
        why.Texts("lines", "version").Should().Equal("1", "2");
        why.Texts("plans", "legalDocument").Should().Equal("价格〔1〕号", "价格〔2〕号");
        why.GetProperty("plan").GetProperty("version").GetInt32().Should().Be(2);
        why.Texts("readings", "readOn").Should().Equal("2025-09-30", "2025-10-16", "2025-10-31");
        (await invoicing.Verified("october")).Wrong.Should().BeEmpty();
    }

    [Fact]
    public async Task An_invoice_of_one_version_is_explained_by_it_alone()
    {
        await invoicing.Accounts([Account(1)]);
        await invoicing.Import(OctoberOf(1, 240m));
        await invoicing.Drafted("plain");
        await invoicing.Posted("plain");
        var why = await invoicing.Get("/invoices/E202510-00000001/explain");
        (string.Join(' ', why.Texts("lines", "version")), why.GetProperty("plans").GetArrayLength())
            .Should().Be(("1", 1));
        (await invoicing.Events.All<InvoiceIssued>()).Single().Lines.Should().NotBeEmpty().And.OnlyContain(
            line => line.Version == 0, "a line says its version only when there are several");
    }

    [Fact]
    public async Task What_was_billed_by_two_versions_is_reproduced()
    {
        await October();
        await invoicing.Drafted("october");
        await invoicing.Posted("october");
        var document = JsonNode.Parse(Flat(ByDays, 3, "2030-01-01", 1m).Document.GetRawText());
        using var answer = await invoicing.Http.PostAsJsonAsync(
            "/what-if", new { document, from = "2025-10", to = "2025-10", plans = new[] { ByDays, AsRead } });
        var lines = (await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync()).TrimEnd('\n').Split('\n');
        var result = JsonElement.Parse(lines[^1]).GetProperty("result");
        result.GetProperty("notReproducible").GetProperty("invoices").GetInt64().Should().Be(0);
        (result.GetProperty("total").Fen("old"), result.GetProperty("total").Fen("new")).Should()
            .Be((518_00, 3 * 310_00));
        result.GetProperty("losers")[0].GetProperty("invoices")[0].Texts("oldLines", "formula").Should()
            .Equal("150 kWh × 0.5 = 75.00", "160 kWh × 0.6 = 96.00");
    }

    [Fact]
    public async Task A_quote_of_such_a_month_goes_by_both_versions()
    {
        await Change(ByDays, false);
        await invoicing.Accounts([Account(1, ByDays)]);
        using var answer = await invoicing.Http.PostAsJsonAsync(
            $"/accounts/{No(1)}/quotes", new { utility = "Electricity", period = "2025-10", totalKwh = 310 });
        var quote = await answer.Json();
        (quote.Fen("total"), quote.GetProperty("version").GetInt32()).Should().Be((171_00, 2));
        quote.Texts("lines", "formula").Should().Equal("150 kWh × 0.5 = 75.00", "160 kWh × 0.6 = 96.00");
    }

    [Fact]
    public async Task An_annual_minimum_is_settled_by_the_last_bill_of_the_year()
    {
        await invoicing.Tell(Flat(Yearly, 1, "2024-01-01", 0.5m, false, YearlyMinimum(300)));
        await invoicing.Accounts([Account(1, Yearly), Account(2, Yearly), Account(3, Yearly), Account(4)]);
        await Month("2024-10", "2024-10-31", 0, 0, "initial");
        foreach (var (period, readOn, kwh) in new[]
        {
            ("2024-11", "2024-11-30", 100), ("2024-12", "2024-12-31", 200), ("2025-01", "2025-01-31", 300),
            ("2025-11", "2025-11-30", 400), ("2025-12", "2025-12-31", 500),
        })
        {
            await Month(period, readOn, kwh, kwh * 5, "regular");
            await invoicing.Drafted(period, period);
            await Release(period);
            await invoicing.Posted(period);
        }

        // 1: 50.00 a month. 2024 lacks 300 − 50 − 50 = 200.00; 2025 lacks 300 − 100 − 50 = 150.00.
        (await Amounts(1)).Should().Equal(50_00, 50_00 + 200_00, 50_00, 50_00, 50_00 + 150_00);
        // 2: 250.00 a month are enough in both years.
        (await Amounts(2)).Should().Equal(250_00, 250_00, 250_00, 250_00, 250_00);
        // 3: taken down in November 2025: 50.00 in January, so November settles 300 − 50 − 50 = 200.00.
        (await Amounts(3)).Should().Equal(50_00, 50_00 + 200_00, 50_00, 50_00 + 200_00);
        await IsReproduced();

        async Task Month(string period, string readOn, int kwh, int more, string kind)
        {
            var lines = new List<string>
            {
                $"{No(1)},M1,{readOn},{kind},{kwh},,", $"{No(2)},M2,{readOn},{kind},{more},,",
            };
            if (period != "2025-12")
                lines.Add($"{No(3)},M3,{readOn},{(period == "2025-11" ? "final" : kind)},{kwh},,");
            (await invoicing.Import(lines)).GetProperty("refusedTotal").GetInt32().Should().Be(0);
        }

        async Task Release(string run)
        {
            foreach (var account in await invoicing.Query<string>(
                $"select account_no from run_exception where run = '{run}' and code like 'usage-%'"))
                await invoicing.Review(run, int.Parse(account) - 1_000_000_000, "release");
        }

        Task<List<long>> Amounts(int account) => invoicing.Query<long>(
            $"select amount_fen from invoice where account_no = '{No(account)}' order by period");

        async Task IsReproduced()
        {
            var document = JsonNode.Parse(Flat(Yearly, 2, "2030-01-01", 0.5m).Document.GetRawText());
            using var answer = await invoicing.Http.PostAsJsonAsync(
                "/what-if", new { document, from = "2025-11", to = "2025-12" });
            var lines = (await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync()).TrimEnd('\n').Split('\n');
            var result = JsonElement.Parse(lines[^1]).GetProperty("result");
            result.GetProperty("notReproducible").GetProperty("invoices").GetInt64().Should().Be(0);
            result.GetProperty("total").Fen("difference").Should().Be(-(150_00 + 200_00), "without the minimum");
        }
    }
}
