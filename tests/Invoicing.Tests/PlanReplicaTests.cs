using System.Net;
using System.Text.Json;
using Billing.Contracts.Tariff;
using static Billing.Invoicing.Tests.Facts;

namespace Billing.Invoicing.Tests;

/// <summary>What Invoicing makes of the facts about plans, whatever order they come in.</summary>
public sealed class PlanReplicaTests(InvoicingService invoicing) : IClassFixture<InvoicingService>, IAsyncLifetime
{
    private static int _cases;

    // A version never changes, and whoever has read one knows it from then on: each case has a plan of its own.
    private readonly string _plan = $"changing-plan-{Interlocked.Increment(ref _cases)}";

    private string Known => $"""
        select (to_jsonb(p) - 'applied_at')::text from plan_version p where plan = '{_plan}'
        """;

    private PlanPublished First => Version(_plan, 1, "2025-01-01", sequence: 10);

    public async Task InitializeAsync() => await invoicing.Forget();

    public Task DisposeAsync() => invoicing.Execute($"delete from plan_version where plan = '{_plan}'");

    /// <summary>Version 2 follows an open version 1 on this day; which version bills these months?</summary>
    [Theory]
    [InlineData("2025-11-01", "2025-10-31", "1", "2", "2")]
    [InlineData("2025-11-15", "2025-11-14", "1", "[1, 2]", "2")]
    [InlineData("2025-10-02", "2025-10-01", "[1, 2]", "2", "2")]
    public async Task A_run_pins_the_versions_that_fill_its_month(
        string from, string last, string? october, string? november, string? december)
    {
        await invoicing.Accounts([Account(1, plan: _plan)]);
        await invoicing.Tell(First, Version(_plan, 2, from, sequence: 12));
        await Runs("early", "only the publications are heard");
        await invoicing.Tell(Superseded(First, 2, last, 11));
        await Runs("late", "the supersession is heard too");

        async Task Runs(string name, string because)
        {
            foreach (var (period, version) in new[]
            {
                ("2025-10", october), ("2025-11", november), ("2025-12", december),
            })
            {
                var run = $"{name}-{period}";
                var drafted = await invoicing.Drafted(run, period);
                (await invoicing.Scalar<string?>($"select plans ->> '{_plan}' from run where run = '{run}'"))
                    .Should().Be(version, "{0} is billed when {1}", period, because);
                drafted.Texts("exceptions", "code").Should()
                    .Equal(version is null ? "plan-missing" : "reading-missing");
            }
        }
    }

    [Fact]
    public async Task A_month_with_a_day_without_a_price_is_not_billed()
    {
        await invoicing.Accounts([Account(1, plan: _plan)]);
        await invoicing.Tell(
            First, Superseded(First, 2, "2025-10-13", 11), Version(_plan, 2, "2025-10-15", sequence: 12));

        (await invoicing.Drafted("hole")).Texts("exceptions", "code").Should().Equal("plan-missing");
    }

    [Fact]
    public async Task The_month_before_the_change_is_billed_when_the_successor_is_withdrawn()
    {
        var second = Version(_plan, 2, "2025-11-01", sequence: 12);
        await invoicing.Accounts([Account(1, plan: _plan)]);
        await invoicing.Tell(Withdrawn(second, 13), Superseded(First, 2, "2025-10-31", 11), second, First);

        await invoicing.Drafted("before");
        await invoicing.Drafted("after", "2025-11");

        (await invoicing.Scalar<string?>($"select plans ->> '{_plan}' from run where run = 'before'")).Should().Be("1");
        (await invoicing.Scalar<string?>($"select plans ->> '{_plan}' from run where run = 'after'")).Should().BeNull();
    }

    /// <summary>All 24 orders, one message after the other, and everything once more at the end.</summary>
    [Fact]
    public async Task Every_order_of_four_facts_gives_the_same_version()
    {
        object[] facts =
        [
            First, Superseded(First, 2, "2025-10-31", 11), Superseded(First, 3, "2025-06-30", 12), Withdrawn(First, 13),
        ];
        string? expected = null;
        foreach (var order in Orders(facts))
        {
            await invoicing.Execute($"delete from plan_version where plan = '{_plan}'");
            foreach (var fact in order)
                await invoicing.Tell(fact);
            await invoicing.Tell([.. order.Reverse()]);
            var known = await invoicing.Scalar<string>(Known);
            known.Should().Be(expected ??= known);
        }
        var version = (await Versions()).Single();
        Text(version).Should().Be("withdrawn 2025-01-01 2025-06-30 3");
    }

    [Fact]
    public async Task Everybody_can_see_what_is_known_and_how_late_it_came()
    {
        var second = Version(_plan, 2, "2025-11-01", sequence: 12);
        await invoicing.Tell(new PlanWithdrawn(First.Plan, 7, "错误", second.Origin with { Sequence = 9 }));
        await invoicing.Tell(Superseded(First, 2, "2025-10-31", 11));
        await invoicing.Tell(First);
        await invoicing.Tell(second);

        (await Versions()).Select(Text).Should().Equal(
            "superseded 2025-01-01 2025-10-31 2", "published 2025-11-01  ", "withdrawn   ");
        (await invoicing.Get("/plans")).GetProperty("sequence").GetInt64().Should().Be(12);
        var version = (await Versions())[0];
        var recorded = version.GetProperty("recordedAt").GetDateTimeOffset();
        var applied = version.GetProperty("appliedAt").GetDateTimeOffset();
        recorded.Should().Be(new DateTimeOffset(2025, 9, 1, 0, 11, 0, TimeSpan.Zero), "the newest fact counts");
        applied.Should().BeAfter(recorded);
        version.GetProperty("delayMs").GetDouble().Should().BeApproximately((applied - recorded).TotalMilliseconds, 1);
        var page = await invoicing.Get("/plans?limit=1");
        var rest = await invoicing.Get($"/plans?after={page.GetProperty("next").GetString()}");
        page.Texts("versions", "plan").Concat(rest.Texts("versions", "plan")).Distinct().Should().HaveCount(5);
        rest.GetProperty("next").ValueKind.Should().Be(JsonValueKind.Null);
    }

    [Theory, InlineData(0), InlineData(501)]
    public async Task A_page_has_limits(int limit)
    {
        var answer = await invoicing.Http.GetAsync(new Uri($"/plans?limit={limit}", UriKind.Relative));

        answer.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await answer.Code()).Should().Be("limit-invalid");
    }

    private async Task<List<JsonElement>> Versions() => [.. (await invoicing.Get("/plans")).GetProperty("versions")
        .EnumerateArray().Where(version => version.GetProperty("plan").GetString() == _plan)];

    private static string Text(JsonElement version) =>
        $"{version.GetProperty("state")} {version.GetProperty("validFrom")} {version.GetProperty("validTo")} " +
        version.GetProperty("supersededBy");

    private static IEnumerable<object[]> Orders(object[] facts) => facts.Length == 0
        ? [[]]
        : facts.SelectMany(first => Orders([.. facts.Where(fact => fact != first)]), (first, rest) => (object[])
            [first, .. rest]);
}
