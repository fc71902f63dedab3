using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using static Billing.Invoicing.Tests.Facts;
using static Billing.Invoicing.Tests.InvoicingService;

namespace Billing.Invoicing.Tests;

/// <summary>What an account would pay, with what is known of it where the question is silent.</summary>
public sealed class QuoteAccountTests(InvoicingService invoicing) : IClassFixture<InvoicingService>, IAsyncLifetime
{
    public async Task InitializeAsync()
    {
        await invoicing.Forget();
        await invoicing.Accounts([
            Account(1, heatPlan: BeijingHeat), Account(2), Account(3, plan: null, heatPlan: BeijingHeat),
            Account(4, Commercial, @class: CustomerClass.Commercial, meters: [TimeOfUse("M4")], opened: "2025-12-10"),
        ]);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    private Task<HttpResponseMessage> Post(int account, object body) =>
        invoicing.Http.PostAsJsonAsync($"/accounts/{No(account)}/quotes", body);

    private async Task<JsonElement> Quote(int account, object body)
    {
        using var answer = await Post(account, body);
        var quote = await answer.Json();
        answer.StatusCode.Should().Be(HttpStatusCode.OK, quote.ToString());
        return quote;
    }

    private static string[] Formulas(JsonElement quote) => quote.Texts("lines", "formula");

    [Fact]
    public async Task A_use_is_quoted_on_the_account_s_own_plan()
    {
        var quote = await Quote(1, new { utility = "Electricity", period = "2025-11", totalKwh = 241 });
        Formulas(quote).Should().Equal("240 kWh × 0.4883 = 117.19", "1 kWh × 0.5383 = 0.54");
        (quote.Fen("total"), quote.Fen("due"), quote.Fen("net") + quote.Fen("tax")).Should()
            .Be((117_73, 117_73, 117_73));
        (quote.GetProperty("plan").GetString(), quote.GetProperty("version").GetInt32()).Should().Be((Beijing, 1));
        quote.GetProperty("status").GetString().Should().Be("Published");
        quote.GetProperty("usageFrom").ValueKind.Should().Be(JsonValueKind.Null);
        quote.GetProperty("lines")[0].GetProperty("label").GetProperty("zh").GetString().Should().Contain("第1档");
        (await Quote(1, new { utility = "Electricity", period = "2025-11", totalKwh = 340, largeHousehold = true }))
            .Fen("total").Should().Be(166_02, "a large household has a hundred more in the first tier");
    }

    [Fact]
    public async Task Without_a_use_the_last_billed_month_is_taken_and_the_answer_says_so()
    {
        await invoicing.Import(OctoberOf(1, 240m));
        (await (await Post(1, new { utility = "Electricity", period = "2025-11" })).Code())
            .Should().Be("quote-usage-unknown", "October is read, and not billed yet");
        await invoicing.Drafted("run");
        await invoicing.Posted("run");
        await invoicing.Import($"{No(1)},M1,2025-11-30,regular,900,,");

        var quote = await Quote(1, new { utility = "Electricity", period = "2025-12" });
        (quote.GetProperty("usageFrom").GetString(), quote.Fen("total")).Should().Be(("2025-10", 117_19));
        quote.GetProperty("usage").GetProperty("yearToDateKwh").GetDecimal().Should().Be(900m, "240 and 660");
        (await invoicing.Books()).Count.Should().Be(1, "a quote writes nothing");
    }

    [Fact]
    public async Task Heat_is_quoted_by_the_area_on_the_contract_or_another_one()
    {
        var season = new { utility = "Heat", period = "2025-2026" };
        Formulas(await Quote(1, season)).Should().Equal("98.76 m2 × 24 = 2370.24");
        (await Quote(1, new { season.utility, season.period, areaM2 = 100 })).Fen("total").Should().Be(2_400_00);
        var settled = await Quote(1, new
        {
            season.utility, season.period, plan = "beijing-residential-heat-metered", areaM2 = 100, heatKwh = 8_000,
        });
        settled.Texts("lines", "id").Should().HaveCountGreaterThan(1, "basic charge and metered heat");
        settled.GetProperty("usage").GetProperty("heatKwh").GetDecimal().Should().Be(8_000m);
    }

    [Fact]
    public async Task Another_plan_can_be_tried_and_a_supply_that_is_not_there()
    {
        var shop = new { utility = "Electricity", period = "2025-12", totalKwh = 1000, peakKwh = 400, valleyKwh = 250 };
        (await Quote(4, shop)).Fen("total").Should().Be(
            400 * 912L / 10 + 350 * 608L / 10 + 250 * 304L / 10);
        var flat = new { utility = "Electricity", period = "2025-11", plan = Beijing, version = 1, totalKwh = 240 };
        (await Quote(3, flat)).Fen("total").Should().Be(117_19);
    }

    public static TheoryData<int, object, string> Refusals => new()
    {
        { 9, new { utility = "Electricity", period = "2025-11", totalKwh = 1 }, "account-unknown" },
        { 3, new { utility = "Electricity", period = "2025-11", totalKwh = 1 }, "quote-supply-missing" },
        { 1, new { utility = "Electricity", period = "2025-11", totalKwh = 1, plan = "none" }, "plan-unknown" },
        { 1, new { utility = "Electricity", period = "2025-11", totalKwh = 1, version = 7 }, "plan-version-unknown" },
        { 1, new { utility = "Electricity", period = "2018-11", totalKwh = 1 }, "quote-plan-not-in-force" },
        { 1, new { utility = "Electricity", period = "2018-11", totalKwh = 1, version = 1 }, "not-yet-opened" },
        {
            1, new { utility = "Electricity", period = "2025-11", totalKwh = 1, plan = BeijingHeat, version = 1 },
            "quote-plan-of-another-utility"
        },
        { 1, new { utility = "Electricity", period = "2025-2026", totalKwh = 1 }, "quote-period-mismatch" },
        { 1, new { utility = "Electricity", period = "2025-11", peakKwh = 1 }, "quote-total-missing" },
        { 2, new { utility = "Electricity", period = "2025-11" }, "quote-usage-unknown" },
        { 4, new { utility = "Electricity", period = "2025-11", totalKwh = 1 }, "not-yet-opened" },
        { 4, new { utility = "Electricity", period = "2025-12", totalKwh = 1 }, "rating-register-missing" },
        { 1, new { utility = "Electricity", period = "2025-11", totalKwh = -1 }, "rating-quantity-out-of-range" },
        {
            4, new { utility = "Electricity", period = "2025-12", totalKwh = 1, plan = Beijing },
            "rating-class-not-served"
        },
        { 1, new { utility = "Electricity", period = "2025-11", total = 1 }, "bad-request" },
    };

    [Theory, MemberData(nameof(Refusals))]
    public async Task What_cannot_be_quoted_is_refused_with_a_code(int account, object body, string code) =>
        (await (await Post(account, body)).Code()).Should().Be(code);
}
