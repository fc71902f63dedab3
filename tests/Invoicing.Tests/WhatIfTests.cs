using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using static Billing.Invoicing.Tests.Facts;
using static Billing.Invoicing.Tests.InvoicingService;

namespace Billing.Invoicing.Tests;

/// <summary>Issued invoices, rated once more with another plan. The amounts are computed by hand.</summary>
public sealed partial class WhatIfTests(InvoicingService invoicing) : IClassFixture<InvoicingService>, IAsyncLifetime
{
    private const string Tables = $"""
        select coalesce(string_agg(line, e'\n' order by line), '') from (
          select 'a' || t::text as line from account_supply t union all select 'p' || t::text from plan_version t
          union all select 'r' || t::text from reading t union all select 'i' || t::text from invoice t
          union all select 'u' || t::text from run t union all select 'x' || t::text from run_exception t
          union all select 's' || t::text from {EventTables.Streams} t
          union all select 'e' || t::text from {EventTables.Events} t) l
        """;

    public Task InitializeAsync() => invoicing.Forget();

    public Task DisposeAsync() => Task.CompletedTask;

    /// <summary>
    /// Ten households with 100, 200 … 1,000 kWh in October, 240 in November, and a shop with a plan of its own.
    /// </summary>
    private async Task Town()
    {
        await invoicing.Accounts([
            .. Enumerable.Range(1, 10).Select(number => Account(number)),
            Account(701, Commercial, @class: CustomerClass.Commercial, meters: [TimeOfUse("M701")]),
        ]);
        await invoicing.Import([
            .. Enumerable.Range(1, 10).SelectMany(number => OctoberOf(number, number * 100m)),
            $"{No(701)},M701,2025-09-30,initial,0,0,0", $"{No(701)},M701,2025-10-31,regular,1000,400,250",
        ]);
        await invoicing.Drafted("october");
        await invoicing.Posted("october");
        await invoicing.Import(
            Enumerable.Range(1, 10).Select(n => $"{No(n)},M{n},2025-11-30,regular,{n * 100 + 240},,"));
        await invoicing.Drafted("november", "2025-11");
        foreach (var code in await invoicing.Query<string>(
            "select account_no from run_exception where run = 'november' and code like 'usage-%'"))
            await invoicing.Review("november", int.Parse(code) - 1_000_000_000, "release");
        await invoicing.Posted("november");
    }

    /// <summary>Beijing's tiers with other prices, in force only in years to come.</summary>
    private static JsonObject Tiers(params decimal[] prices)
    {
        var document = JsonNode.Parse(Plan(Beijing).Document.GetRawText())!.AsObject();
        (document["version"], document["validFrom"]) = (2, "2030-01-01");
        document["vat"]![0]!["from"] = "2030-01-01";
        for (var i = 0; i < prices.Length; i++)
            document["components"]![0]!["tiers"]![i]!["price"] = prices[i];
        return document;
    }

    private Task<HttpResponseMessage> Ask(
        JsonNode document, string from = "2025-10", string to = "2025-11", params string[] plans) =>
        invoicing.Http.PostAsJsonAsync("/what-if", plans.Length == 0
            ? (object)new { document, from, to }
            : new { document, from, to, plans });

    private async Task<JsonElement> Result(
        JsonNode document, string from = "2025-10", string to = "2025-11", params string[] plans)
    {
        using var answer = await Ask(document, from, to, plans);
        answer.EnsureSuccessStatusCode().Content.Headers.ContentType!.MediaType.Should().Be("application/x-ndjson");
        var lines = (await answer.Content.ReadAsStringAsync()).TrimEnd('\n').Split('\n')
            .Select(line => JsonElement.Parse(line)).ToList();
        var progress = lines.SkipLast(1).Select(line => line.GetProperty("progress")).ToList();
        progress.Select(line => line.GetProperty("replayed").GetInt64()).Should().BeInAscendingOrder();
        progress[^1].GetProperty("replayed").GetInt64().Should().Be(progress[0].GetProperty("of").GetInt64());
        return lines[^1].GetProperty("result");
    }

    private static (long Old, long New, long Difference) Amounts(JsonElement json) =>
        (json.Fen("old"), json.Fen("new"), json.Fen("difference"));

    [Fact]
    public async Task A_new_price_is_tried_on_what_was_billed_and_every_sum_agrees()
    {
        await Town();
        var before = await invoicing.Scalar<string>(Tables);
        var result = await Result(Tiers(0.5m, 0.5m, 0.7m));

        // October: 48.83, 97.66, then 117.19 + (300 - 240) × 0.5383 = 149.49, 203.32, and 203.32 + n × 78.83.
        var october = 48_83 + 97_66 + 149_49 + 203_32
            + Enumerable.Range(1, 6).Sum(n => 203_32L + n * 78_83L);
        // Now 0.5 up to 400, and 0.7 above.
        var now = 50_00 + 100_00 + 150_00 + 200_00 + Enumerable.Range(1, 6).Sum(n => 200_00L + n * 70_00L);
        result.GetProperty("accounts").GetInt32().Should().Be(10, "the shop has another plan");
        var total = result.GetProperty("total");
        total.GetProperty("invoices").GetInt32().Should().Be(20);
        Amounts(total).Should().Be((october + 10 * 117_19, now + 10 * 120_00, now - october + 10 * 2_81));
        foreach (var list in new[] { "classes", "lines", "deciles" })
            result.GetProperty(list).EnumerateArray().Select(Amounts).Aggregate(Plus).Should().Be(Amounts(total), list);
        result.Texts("lines", "id").Should().Equal("energy.tier1", "energy.tier2", "energy.tier3");
        result.Texts("classes", "class").Should().Equal("Residential");
        result.GetProperty("refused").GetProperty("invoices").GetInt64().Should().Be(0);
        result.GetProperty("notReproducible").GetProperty("invoices").GetInt64().Should().Be(0);
        (await invoicing.Scalar<string>(Tables)).Should().Be(before, "a question changes nothing");

        static (long, long, long) Plus((long, long, long) one, (long, long, long) other) =>
            (one.Item1 + other.Item1, one.Item2 + other.Item2, one.Item3 + other.Item3);
    }

    [Fact]
    public async Task Households_are_grouped_by_what_they_paid_and_the_ends_are_explained()
    {
        await Town();
        var result = await Result(Tiers(0.5m, 0.5m, 0.7m), "2025-10", "2025-10");

        var deciles = result.GetProperty("deciles").EnumerateArray().ToList();
        deciles.Select(decile => decile.GetProperty("kwh").GetInt64()).Should().Equal(
            Enumerable.Range(1, 10).Select(n => n * 100L));
        deciles.Select(decile => decile.GetProperty("accounts").GetInt32()).Should().Equal(Enumerable.Repeat(1, 10));
        deciles.Select(decile => decile.GetProperty("payMore").GetInt32()).Should().Equal(1, 1, 1, 0, 0, 0, 0, 0, 0, 0);
        deciles.Sum(decile => decile.GetProperty("payLess").GetInt32()).Should().Be(7);

        result.Texts("losers", "account").Should().Equal([$"{No(2)}", $"{No(1)}", $"{No(3)}"], "2.34, 1.17, 0.51");
        var winner = result.GetProperty("winners")[0];
        (winner.GetProperty("account").GetString(), winner.Fen("difference")).Should().Be(
            (No(10).Value, -(3_32 + 6 * 8_83)));
        var invoice = winner.GetProperty("invoices")[0];
        invoice.GetProperty("period").GetString().Should().Be("2025-10");
        invoice.Texts("oldLines", "formula").Should().Equal(
            "240 kWh × 0.4883 = 117.19", "160 kWh × 0.5383 = 86.13", "600 kWh × 0.7883 = 472.98");
        invoice.Texts("newLines", "formula").Should().Equal(
            "240 kWh × 0.5 = 120.00", "160 kWh × 0.5 = 80.00", "600 kWh × 0.7 = 420.00");
        invoice.GetProperty("newLines")[0].GetProperty("label").GetProperty("zh").GetString().Should().Contain("第1档");
    }

    [Fact]
    public async Task Invoices_of_other_plans_are_replayed_when_they_are_named()
    {
        await Town();
        var result = await Result(Tiers(), "2025-10", "2025-11", Beijing, Commercial);

        Amounts(result.GetProperty("total")).Difference.Should().Be(0, "the prices are the old ones");
        (result.GetProperty("winners").GetArrayLength(), result.GetProperty("losers").GetArrayLength())
            .Should().Be((0, 0));
        var refused = result.GetProperty("refused");
        refused.GetProperty("invoices").GetInt64().Should().Be(1);
        refused.Fen("billed").Should().Be(await invoicing.Scalar<long>(
            "select amount_fen from invoice where account_no = '1000000701'"));
        var reason = refused.GetProperty("reasons")[0];
        (reason.GetProperty("code").GetString(), reason.GetProperty("account").GetString())
            .Should().Be(("rating-class-not-served", No(701).Value));
        (await Result(Tiers(), "2025-01", "2025-09")).GetProperty("total").GetProperty("invoices").GetInt64()
            .Should().Be(0, "nothing was billed then");
    }

    [Fact]
    public async Task What_the_facts_of_today_do_not_reproduce_is_left_out_and_said()
    {
        await invoicing.Accounts([
            Account(1, plan: null, heatPlan: BeijingHeat, area: 100m),
            Account(2, plan: null, heatPlan: BeijingHeat, area: 50m),
        ]);
        await invoicing.Drafted("winter", "2025-2026", Utility.Heat);
        await invoicing.Posted("winter");
        await invoicing.Accounts([Account(1, plan: null, heatPlan: BeijingHeat, area: 90m, version: 2)]);
        var document = JsonNode.Parse(Plan(BeijingHeat).Document.GetRawText())!;
        document["components"]![0]!["area"]!["price"] = 30;

        var result = await Result(document, "2025-2026", "2025-2026");
        Amounts(result.GetProperty("total")).Should().Be((1_200_00, 1_500_00, 300_00));
        var strange = result.GetProperty("notReproducible");
        (strange.GetProperty("invoices").GetInt64(), strange.Fen("billed")).Should().Be((1, 2_400_00));
        var first = strange.GetProperty("first")[0];
        (first.GetProperty("account").GetString(), first.Fen("billed"), first.Fen("today")).Should().Be(
            (No(1).Value, 2_400_00, 2_160_00));
    }

    [Fact]
    public async Task Accounts_are_never_cut_by_a_page_and_all_are_seen()
    {
        // 1,700 accounts with 3 invoices of 240 kWh: more than a page, and the page ends in the middle of an account.
        await invoicing.Execute($"""
            insert into account_supply (account_no, version, class, region, project, opened_on, electricity_plan,
              meters)
            select (1000000000 + n)::text, 1, 'Residential', '', '', '2019-01-01', '{Beijing}', '[]'
            from generate_series(1, 1700) n;
            insert into reading (account_no, meter_no, read_on, kind, total, period, from_on, months, kwh, flags,
              event_id, recorded_at)
            select (1000000000 + n)::text, 'M1', '2025-10-31'::date + m, 'Regular', 0, '2025-1' || m, '2025-09-30', 1,
              240, '', gen_random_uuid(), now()
            from generate_series(1, 1700) n, generate_series(0, 2) m;
            insert into invoice select 'E' || m || n, (1000000000 + n)::text, 'Electricity', '2025-1' || m, 'regular',
              11719, 0, 0, 'Residential', '{Beijing}', 1, '2025-11-01', '2025-11-01', now()
            from generate_series(1, 1700) n, generate_series(0, 2) m
            """);

        var result = await Result(Tiers(0.5m), "2025-10", "2025-12");
        (result.GetProperty("accounts").GetInt32(), result.GetProperty("total").GetProperty("invoices").GetInt32())
            .Should().Be((1700, 5100));
        Amounts(result.GetProperty("total")).Should().Be((5100 * 117_19L, 5100 * 120_00L, 5100 * 2_81L));
        result.GetProperty("deciles").EnumerateArray().Select(decile => decile.GetProperty("accounts").GetInt32())
            .Should().Equal(Enumerable.Repeat(170, 10));
        result.GetProperty("losers").GetArrayLength().Should().Be(20);
    }

    [Fact]
    public async Task A_document_with_mistakes_is_refused_with_the_path_of_each()
    {
        var document = Tiers(0.5m);
        document["components"]![0]!["tiers"]![1]!["price"] = "dear";
        document.Remove("source");
        using var answer = await Ask(document);
        answer.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
        var problem = await answer.Json();
        problem.GetProperty("code").GetString().Should().Be("plan-document-invalid");
        problem.GetProperty("errors").EnumerateObject().Select(error => error.Name)
            .Should().Contain("$.components[0].tiers[1].price").And.Contain(path => path.StartsWith("$.source"));
    }

    [Theory]
    [InlineData("2025-11", "2025-10", "what-if-periods-reversed")]
    [InlineData("2025-10", "2025-2026", "what-if-periods-differ")]
    [InlineData("2025-2026", "2025-2026", "what-if-season-missing")]
    [InlineData("2020-11", "2025-11", "what-if-periods-too-many")]
    [InlineData("2025-13", "2025-11", "bad-request")]
    public async Task Periods_that_make_no_sense_are_refused(string from, string to, string code) =>
        (await (await Ask(Tiers(), from, to)).Code()).Should().Be(code);

    [Theory, InlineData("2020-12", "2025-11"), InlineData("2025-10", "2025-10")]
    public async Task Sixty_months_and_a_single_one_are_replayed(string from, string to) =>
        (await Ask(Tiers(), from, to)).StatusCode.Should().Be(HttpStatusCode.OK);

    [Theory]
    [InlineData("what-if-plan-unknown", "no-such-plan")]
    [InlineData("what-if-plan-unknown", Beijing, BeijingHeat)]
    public async Task Plans_must_be_known_and_for_the_same_utility(string code, params string[] plans)
    {
        using var answer = await Ask(Tiers(), plans: plans);
        (answer.StatusCode, await answer.Code()).Should().Be((HttpStatusCode.NotFound, code));
    }

    [Fact]
    public async Task Whoever_hangs_up_ends_the_query_and_leaves_the_place()
    {
        await Town();
        await using var holder = await invoicing.Running.Source.OpenConnectionAsync();
        await using (var transaction = await holder.BeginTransactionAsync())
        {
            await using var hold = holder.CreateCommand();
            hold.CommandText = "lock table reading in access exclusive mode";
            await hold.ExecuteNonQueryAsync();
            using (await Begin())
            using (await Begin())
            {
                await Eventually.Is(2L, Waiting, "queries that wait for the locked table");
                using var third = await Ask(Tiers());
                (third.StatusCode, await third.Code()).Should().Be((HttpStatusCode.Conflict, "what-if-busy"));
            }
            await Eventually.Is(0L, Waiting, "queries that wait for the locked table");
        }
        await Eventually.Holds(async () => (await Ask(Tiers())).IsSuccessStatusCode, "there is a place again");

        Task<long> Waiting() => invoicing.Scalar<long>("""
            select count(*) from pg_stat_activity
            where datname = current_database() and wait_event_type = 'Lock' and query like '%from reading%'
            """);

        Task<HttpResponseMessage> Begin() => invoicing.Http.SendAsync(
            new(HttpMethod.Post, new Uri("/what-if", UriKind.Relative))
            {
                Content = JsonContent.Create(new { document = Tiers(), from = "2025-10", to = "2025-11" }),
            },
            HttpCompletionOption.ResponseHeadersRead);
    }
}
