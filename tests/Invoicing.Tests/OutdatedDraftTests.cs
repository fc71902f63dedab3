using System.Net.Http.Json;
using System.Text.Json;
using Billing.Contracts.Api;
using Billing.Contracts.Customer;
using Billing.Contracts.Tariff;
using Dapper;
using static Billing.Invoicing.Tests.Facts;
using static Billing.Invoicing.Tests.InvoicingService;

namespace Billing.Invoicing.Tests;

/// <summary>
/// What changes between draft and post holds back the drafts that rest on it, and no others; the rest is posted.
/// </summary>
public sealed class OutdatedDraftTests(InvoicingService invoicing) : IClassFixture<InvoicingService>, IAsyncLifetime
{
    private const string Spring = "spring-price";
    private static int _codes;

    public Task InitializeAsync() => invoicing.Forget();

    public Task DisposeAsync() => Task.CompletedTask;

    /// <summary>A plan of this test's own: its versions stay in the database for the next one.</summary>
    private static PlanPublished Own(int version = 1, string from = "2025-01-01", decimal price = 0.5m) =>
        Flat($"{Spring}-{_codes}", version, from, price);

    private async Task<PlanPublished> Draft(string run, params int[] onSpring)
    {
        Interlocked.Increment(ref _codes);
        var plan = Own();
        await invoicing.Tell(plan);
        await invoicing.Accounts(Enumerable.Range(1, 3).Select(
            number => Account(number, onSpring.Contains(number) ? plan.Plan.Value : Beijing)));
        await invoicing.Import(Enumerable.Range(1, 3).SelectMany(number => OctoberOf(number, 240m)));
        await invoicing.Drafted(run);
        return plan;
    }

    [Fact]
    public async Task A_price_withdrawn_after_the_draft_bills_nobody()
    {
        var plan = await Draft("withdrawn", 1, 2);
        await invoicing.Tell(Withdrawn(plan, 90));

        var begun = await Post("withdrawn");

        (begun.After("invoices"), begun.After("outdated"), begun.Amount).Should().Be(("1", "2", new Money(117_19)));
        (await invoicing.Counts("withdrawn")).Should().Be((1, 2, 0));
        (await invoicing.Query<string>("select plan from invoice")).Should().Equal(Beijing);
        (await Held("withdrawn")).Should().AllSatisfy(held => held.Should().Be((
            "draft-outdated",
            $"After the draft the price plan ({plan.Plan} version 1 then, none now) changed, so it was " +
            "left out; another run of the period bills the account.")));
        var (manifest, wrong) = await invoicing.Verified("withdrawn");
        wrong.Should().BeEmpty();
        (manifest.Cohort, manifest.Issued, manifest.Excepted, manifest.Exceptions[0].Code).Should()
            .Be((3, 1, 2, "draft-outdated"));
    }

    [Fact]
    public async Task A_run_of_which_every_draft_is_outdated_is_not_posted_and_can_be_drafted_again()
    {
        var plan = await Draft("all-outdated", 1, 2, 3);
        await invoicing.Tell(Withdrawn(plan, 90));
        (await (await invoicing.Post("/runs/all-outdated/post")).Code()).Should().Be("run-outdated");
        (await invoicing.Get("/runs/all-outdated")).GetProperty("state").GetString().Should().Be("drafted");
        (await invoicing.Post("/runs/all-outdated/redraft")).EnsureSuccessStatusCode();
        await invoicing.Until("all-outdated", "drafted");
        (await Held("all-outdated")).Select(held => held.Code).Should()
            .Equal("plan-missing", "plan-missing", "plan-missing");
    }

    [Theory]
    [InlineData("2025-10-16", 1, "it prices a part of the month")]
    [InlineData("2025-11-01", 0, "it prices the month after")]
    public async Task A_new_version_outdates_the_drafts_of_the_months_it_prices(string from, int outdated, string why)
    {
        var plan = await Draft("superseded", 1);
        var next = Own(2, from, 0.6m);
        await invoicing.Tell(
            next, Superseded(plan, 2, Day(from).AddDays(-1).ToString("yyyy-MM-dd", null), 91));
        (await Post("superseded")).After("outdated").Should().Be($"{outdated}", why);
    }

    public static TheoryData<string, bool> Changes => new()
    {
        { "area", true }, { "use", true }, { "class", true }, { "project", true }, { "plan", true }, { "opened", true },
        { "name", false }, { "electricity", false },
    };

    [Theory, MemberData(nameof(Changes))]
    public async Task A_supply_that_changed_after_the_draft_holds_its_account_back(string what, bool matters)
    {
        var was = Account(1, heatPlan: BeijingHeat);
        await invoicing.Accounts([was, Account(2, heatPlan: BeijingHeat)]);
        await invoicing.Drafted("heat", "2025-2026", Utility.Heat);
        var now = Account(1, heatPlan: BeijingHeat, version: 2);
        await invoicing.Accounts([what switch
        {
            "area" => now with { Heat = now.Heat! with { BillingAreaM2 = 120m } },
            "use" => now with { Heat = now.Heat! with { UseClass = "商铺" } },
            "class" => now with { Class = CustomerClass.Commercial },
            "project" => now with { Project = Project.Parse("新小区") },
            "plan" => now with { Heat = now.Heat! with { Plan = PlanCode.Parse("beijing-residential-heat-metered") } },
            "opened" => now with { OpenedOn = Day("2025-12-01") },
            "name" => now with { Customer = CustomerNo.Parse("C1999999"), MaskedName = "李*" },
            _ => now with { Electricity = new(PlanCode.Parse(Beijing), "<1kV", [Single("N1")]) },
        }]);

        (await Post("heat")).After("outdated").Should().Be(matters ? "1" : "0");

        (await invoicing.Query<string>("select account_no from invoice order by 1")).Should()
            .Equal(matters ? ["1000000002"] : ["1000000001", "1000000002"]);
        if (matters)
        {
            (await Held("heat")).Should().Equal([(
                "draft-outdated",
                "After the draft the supply changed, so it was left out; another run of the period bills the " +
                "account.")]);
        }
    }

    [Fact]
    public async Task An_area_with_other_zeros_is_the_same_area()
    {
        await invoicing.Accounts([Account(1, heatPlan: BeijingHeat, area: 98.5m)]);
        await invoicing.Drafted("zeros", "2025-2026", Utility.Heat);
        await invoicing.Accounts([Account(1, heatPlan: BeijingHeat, area: 98.500m, version: 2)]);
        (await Post("zeros")).After("outdated").Should().Be("0");
    }

    [Fact]
    public async Task What_is_outdated_is_drafted_again_with_the_facts_of_now()
    {
        await invoicing.Accounts([Account(1, heatPlan: BeijingHeat, area: 100m)]);
        await invoicing.Drafted("again", "2025-2026", Utility.Heat);
        await invoicing.Accounts([Account(1, heatPlan: BeijingHeat, area: 200m, version: 2)]);
        (await (await invoicing.Post("/runs/again/post")).Code()).Should().Be("run-outdated");
        (await invoicing.Post("/runs/again/redraft")).EnsureSuccessStatusCode();
        await invoicing.Until("again", "drafted");
        await invoicing.Posted("again");
        (await invoicing.Query<long>("select amount_fen from invoice")).Should().Equal([4_800_00L], "24 yuan a m²");
    }

    [Fact]
    public async Task An_exchanged_meter_and_what_a_person_released_are_held_back_too()
    {
        await Draft("meters");
        await invoicing.Execute(
            "update run_exception set state = 'released' where run = 'meters'; " +
            "insert into run_exception select 'meters', '1000000001', 0, 'usage-high', 'High.', 'released', 11719");
        await invoicing.Accounts([Account(1, version: 2, meters: [Single("M1"), Single("N1")])]);
        await invoicing.Import(
            $"{No(2)},M2,2025-11-01,final,250,,", $"{No(3)},M3,2025-11-30,regular,300,,");
        (await Post("meters")).After("outdated").Should().Be("2");
        (await Held("meters")).Select(held => held.Message).Should().AllBe(
            "After the draft the meters or their readings changed, so it was left out; another run of the period " +
            "bills the account.");
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task What_was_billed_or_credited_earlier_in_the_year_outdates_where_the_price_asks_for_it(bool credit)
    {
        Interlocked.Increment(ref _codes);
        var yearly = Flat($"{Spring}-{_codes}", 1, "2024-01-01", 0.5m, false, YearlyMinimum(300));
        await invoicing.Tell(yearly);
        await invoicing.Accounts([Account(1, yearly.Plan.Value), Account(2)]);
        await invoicing.Import(Enumerable.Range(1, 2).SelectMany(n => new[]
        {
            $"{No(n)},M{n},2025-08-31,initial,0,,", $"{No(n)},M{n},2025-09-30,regular,100,,",
            $"{No(n)},M{n},2025-10-31,regular,200,,",
        }));
        await invoicing.Drafted(credit ? "september" : "october", credit ? "2025-09" : "2025-10");
        if (credit)
            await invoicing.Posted("september");
        await invoicing.Drafted(credit ? "october" : "september", credit ? "2025-10" : "2025-09");
        if (credit)
        {
            (await invoicing.Http.PutAsJsonAsync(
                "/invoices/E202509-00000001/credits/Y1", new { amount = new { fen = 5_00 }, reason = "抄表差错" }))
                .EnsureSuccessStatusCode();
        }
        else
        {
            await invoicing.Posted("september");
        }
        (await Post("october")).After("outdated").Should().Be("1");
        (await Held("october")).Should().Equal([(
            "draft-outdated",
            "After the draft what came earlier in the year changed, so it was left out; another run of the period " +
            "bills the account.")]);
    }

    [Fact]
    public async Task A_change_that_is_under_way_when_posting_begins_is_waited_for_and_seen()
    {
        await invoicing.Accounts([
            Account(1, heatPlan: BeijingHeat), Account(2, heatPlan: BeijingHeat)]);
        await invoicing.Drafted("race", "2025-2026", Utility.Heat);
        await using var connection = await invoicing.Running.Source.OpenConnectionAsync();
        await using var change = await connection.BeginTransactionAsync();
        await PostingGate.Share(connection, default);
        var posting = Post("race");
        await Eventually.Is(1L, () => invoicing.Scalar<long>("""
            select count(*) from pg_locks where locktype = 'advisory' and not granted
              and database = (select oid from pg_database where datname = current_database())
            """), "the number of runs that wait at the gate");
        await connection.ExecuteAsync(
            "update account_supply set version = 2, area_m2 = 300 where account_no = '1000000001'");
        await change.CommitAsync();
        (await posting).After("outdated").Should().Be("1");
    }

    /// <summary>Posts the whole run; answers what posting began with.</summary>
    private async Task<ProposalDetails> Post(string run)
    {
        var begun = await (await invoicing.Post($"/runs/{run}/post")).Proposal();
        await invoicing.Until(run, "posted");
        return begun;
    }

    private Task<List<(string Code, string Message)>> Held(string run) => invoicing.Query<(string, string)>(
        $"select code, message from run_exception where run = '{run}' and state = 'open' order by account_no");
}
