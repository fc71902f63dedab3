using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Billing.Contracts;
using Billing.Contracts.Tariff;

namespace Billing.Customers.Tests;

/// <summary>What Customer makes of the facts about plans, and what it refuses because of them.</summary>
public sealed class PlanReplicaTests(ServiceFixture service) : IClassFixture<ServiceFixture>
{
    private static int _accounts;

    public static TheoryData<int> Seeds => [1, 2, 3, 4, 5, 6];

    /// <summary>The shuffle law: any order, any repetition, the same rows.</summary>
    [Theory, MemberData(nameof(Seeds))]
    public async Task Any_order_and_repetition_gives_the_same_replica(int seed)
    {
        var random = new Random(seed);
        var facts = Facts(seed * 1_000, random);
        await Forget();
        await service.Tell([.. facts]);
        var expected = await Rows();
        for (var round = 0; round < 3; round++)
        {
            object[] shuffled = [.. facts.SelectMany(fact => Enumerable.Repeat(fact, random.Next(1, 4)))];
            random.Shuffle(shuffled);
            await Forget();
            await service.Tell(shuffled);
            (await Rows()).Should().Be(expected);
        }
    }

    [Fact]
    public async Task A_supply_is_on_a_plan_that_is_published()
    {
        await Published("fair");
        (await Change("fair")).StatusCode.Should().Be(HttpStatusCode.OK);
        (await Open("fair")).StatusCode.Should().Be(HttpStatusCode.Created);
    }

    [Theory]
    [InlineData("unheard-of", "plan-not-published"), InlineData("beijing-residential-heat", "plan-of-another-utility")]
    public async Task A_supply_is_on_no_other_plan(string plan, string code)
    {
        await Refused(await Open(plan), code);
        await Refused(await Change(plan), code);
    }

    [Fact]
    public async Task A_plan_of_another_class_is_refused()
    {
        await service.Tell(ServiceFixture.Plan("commercial-electricity", 300));
        await Refused(await Open("commercial-electricity"), "plan-not-for-class");
        await Refused(await Change("commercial-electricity"), "plan-not-for-class");
    }

    [Fact]
    public async Task A_withdrawn_plan_is_refused_and_one_with_another_version_is_not()
    {
        var version = await Published("withdrawn");
        await service.Tell(new PlanWithdrawn(version.Plan, 1, "错误", ServiceFixture.At(402), version.Document));
        await Refused(await Open("withdrawn"), "plan-not-published");

        await Published("withdrawn", 2);
        (await Open("withdrawn")).StatusCode.Should().Be(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_withdrawal_that_comes_first_is_not_forgotten()
    {
        await service.Tell(new PlanWithdrawn(PlanCode.Parse("early-end"), 1, "错误", ServiceFixture.At(502)));
        await Published("early-end");
        await Refused(await Open("early-end"), "plan-not-published");
    }

    [Fact]
    public async Task A_plan_that_ended_is_refused_from_the_next_day_on()
    {
        var version = await Published("ended");
        await service.Tell(new PlanSuperseded(
            version.Plan, 1, 2, new(2026, 4, 30), version.Document, ServiceFixture.At(602)));
        await Refused(await Change("ended", "2026-05-01"), "plan-not-published");
        (await Change("ended", "2026-04-30")).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_plan_that_is_to_come_is_refused_until_a_version_of_it_began()
    {
        var version = ServiceFixture.Plan(Town.Plans[0], 700, "to-come");
        var json = JsonNode.Parse(version.Document.GetRawText())!;
        json["validFrom"] = "2199-06-01";
        var coming = JsonElement.Parse(json.ToJsonString());
        await service.Tell(version with { Version = 9, ValidFrom = new(2199, 6, 1), Document = coming });
        await Refused(await Open("to-come"), "plan-not-begun");
        await Refused(await Change("to-come"), "plan-not-begun");

        await service.Tell(version);
        (await Open("to-come")).StatusCode.Should().Be(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Changes_of_days_to_come_are_refused()
    {
        foreach (var supply in (string[])["electricity", "heat"])
            await Refused(await Change("beijing-residential-" + supply, "2199-01-01", supply), "change-in-future");
    }

    [Fact]
    public async Task What_is_known_of_plans_is_listed_with_its_position()
    {
        var version = await Published("listed", sequence: 9_000);
        await service.Tell(new PlanSuperseded(
            version.Plan, 1, 2, new(2027, 1, 31), version.Document, ServiceFixture.At(9_001)));

        var page = await service.Http.GetFromJsonAsync<JsonElement>(
            new Uri("plans?after=list&limit=1", UriKind.Relative));

        page.GetProperty("sequence").GetInt64().Should().Be(9_001);
        var row = page.GetProperty("versions")[0];
        (row.GetProperty("plan").GetString(), row.GetProperty("state").GetString(),
            row.GetProperty("utility").GetString(), row.GetProperty("validTo").GetString())
            .Should().Be(("listed", "superseded", "Electricity", "2027-01-31"));
        page.GetProperty("next").GetString().Should().Be("listed");
        (await ServiceFixture.CodeOf(await service.Http.GetAsync(new Uri("plans?limit=0", UriKind.Relative))))
            .Should().Be("limit-invalid");
    }

    private static List<object> Facts(int sequence, Random random)
    {
        var facts = new List<object>();
        for (var plan = 1; plan <= 4; plan++)
        {
            var version = ServiceFixture.Plan(Town.Plans[plan % 2], ++sequence, $"shuffled-{plan}");
            facts.Add(version);
            for (var (by, month) = (2, 12); by <= random.Next(1, 4); by++)
                facts.Add(new PlanSuperseded(version.Plan, 1, by, new(2027, month -= random.Next(1, 4), 15),
                    version.Document, ServiceFixture.At(++sequence)));
            if (random.Next(2) == 0)
                facts.Add(new PlanWithdrawn(version.Plan, 1, "错误", ServiceFixture.At(++sequence),
                    random.Next(2) == 0 ? null : version.Document));
        }
        return facts;
    }

    private Task Forget() => service.Scalar<int>(
        "with gone as (delete from plan_version where plan like 'shuffled-%' returning 1) select 1");

    private Task<string> Rows() => service.Scalar<string>("""
        select string_agg((to_jsonb(p) - 'applied_at')::text, e'\n' order by plan, version) from plan_version p
        where plan like 'shuffled-%'
        """);

    private async Task<PlanPublished> Published(string code, int version = 1, long sequence = 200)
    {
        var published = ServiceFixture.Plan(Town.Plans[0], sequence + version, code, version);
        await service.Tell(published);
        return published;
    }

    /// <summary>Opens an account of its own on a plan.</summary>
    private Task<HttpResponseMessage> Open(string plan) => Open(Next(), plan);

    private async Task<HttpResponseMessage> Open(string account, string plan)
    {
        await Put("customers/C500001", """{"name":"张伟","phone":"","kind":"Person"}""");
        return await Put($"accounts/{account}", $$"""
            {"customer":"C500001","region":"海淀区","project":"阳光花园","address":"1室","class":"Residential",
             "openedOn":"2020-10-01","heat":null,
             "electricity":{"plan":"{{plan}}","voltage":"<1kV",
               "meters":[{"meterNo":"M1","multiplier":1,"digits":6,"timeOfUse":false}]} }
            """);
    }

    /// <summary>Puts the supply of an ordinary account on a plan.</summary>
    private async Task<HttpResponseMessage> Change(string plan, string on = "2026-10-01", string supply = "electricity")
    {
        var account = Next();
        (await Open(account, Town.Plans[0])).StatusCode.Should().Be(HttpStatusCode.Created);
        return await Put($"accounts/{account}/{supply}", supply == "heat"
            ? $$"""
              {"changedOn":"{{on}}","plan":"{{plan}}","billingAreaM2":80,"storeyHeightM":null,"useClass":"住宅",
               "metered":false}
              """
            : $$"""
              {"changedOn":"{{on}}","plan":"{{plan}}","voltage":"<1kV",
               "meters":[{"meterNo":"M2","multiplier":1,"digits":6,"timeOfUse":false}]}
              """);
    }

    private static string Next() => $"{5_000_000_000 + Interlocked.Increment(ref _accounts)}";

    private static async Task Refused(HttpResponseMessage response, string code)
    {
        response.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
        (await ServiceFixture.CodeOf(response)).Should().Be(code);
    }

    private async Task<HttpResponseMessage> Put(string path, string json)
    {
        using var body = new StringContent(json, Encoding.UTF8, "application/json");
        return await service.Http.PutAsync(new Uri(path, UriKind.Relative), body);
    }
}
