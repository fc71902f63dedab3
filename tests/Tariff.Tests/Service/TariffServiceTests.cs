using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Billing.Testing;
using FluentAssertions;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static Billing.Tariffs.Tests.Service.Given;
using Published = Billing.Contracts.Tariff;

namespace Billing.Tariffs.Tests.Service;

public sealed class TariffServiceTests : IAsyncLifetime
{
    private Running? _running;

    private HttpClient Http => _running!.Http;

    public async Task InitializeAsync() => _running = await Running.Start(Program.Build);

    public async Task DisposeAsync() => await _running!.DisposeAsync();

    [Fact]
    public async Task A_plan_is_drafted_published_quoted_and_withdrawn()
    {
        var document = Plans.Text("beijing-residential-electricity");
        const string version = "plans/beijing-residential-electricity/versions/1";
        As("wang");
        (await Put(version, document)).StatusCode.Should().Be(HttpStatusCode.Created);
        (await Put(version, document)).StatusCode.Should().Be(HttpStatusCode.OK);
        (await CodeOf(await Quote("2026-10-31"))).Should().Be("quote-plan-not-in-force");

        using (var asked = await Http.As("user:li", HttpMethod.Post, version + "/publish"))
        {
            var proposal = await asked.Proposal();
            (proposal.After("status"), proposal.After("valid-from"), proposal.After("drafted-by"))
                .Should().Be(("Published", "2019-04-01", "user:wang"));
            proposal.After("document").Should().HaveLength(64);
            using var writer = await Http.Approve(proposal, "user:Wang");
            (await CodeOf(writer)).Should().Be("plan-approval-same-person");
            using var proposer = await Http.Approve(proposal, "user:li");
            (await CodeOf(proposer)).Should().Be("proposal-same-person");
            (await Put(version, document.Replace("0.4883", "0.4884", StringComparison.Ordinal)))
                .EnsureSuccessStatusCode();
            using var rewritten = await Http.Approve(proposal);
            (await CodeOf(rewritten)).Should().Be("proposal-outdated");
            (await Put(version, document)).EnsureSuccessStatusCode();
        }
        (await Publish(version)).StatusCode.Should().Be(HttpStatusCode.OK);
        (await Post(version + "/publish")).StatusCode.Should().Be(HttpStatusCode.OK);
        (await CodeOf(await Quote("2026-10-31", from: "2019-03-31"))).Should().Be("quote-plan-not-in-force");
        (await CodeOf(await Put(version, document.Replace("0.4883", "0.5", StringComparison.Ordinal))))
            .Should().Be("plan-version-never-changes");
        var stored = await Get(version);
        stored.GetProperty("status").GetString().Should().Be("Published");
        Texts(stored, "draftedBy", "publishedBy", "withdrawnBy").Should().Equal("user:wang", "user:zhang", null);
        JsonElement.DeepEquals(stored.GetProperty("document"), JsonElement.Parse(document)).Should().BeTrue();

        var quote = await Bill(await Quote("2026-10-31"));
        quote.GetProperty("versions")[0].GetInt32().Should().Be(1);
        quote.GetProperty("total").GetProperty("fen").GetInt64().Should().Be(14_357);
        var lines = quote.GetProperty("lines").EnumerateArray().ToList();
        lines.Sum(line => line.GetProperty("amount").GetProperty("fen").GetInt64()).Should().Be(14_357);
        lines[0].GetProperty("label").GetProperty("zh").GetString().Should().NotBeEmpty();
        lines[0].GetProperty("formula").GetString().Should().Be("240 kWh × 0.4883 = 117.19");

        (await Post(version + "/withdraw", """{"reason":"wrong price"}""")).StatusCode.Should().Be(HttpStatusCode.OK);
        Texts(await Get(version), "draftedBy", "publishedBy", "withdrawnBy")
            .Should().Equal("user:wang", "user:zhang", "user:wang");
        (await CodeOf(await Quote("2026-10-31"))).Should().Be("quote-plan-not-in-force");
        (await Get("plans")).GetProperty("versions")[0].GetProperty("status").GetString().Should().Be("Withdrawn");
        (await Get("plans/beijing-residential-electricity"))[0].GetProperty("nameZh").GetString()
            .Should().Be("北京居民阶梯电价(月)");
    }

    [Fact]
    public async Task A_draft_can_be_tried_out()
    {
        await Put("plans/beijing-residential-electricity/versions/1", Plans.Text("beijing-residential-electricity"));

        var quote = await Quote("2026-10-31", ",\"version\":1");

        quote.StatusCode.Should().Be(HttpStatusCode.OK);
        (await Bill(quote)).GetProperty("status").GetString().Should().Be("Drafted");
        (await CodeOf(await Quote("2026-10-31", ",\"version\":2"))).Should().Be("plan-version-unknown");
        (await CodeOf(await Quote("2026-09-30", ",\"version\":1"))).Should().Be("quote-case-invalid");
        (await CodeOf(await Quote("2019-03-31", ",\"version\":1", "2019-03-01")))
            .Should().Be("rating-outside-validity");
    }

    [Fact]
    public async Task A_penalty_and_a_suspension_can_be_asked_for_as_well()
    {
        await Put("plans/tianjin-residential-heat/versions/1", Plans.Text("tianjin-residential-heat"));

        var penalty = await Ask("""
            {"penalty": {"class": "Residential", "principal": 2500, "dueOn": "2025-12-31", "paidOn": "2026-01-31"} }
            """);
        penalty.GetProperty("penalty").GetProperty("amount").GetProperty("fen").GetInt64().Should().Be(15_500);
        var suspension = (await Ask("""{"suspension": {"season": 2026, "appliedOn": "2026-10-01"} }"""))
            .GetProperty("suspension");
        suspension.GetProperty("accepted").GetBoolean().Should().BeFalse();
        suspension.GetProperty("lastDay").GetString().Should().Be("2026-09-30");
        await Put("plans/commercial-electricity/versions/1", Plans.Text("commercial-electricity"));
        (await CodeOf(await Post("quotes", """
            {"plan":"commercial-electricity","version":1,
             "case":{"suspension": {"season": 2026, "appliedOn": "2026-10-01"} } }
            """))).Should().Be("suspension-not-in-plan");

        async Task<JsonElement> Ask(string question) => await (await Post("quotes", $$"""
            {"plan":"tianjin-residential-heat","version":1,"case":{{question}} }
            """)).Content.ReadFromJsonAsync<JsonElement>();
    }

    [Fact]
    public async Task Every_shipped_plan_in_yuan_can_be_published_and_no_other()
    {
        var files = Directory.GetFiles(Plans.Folder, "*.json");
        foreach (var file in files)
        {
            var currency = Plans.Parse(File.ReadAllText(file)).Currency;
            var code = Path.GetFileNameWithoutExtension(file);
            As("wang");
            (await Put($"plans/{code}/versions/1", File.ReadAllText(file))).StatusCode
                .Should().Be(HttpStatusCode.Created, code);
            using var answer = await Publish($"plans/{code}/versions/1");
            answer.StatusCode.Should().Be(
                currency == "CNY" ? HttpStatusCode.OK : HttpStatusCode.UnprocessableEntity, code);
            if (currency == "CNY")
                continue;
            var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
            problem.GetProperty("code").GetString().Should().Be("plan-not-billable");
            problem.GetProperty("errors").GetProperty("$.currency")[0].GetString().Should().Contain(currency);
            (await CodeOf(await Post("quotes", $$"""
                {"plan":"{{code}}","version":1,"case":{"suspension": {"season": 2026, "appliedOn": "2026-10-01"} } }
                """))).Should().Be("quote-currency-foreign", "yen are no fen, also not in a mere quote");
        }
        var page = await Get("plans?limit=3");
        page.GetProperty("versions").GetArrayLength().Should().Be(3);
        var rest = await Get($"plans?after={page.GetProperty("next").GetString()}");
        rest.GetProperty("next").ValueKind.Should().Be(JsonValueKind.Null);
        rest.GetProperty("versions").GetArrayLength().Should().Be(files.Length - 3);
    }

    [Fact]
    public async Task Mistakes_are_named_by_their_path()
    {
        var document = Plans.Json("beijing-residential-electricity");
        document["components"]![0]!["tiers"]![0]!["price"] = "cheap";
        document["colour"] = "red";

        var response = await Put("plans/beijing-residential-electricity/versions/1", document.ToJsonString());

        response.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        problem.GetProperty("code").GetString().Should().Be("plan-document-invalid");
        problem.GetProperty("errors").EnumerateObject().Select(error => error.Name)
            .Should().BeEquivalentTo("$.components[0].tiers[0].price", "$.colour");
    }

    [Theory]
    [InlineData("plans/none", "plan-unknown")]
    [InlineData("plans/none/versions/1", "plan-version-unknown")]
    public async Task What_is_not_there_is_not_found(string path, string code)
    {
        var response = await Http.GetAsync(new Uri(path, UriKind.Relative));

        response.StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await CodeOf(response)).Should().Be(code);
    }

    [Fact]
    public async Task Bodies_are_strict()
    {
        (await Post("plans/p/versions/1/withdraw", """{"reason":"x","why":"y"}""")).StatusCode
            .Should().Be(HttpStatusCode.BadRequest);
        (await Post("plans/p/versions/1/withdraw", "{}")).StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await Post("quotes", """{"plan":"p"}""")).StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await Put("plans/p/versions/1", "{")).StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await CodeOf(await Post("plans/p/versions/1/publish"))).Should().Be("plan-version-unknown");
        (await Get("openapi/v1.json")).GetProperty("paths").TryGetProperty("/quotes", out _).Should().BeTrue();
    }

    [Fact]
    public async Task What_is_published_goes_out_with_its_whole_document_and_who_published_it_is_recorded()
    {
        var heard = await Hear<Published.PlanPublished>();
        var document = Plans.Text("beijing-residential-heat");
        await Put("plans/beijing-residential-heat/versions/1", document);
        await Publish("plans/beijing-residential-heat/versions/1");

        var message = await heard.Task.WaitAsync(Eventually.Timeout);

        (message.Plan.Value, message.Version, message.ValidFrom, message.ValidTo)
            .Should().Be(("beijing-residential-heat", 1, new DateOnly(2019, 4, 1), null));
        JsonElement.DeepEquals(message.Document, JsonElement.Parse(document)).Should().BeTrue();
        (await _running!.Events.All<PlanPublished>()).Select(e => e.By).Should().Equal("user:zhang");
    }

    [Fact]
    public async Task A_later_version_supersedes_an_open_one_and_both_say_so()
    {
        var (superseded, withdrawn) = (await Hear<Published.PlanSuperseded>(), await Hear<Published.PlanWithdrawn>());
        await Hear<Published.PlanPublished>();
        var first = Plans.Text("beijing-residential-electricity");
        var second = Plans.Json("beijing-residential-electricity");
        (second["version"], second["validFrom"]) = (2, "2026-11-01");
        await Both(1, first);
        await Both(2, second.ToJsonString());

        var rows = await Get("plans/beijing-residential-electricity");
        rows.EnumerateArray().Select(row => Days(row, "validFrom", "validTo")).Should().Equal(
            "Published 2019-04-01 2026-10-31 2", "Published 2026-11-01  ");
        Days(await Get("plans/beijing-residential-electricity/versions/1"), "validFrom", "validTo")
            .Should().Be("Published 2019-04-01 2026-10-31 2");
        (await Version(await Quote("2026-10-31"))).Should().Be(1);
        (await Version(await Quote("2026-11-30", from: "2026-11-01"))).Should().Be(2);
        var change = await Bill(await Quote("2026-11-01", from: "2026-10-31"));
        change.GetProperty("versions").EnumerateArray().Select(number => number.GetInt32()).Should().Equal(1, 2);
        var told = await superseded.Task.WaitAsync(Eventually.Timeout);
        (told.Version, told.BySuccessor, told.LastDay).Should().Be((1, 2, new DateOnly(2026, 10, 31)));
        JsonElement.DeepEquals(told.Document, JsonElement.Parse(first)).Should().BeTrue();

        await Post("plans/beijing-residential-electricity/versions/2/withdraw", """{"reason":"wrong price"}""");
        (await CodeOf(await Quote("2026-11-30", from: "2026-11-01"))).Should().Be("quote-plan-not-in-force");
        (await Version(await Quote("2026-10-31"))).Should().Be(1);
        var document = (await withdrawn.Task.WaitAsync(Eventually.Timeout)).Document!.Value;
        JsonElement.DeepEquals(document, Element(second)).Should().BeTrue();

        async Task Both(int version, string document)
        {
            var path = $"plans/beijing-residential-electricity/versions/{version}";
            As("wang");
            (await Put(path, document)).EnsureSuccessStatusCode();
            (await Publish(path)).EnsureSuccessStatusCode();
        }

        static string Days(JsonElement of, params string[] days) =>
            $"{of.GetProperty("status")} {string.Join(' ', Texts(of, days))} {of.GetProperty("supersededBy")}";

        static async Task<int> Version(HttpResponseMessage quote) =>
            (await Bill(quote)).GetProperty("versions").EnumerateArray().Single().GetInt32();
    }

    /// <summary>Listens for the first message of a kind.</summary>
    private async Task<TaskCompletionSource<T>> Hear<T>()
        where T : class
    {
        var heard = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var bus = _running!.App.Services.GetRequiredService<IBusControl>();
        var handle = bus.ConnectReceiveEndpoint(
            $"listener-{typeof(T).Name}", endpoint => endpoint.Handler<T>(context =>
            {
                heard.TrySetResult(context.Message);
                return Task.CompletedTask;
            }));
        await handle.Ready;
        return heard;
    }

    private Task<HttpResponseMessage> Publish(string version) =>
        Http.Agree(HttpMethod.Post, $"/{version}/publish");

    private void As(string user) => Http.DefaultRequestHeaders.Authorization = TestTokens.Bearer(TestTokens.Of(user));

    private Task<HttpResponseMessage> Quote(string to, string more = "", string from = "2026-10-01") => Post(
        "quotes", $$"""
        {"plan":"beijing-residential-electricity" {{more}}, "case": {"supply": {"class": "Residential"},
         "usage": {"from":"{{from}}","to":"{{to}}", "registers": {"total": 289} } } }
        """);

    private static async Task<JsonElement> Bill(HttpResponseMessage quote) =>
        (await quote.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("bills")[0];

    private async Task<HttpResponseMessage> Put(string path, string json)
    {
        using var body = new StringContent(json, Encoding.UTF8, "application/json");
        return await Http.PutAsync(new Uri(path, UriKind.Relative), body);
    }

    private async Task<HttpResponseMessage> Post(string path, string? json = null)
    {
        using var body = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json");
        return await Http.PostAsync(new Uri(path, UriKind.Relative), body);
    }

    private Task<JsonElement> Get(string path) => Http.GetFromJsonAsync<JsonElement>(new Uri(path, UriKind.Relative));

    private static IEnumerable<string?> Texts(JsonElement of, params string[] names) =>
        names.Select(name => of.GetProperty(name).GetString());

    private static async Task<string?> CodeOf(HttpResponseMessage response) =>
        (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString();
}
