using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Billing.Contracts.Invoicing;
using Billing.Contracts.Tariff;
using MassTransit;
using static Billing.Invoicing.Tests.Facts;
using static Billing.Invoicing.Tests.InvoicingService;

namespace Billing.Invoicing.Tests;

/// <summary>Whole runs, from the readings to the manifest, with amounts computed by hand.</summary>
public sealed partial class BillingRunTests(InvoicingService invoicing)
    : IClassFixture<InvoicingService>, IAsyncLifetime
{
    private const int Residents = 620;

    public Task InitializeAsync() => invoicing.Forget();

    public Task DisposeAsync() => Task.CompletedTask;

    /// <summary>
    /// 620 households of 240 kWh (117.19 each) over two chunks, and after them one account of every kind.
    /// </summary>
    private async Task City()
    {
        await invoicing.Accounts([
            .. Enumerable.Range(1, Residents).Select(number => Account(number)),
            Account(701, Commercial, @class: CustomerClass.Commercial, meters: [TimeOfUse("M701")]),
            Account(702, meters: [Single("M702"), Single("N702", multiplier: 2m)]),
            Account(703), Account(704), Account(705, plan: "unknown-plan"), Account(706, opened: "2025-11-01"),
            Account(707, meters: [Single("M707", digits: 5)]), Account(708, plan: null, heatPlan: BeijingHeat),
        ]);
        var answer = await invoicing.Import([
            .. Enumerable.Range(1, Residents).SelectMany(number => OctoberOf(number, 240m)),
            $"{No(701)},M701,2025-09-30,initial,0,0,0", $"{No(701)},M701,2025-10-31,regular,1000,400,250",
            $"{No(702)},M702,2025-09-30,initial,5600,,", $"{No(702)},M702,2025-10-12,final,5741,,",
            $"{No(702)},N702,2025-10-12,initial,0,,", $"{No(702)},N702,2025-10-31,regular,50,,",
            $"{No(703)},M703,2025-09-30,initial,0,,",
            .. OctoberOf(704, 0m), .. OctoberOf(705, 10m),
            $"{No(707)},M707,2025-09-30,initial,99990.5,,", $"{No(707)},M707,2025-10-31,regular,10.2,,",
        ]);
        answer.GetProperty("refusedTotal").GetInt32().Should().Be(0);
    }

    [Fact]
    public async Task A_month_of_electricity_from_readings_to_manifest()
    {
        await City();
        var drafted = await invoicing.Drafted("2025-10-e");
        drafted.GetProperty("cohort").GetInt32().Should().Be(Residents + 7);
        drafted.GetProperty("drafting").GetProperty("invoices").GetInt32().Should().Be(Residents + 3);
        drafted.Texts("exceptions", "code").Should().Equal(
            "amount-zero", "not-yet-opened", "plan-missing", "reading-missing", "usage-rolled-over");

        var posted = await invoicing.Posted("2025-10-e");
        var commercial = await invoicing.Scalar<long>("select amount_fen from invoice where account_no = '1000000701'");
        var total = Residents * 117_19L + 117_73 + commercial;
        posted.GetProperty("posting").Fen("amount").Should().Be(total);
        (await invoicing.Books()).Should().Be((Residents + 2, total));
        (await invoicing.Counts("2025-10-e")).Should().Be((Residents + 2, 5, 0));
        (await invoicing.Query<string>("select invoice_no from invoice order by account_no"))
            .Should().Equal(Enumerable.Range(1, Residents + 2).Select(number => $"E202510-{number:00000000}"));
        (await invoicing.Scalar<long>("select count(*) from pg_class where relname = 'draft_2025-10-e'")).Should()
            .Be(0);

        var (manifest, wrong) = await invoicing.Verified("2025-10-e");
        wrong.Should().BeEmpty();
        (manifest.Cohort, manifest.Issued, manifest.Excepted, manifest.Excluded, manifest.Amount.Fen)
            .Should().Be((Residents + 7, Residents + 2, 5, 0, total));
    }

    [Fact]
    public async Task A_season_of_heat()
    {
        await invoicing.Accounts([
            Account(1, plan: null, heatPlan: BeijingHeat),
            Account(2, heatPlan: BeijingHeat, area: 100m, opened: "2026-01-10"),
            Account(3, plan: null, heatPlan: "beijing-residential-heat-metered", area: 100m), Account(4),
        ]);
        (await invoicing.Drafted("winter", "2025-2026", Utility.Heat)).GetProperty("cohort").GetInt32().Should().Be(3);
        await invoicing.Posted("winter");
        (await invoicing.Query<(string, long)>("select invoice_no, amount_fen from invoice order by invoice_no"))
            .Should().Equal(
            ("H20252026-00000001", 2_370_24), ("H20252026-00000002", 1_289_26), ("H20252026-00000003", 2_400_00));
    }

    [Fact]
    public async Task The_same_run_started_twice_bills_once()
    {
        await City();
        var freezes = await Task.WhenAll(invoicing.Freeze("twice"), invoicing.Freeze("twice"));
        freezes.Select(freeze => freeze.StatusCode).Should()
            .BeEquivalentTo([HttpStatusCode.Created, HttpStatusCode.OK]);
        (await (await invoicing.Freeze("twice", due: "2025-11-21")).Code()).Should().Be("run-taken");
        await invoicing.Until("twice", "drafted");
        await Task.WhenAll(invoicing.Post("/runs/twice/post"), invoicing.Post("/runs/twice/post"));
        await invoicing.Until("twice", "posted");
        (await invoicing.Post("/runs/twice/post")).StatusCode.Should().Be(HttpStatusCode.OK);
        (await invoicing.Books()).Count.Should().Be(Residents + 2);
    }

    [Fact]
    public async Task Two_runs_of_the_same_period_bill_nobody_twice()
    {
        await City();
        await invoicing.Drafted("first");
        await invoicing.Drafted("second");
        await invoicing.Posted("first");
        var books = await invoicing.Books();

        await invoicing.Posted("second");
        (await invoicing.Books()).Should().Be(books);
        (await invoicing.Counts("second")).Should().Be((0, 5, Residents + 2));

        await invoicing.Import($"{No(703)},M703,2025-10-31,regular,241,,");
        var third = await invoicing.Drafted("third");
        third.GetProperty("drafting").GetProperty("invoices").GetInt32().Should().Be(2, "703 and the rolled-over one");
        await invoicing.Posted("third");
        (await invoicing.Scalar<string>("select invoice_no from invoice where account_no = '1000000703'"))
            .Should().Be($"E202510-{Residents + 3:00000000}", "the numbers go on across runs");
        (await invoicing.Counts("third")).Should().Be((1, 4, Residents + 2));
    }

    [Fact]
    public async Task What_was_put_right_is_drafted_again()
    {
        await City();
        await invoicing.Drafted("right");
        (await invoicing.Review("right", 1, "exclude")).EnsureSuccessStatusCode();
        (await invoicing.Review("right", 707, "release")).EnsureSuccessStatusCode();
        await invoicing.Import($"{No(703)},M703,2025-10-31,regular,241,,");
        using var document = JsonDocument.Parse(
            Plan(Beijing).Document.GetRawText()
                .Replace($"\"{Beijing}\"", "\"unknown-plan\"", StringComparison.Ordinal));
        await invoicing.Tell(
            Plan(Beijing) with { Plan = PlanCode.Parse("unknown-plan"), Document = document.RootElement.Clone() });

        (await invoicing.Post("/runs/right/redraft")).EnsureSuccessStatusCode();
        await invoicing.Until("right", "drafted");
        var drafted = await invoicing.Get("/runs/right");
        (drafted.GetProperty("draft").GetInt32(), drafted.GetProperty("drafting").GetProperty("invoices").GetInt32())
            .Should().Be((2, Residents + 5));
        drafted.Texts("exceptions", "code").Should().Equal(
            "amount-zero", "excluded-by-person", "not-yet-opened", "usage-rolled-over");
        drafted.Texts("exceptions", "state").Should().Equal("open", "excluded", "open", "open");
        await invoicing.Posted("right");
        (await invoicing.Counts("right")).Should().Be((Residents + 3, 3, 1));
        (await invoicing.Query<long>("select amount_fen from invoice where account_no in ('1000000703', '1000000705')"))
            .Should().BeEquivalentTo([117_73L, 4_88]);
        await invoicing.Execute("delete from plan_version where plan = 'unknown-plan'");
    }

    [Fact]
    public async Task A_person_excludes_and_releases()
    {
        await City();
        await invoicing.Drafted("review");
        (await (await invoicing.Review("review", 703, "release")).Code()).Should().Be("run-exception-not-releasable");
        (await (await invoicing.Review("review", 2, "release")).Code()).Should().Be("run-exception-unknown");
        (await (await invoicing.Review("review", 708, "exclude")).Code()).Should().Be("run-account-unknown");
        foreach (var (account, action) in new[]
        {
            (1, "exclude"), (2, "exclude"), (2, "release"), (3, "exclude"), (3, "exclude"), (707, "release"),
            (704, "exclude"),
        })
            (await invoicing.Review("review", account, action)).EnsureSuccessStatusCode();
        var open = await invoicing.Get("/runs/review/exceptions?state=excluded");
        open.Texts("items", "account").Should().Equal("1000000001", "1000000003", "1000000704");
        (await (await invoicing.Http.GetAsync(new Uri("/runs/review/exceptions?state=Excluded", UriKind.Relative)))
            .Code()).Should().Be("exception-state-unknown");

        await invoicing.Posted("review");
        (await (await invoicing.Review("review", 5, "exclude")).Code()).Should().Be("run-posting-begun");
        (await (await invoicing.Post("/runs/review/redraft")).Code()).Should().Be("run-posting-begun");
        (await invoicing.Counts("review")).Should().Be((Residents + 1, 3, 3));
        (await invoicing.Query<string>(
            "select account_no from invoice where account_no in ('1000000001', '1000000002', '1000000003', " +
            "'1000000707')"))
            .Should().BeEquivalentTo("1000000002", "1000000707");
        (await invoicing.Query<string>("select invoice_no from invoice order by account_no"))
            .Should().Equal(Enumerable.Range(1, Residents + 1).Select(number => $"E202510-{number:00000000}"));
    }

    [Fact]
    public async Task A_reading_that_came_after_the_draft_holds_its_account_back()
    {
        await invoicing.Accounts([
            .. Enumerable.Range(1, 4).Select(number => Account(number)),
            Account(5, meters: [Single("M5"), Single("N5")]),
        ]);
        await invoicing.Import([
            .. Enumerable.Range(1, 5).SelectMany(number => OctoberOf(number, 240m)),
            $"{No(5)},N5,2025-07-31,initial,0,,", $"{No(5)},N5,2025-08-31,final,5,,"]);
        await invoicing.Drafted("late");
        (await invoicing.Review("late", 4, "exclude")).EnsureSuccessStatusCode();
        await invoicing.Import(
            $"{No(2)},M2,2025-11-01,regular,249,,", $"{No(3)},M3,2025-11-30,regular,500,,",
            $"{No(4)},M4,2025-11-01,regular,249,,", $"{No(5)},N5,2025-10-31,initial,0,,");
        await invoicing.Posted("late");
        var exceptions = await invoicing.Get("/runs/late/exceptions");
        exceptions.Texts("items", "code").Should().Equal("draft-outdated", "draft-outdated");
        exceptions.Texts("items", "state").Should().Equal("open", "excluded");
        (await invoicing.Query<string>("select account_no from invoice order by 1")).Should()
            .Equal("1000000001", "1000000003", "1000000005");
    }

    [Fact]
    public async Task A_second_meter_that_was_not_read_holds_its_account_back()
    {
        await invoicing.Accounts(Enumerable.Range(1, 3).Select(
            number => Account(number, meters: [Single($"M{number}"), Single($"N{number}")])));
        await invoicing.Import([
            .. Enumerable.Range(1, 3).SelectMany(number => OctoberOf(number, 240m)),
            $"{No(1)},N1,2025-09-30,initial,0,,",
            $"{No(2)},N2,2025-07-31,initial,0,,", $"{No(2)},N2,2025-08-31,final,5,,",
        ]);
        await invoicing.Drafted("second-meter");
        var exceptions = await invoicing.Get("/runs/second-meter/exceptions");
        exceptions.Texts("items", "account").Should().Equal("1000000001", "1000000003");
        exceptions.Texts("items", "code").Should().Equal("reading-missing", "meter-not-started");
    }

    [Fact]
    public async Task Consumption_that_comes_after_its_invoice_is_in_the_next_one()
    {
        await invoicing.Accounts([Account(1)]);
        await invoicing.Import(OctoberOf(1, 240m));
        await invoicing.Drafted("oct");
        await invoicing.Posted("oct");
        await invoicing.Import($"{No(1)},M1,2025-11-01,regular,250,,", $"{No(1)},M1,2025-11-30,regular,490,,");
        await invoicing.Drafted("nov", "2025-11");
        await invoicing.Posted("nov");
        var invoice = await invoicing.Get("/invoices/E202511-00000001/explain");
        invoice.GetProperty("readings").GetArrayLength().Should().Be(3);
        invoice.Fen("amount").Should()
            .Be(117_19 + 5_38, "10 late and 240 new kWh, the tenth over 240 in the second tier");
        (await invoicing.Get("/runs/nov")).GetProperty("previous").Fen("amount").Should().Be(117_19);
    }
}
