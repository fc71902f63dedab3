using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Billing.Customers.Tests;

public sealed class HttpTests(ServiceFixture service) : IClassFixture<ServiceFixture>
{
    private const string Customer = """{"name":"张伟","phone":"13800000001","kind":"Person"}""";

    [Fact]
    public async Task Put_registers_and_repeats()
    {
        (await Put("customers/C200001", Customer)).StatusCode.Should().Be(HttpStatusCode.Created);
        (await Put("customers/C200001", Customer)).StatusCode.Should().Be(HttpStatusCode.OK);
        var other = await Put("customers/C200001", Customer.Replace("张伟", "王芳", StringComparison.Ordinal));
        other.StatusCode.Should().Be(HttpStatusCode.Conflict);
        (await ServiceFixture.CodeOf(other)).Should().Be("customer-registered-otherwise");
        var shown = await Get("customers/C200001");
        (shown.GetProperty("maskedName").GetString(), shown.GetProperty("erased").GetBoolean())
            .Should().Be(("张*", false));
        (await service.Http.GetAsync(Relative("customers/C299999"))).StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task An_account_is_opened_changed_and_shown()
    {
        await Put("customers/C200002", Customer);
        (await Put("accounts/2000000002", Account("C200002"))).StatusCode.Should().Be(HttpStatusCode.Created);
        (await Put("accounts/2000000002", Account("C200002"))).StatusCode.Should().Be(HttpStatusCode.OK);
        var exchanged = await Put("accounts/2000000002/electricity", """
            {"changedOn":"2026-05-01","plan":"beijing-residential-electricity","voltage":"<1kV",
             "meters":[{"meterNo":"M2","multiplier":30,"digits":5,"timeOfUse":true}]}
            """);
        exchanged.StatusCode.Should().Be(HttpStatusCode.OK);
        var heated = await Put("accounts/2000000002/heat", """
            {"changedOn":"2026-05-01","plan":"beijing-residential-heat","billingAreaM2":88.2,"storeyHeightM":null,
             "useClass":"住宅","metered":false}
            """);
        heated.StatusCode.Should().Be(HttpStatusCode.OK);
        (await Put("accounts/2000000002", Account("C200002"))).StatusCode.Should().Be(HttpStatusCode.OK);

        var account = await Get("accounts/2000000002");
        account.GetProperty("maskedName").GetString().Should().Be("张*");
        account.GetProperty("electricity").GetProperty("meters")[0].GetProperty("meterNo").GetString()
            .Should().Be("M2");
        account.GetProperty("heat").GetProperty("billingAreaM2").GetDecimal().Should().Be(88.2m);

        var timeline = (await Get("accounts/2000000002/timeline")).GetProperty("entries").EnumerateArray();
        timeline.Select(entry => entry.GetProperty("kind").GetString())
            .Should().Equal("account-opened", "supply-changed", "supply-changed");
    }

    [Fact]
    public async Task Accounts_are_listed_by_project_in_pages()
    {
        await Put("customers/C200003", Customer);
        for (var i = 0; i < 5; i++)
            await Put($"accounts/200000010{i}", Account("C200003", "分页园"));

        var first = await Get("accounts?project=分页园&limit=3");
        var next = first.GetProperty("next").GetString();
        var second = await Get($"accounts?project=分页园&limit=3&after={next}");

        first.GetProperty("accounts").GetArrayLength().Should().Be(3);
        second.GetProperty("accounts").EnumerateArray().Select(row => row.GetProperty("accountNo").GetString())
            .Should().Equal("2000000103", "2000000104");
        second.GetProperty("next").ValueKind.Should().Be(JsonValueKind.Null);
        (await Get("accounts?limit=1")).GetProperty("accounts").GetArrayLength().Should().Be(1);
    }

    [Theory]
    [InlineData("accounts?limit=0", "limit-invalid")]
    [InlineData("accounts?limit=501", "limit-invalid")]
    [InlineData("accounts/2000000002/timeline?limit=501", "limit-invalid")]
    [InlineData("accounts/2000000002/timeline?after=yesterday", "timeline-cursor-invalid")]
    [InlineData(
        "accounts/2000000002/timeline?after=9223372036854775807-00000000000000000000000000000000",
        "timeline-cursor-invalid")]
    [InlineData("accounts?limit=many", "bad-request")]
    [InlineData("accounts/12", "bad-request")]
    public async Task A_question_that_makes_no_sense_is_a_bad_request(string path, string code)
    {
        var response = await service.Http.GetAsync(Relative(path));

        response.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await ServiceFixture.CodeOf(response)).Should().Be(code);
    }

    [Theory]
    [InlineData("accounts/2999999999")]
    [InlineData("accounts/2999999999/timeline")]
    public async Task An_unknown_account_is_not_found(string path)
    {
        var response = await service.Http.GetAsync(Relative(path));

        response.StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await ServiceFixture.CodeOf(response)).Should().Be("account-unknown");
    }

    [Theory]
    [InlineData("""{"name":"张伟","phone":"","kind":"Person","age":3}""")]
    [InlineData("""{"name":"张伟","kind":"Person"}""")]
    [InlineData("""{"name":null,"phone":"","kind":"Person"}""")]
    [InlineData("""{"name":"张伟","phone":13800000001,"kind":"Person"}""")]
    [InlineData("""{"name":"张伟","phone":"","kind":"Robot"}""")]
    [InlineData("""{"name":"\ud800","phone":"","kind":"Person"}""")]
    [InlineData("""{"name":"张伟",""")]
    [InlineData("null")]
    [InlineData("")]
    public async Task Json_is_strict(string body)
    {
        var response = await Put("customers/C200009", body);

        response.StatusCode.Should().Be(HttpStatusCode.BadRequest, await response.Content.ReadAsStringAsync());
        (await ServiceFixture.CodeOf(response)).Should().Be("bad-request");
    }

    [Fact]
    public async Task An_account_needs_its_customer()
    {
        var response = await Put("accounts/2000000200", Account("C299998"));

        response.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
        (await ServiceFixture.CodeOf(response)).Should().Be("account-customer-unknown");
    }

    [Fact]
    public async Task The_api_describes_itself_and_says_how_it_is()
    {
        var paths = (await Get("openapi/v1.json")).GetProperty("paths");
        string[] known = ["/customers/{customer}", "/accounts/{account}", "/imports/accounts"];
        foreach (var path in known)
            paths.TryGetProperty(path, out _).Should().BeTrue(path);
        (await service.Http.GetAsync(Relative("health/live"))).StatusCode.Should().Be(HttpStatusCode.OK);
        (await service.Http.GetAsync(Relative("health/ready"))).StatusCode.Should().Be(HttpStatusCode.OK);
        (await Get("lag")).GetProperty("head").GetInt64().Should().BeGreaterThanOrEqualTo(0);
    }

    private static string Account(string customer, string project = "阳光花园") => $$"""
        {"customer":"{{customer}}","region":"海淀区","project":"{{project}}","address":"3号楼1202室","class":"Residential",
         "openedOn":"2020-10-01","heat":null,
         "electricity":{"plan":"beijing-residential-electricity","voltage":"<1kV",
           "meters":[{"meterNo":"M1","multiplier":1,"digits":6,"timeOfUse":false}]} }
        """;

    private async Task<HttpResponseMessage> Put(string path, string json)
    {
        using var body = new StringContent(json, Encoding.UTF8, "application/json");
        return await service.Http.PutAsync(Relative(path), body);
    }

    private Task<JsonElement> Get(string path) => service.Http.GetFromJsonAsync<JsonElement>(Relative(path));

    private static Uri Relative(string path) => new(path, UriKind.Relative);
}
