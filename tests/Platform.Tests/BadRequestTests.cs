using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Billing.Contracts;
using Billing.Testing;
using FluentAssertions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Billing.Platform.Tests;

/// <summary>A request that cannot be read is told which field is wrong, and what would be right.</summary>
public sealed class BadRequestTests(BadRequestTests.Service service) : IClassFixture<BadRequestTests.Service>
{
    [Theory]
    [InlineData("""{"account":"12","amount":{"fen":1},"on":"2026-10-31","kind":"Heat","size":1}""",
        "account", "'12' is not 6 to 14 digits.")]
    [InlineData("""{"account":12,"amount":{"fen":1},"on":"2026-10-31","kind":"Heat","size":1}""",
        "account", "Must be text: 6 to 14 digits.")]
    [InlineData("""{"account":"100001","amount":{"fen":1},"on":"0001-01-01","kind":"Heat","size":1}""",
        "on", "Must be a day like 2026-10-31, from 1900-01-01 to 2199-12-31.")]
    [InlineData("""{"account":"100001","amount":{"fen":1},"on":"9999-12-31","kind":"Heat","size":1}""",
        "on", "Must be a day like 2026-10-31, from 1900-01-01 to 2199-12-31.")]
    [InlineData("""{"account":"100001","amount":{"fen":100000000000001},"on":"2026-10-31","kind":"Heat","size":1}""",
        "amount.fen", "Must be whole fen, at most 100000000000000 either way.")]
    [InlineData("""{"account":"100001","amount":{"fen":1},"on":"2026-10-31","kind":"Gas","size":1}""",
        "kind", "Must be one of Electricity, Heat.")]
    [InlineData("""{"account":"100001","amount":{"fen":1},"on":"2026-10-31","kind":"Heat","size":1e13}""",
        "size", "Must be a number up to 1000000000000 with at most 12 decimals.")]
    [InlineData("""{"account":"100001","amount":{"fen":1},"on":"2026-10-31","kind":"Heat"}""", "size", "Is missing.")]
    [InlineData("""{"account":"100001","amount":null,"on":"2026-10-31","kind":"Heat","size":1}""",
        "amount", "Must be *")]
    [InlineData("""{"account":"100001","amount":{"fen":1,"fen":1},"on":"2026-10-31","kind":"Heat","size":1}""",
        "amount.fen", "Is there twice.")]
    [InlineData("""{"account":"100001","amount":{"fen":1},"on":"2026-10-31","kind":"Heat","size":1,"x":1}""",
        "x", "Is no member that is known here.")]
    [InlineData("""{"account":"100001","amount":{"fen":1},"on":"2026-10-31","kind":"Heat","size":1,"note":"\u0000"}""",
        "note", "Text holds no NUL character.")]
    [InlineData("""{"account":"100001","amount":{"fen":1},"on":"2026-10-31","kind":"Heat","size":1,"note":"\ud800"}""",
        "note", "Must be text, of whole Unicode characters.")]
    [InlineData("""{"account":"100001","amount":{"fen":1},"on":"2026-10-31","kind":"Heat","size":1,"of":["a",null]}""",
        "of", "Holds a null.")]
    [InlineData("{", "body", "Is no JSON, in line 1 at byte 2.")]
    [InlineData("", "body", "Is missing or no JSON*")]
    public async Task Of_a_body(string body, string field, string complaint) =>
        await Refuses(await service.Put("/things/1", body), field, complaint);

    [Theory]
    [InlineData("/days", "from", "Is missing; must be a day like*")]
    [InlineData("/days?from=2026-1-1", "from", "Must be a day like*")]
    [InlineData("/days?from=31.10.2026", "from", "Must be a day like*")]
    [InlineData("/days?from=0001-01-01", "from", "Must be a day like*")]
    [InlineData("/days?from=2026-10-31&limit=many", "limit", "Must be a whole number.")]
    [InlineData("/days?from=2026-10-31&limit=1%202", "limit", "Must be a whole number.")]
    [InlineData("/days?from=2026-10-31&limit=x%20body", "limit", "Must be a whole number.")]
    [InlineData("/days?from=2026-10-31&kind=0", "kind", "Must be one of Electricity, Heat.")]
    [InlineData("/days?from=2026-10-31&kind=-1", "kind", "Must be one of Electricity, Heat.")]
    [InlineData("/days?from=2026-10-31&kind=heat", "kind", "Must be one of Electricity, Heat.")]
    [InlineData("/days?from=2026-10-31&kind=Heat,Electricity", "kind", "Must be one of Electricity, Heat.")]
    [InlineData("/days?from=2026-10-31&kind=%20Heat", "kind", "Must be one of Electricity, Heat.")]
    [InlineData("/days?from=2026-10-31&name=a%00b", "name", "Text holds no NUL character.")]
    [InlineData("/days?from=2026-10-31&other=%00", "other", "Text holds no NUL character.")]
    public async Task Of_an_address(string address, string field, string complaint) =>
        await Refuses(await service.Get(address), field, complaint);

    [Fact]
    public async Task What_is_right_is_taken()
    {
        (await service.Put("/things/1", Good)).StatusCode.Should().Be(System.Net.HttpStatusCode.OK);
        (await service.Get("/days?from=2199-12-31&limit=3&kind=Heat")).StatusCode
            .Should().Be(System.Net.HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("application/json; charset=UTF-8")]
    [InlineData("application/json; charset=\"utf-8\"")]
    [InlineData("application/vnd.billing+json; charset=utf-8")]
    public async Task Json_is_taken_as_utf_8_however_that_is_spelled(string type) =>
        (await service.Put("/things/1", Good, type)).StatusCode.Should().Be(System.Net.HttpStatusCode.OK);

    [Theory]
    [InlineData("application/json; charset=gbk", "charset-unsupported")]
    [InlineData("application/json; charset=utf-16", "charset-unsupported")]
    [InlineData("application/json; charset=bogus", "charset-unsupported")]
    [InlineData("application/json; charset=", "charset-unsupported")]
    [InlineData("application/json; charset=gbk; charset=utf-8", "charset-unsupported")]
    [InlineData("text/plain; charset=utf-8", "media-type-unsupported")]
    [InlineData("application", "media-type-unsupported")]
    public async Task Json_in_another_encoding_or_type_is_not_supported(string type, string code)
    {
        using var answer = await service.Put("/things/1", Good, type);
        ((int)answer.StatusCode).Should().Be(415);
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString().Should().Be(code);
    }

    private const string Good =
        """{"account":"100001","amount":{"fen":-5},"on":"1900-01-01","kind":"Heat","size":0.5,"note":"𠮷\n"}""";

    private static async Task Refuses(HttpResponseMessage answer, string field, string complaint)
    {
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        ((int)answer.StatusCode).Should().Be(400, problem.GetRawText());
        problem.GetProperty("code").GetString().Should().Be("bad-request");
        problem.GetProperty("field").GetString().Should().Be(field);
        problem.GetProperty("detail").GetString().Should().Match($"{field}: {complaint}");
    }

    public sealed record Thing(
        AccountNo Account, Money Amount, DateOnly On, Utility Kind, decimal Size, string? Note = null,
        IReadOnlyList<string>? Of = null);

    /// <summary>A service with the two endpoints that are asked.</summary>
    public sealed class Service : IAsyncLifetime
    {
        private Running _running = null!;

        public async Task InitializeAsync() => _running = await Running.Start(args =>
        {
            var app = BillingService.Create(args, "things", typeof(BadRequestTests).Assembly).Build();
            app.MapPut("/things/{number}", (int number, Thing body) => TypedResults.Ok(body))
                .RequireRight(Right.ReadFigures);
            app.MapGet("/days", (DateOnly from, int limit = 1, string? name = null, Utility? kind = null) =>
                $"{from} {limit} {name} {kind}").RequireRight(Right.ReadFigures);
            return app;
        });

        public async Task DisposeAsync() => await _running.DisposeAsync();

        public Task<HttpResponseMessage> Get(string address) =>
            _running.Http.GetAsync(new Uri(address, UriKind.Relative));

        public async Task<HttpResponseMessage> Put(string address, string body, string type = "application/json")
        {
            using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            content.Headers.TryAddWithoutValidation("Content-Type", type);
            return await _running.Http.PutAsync(new Uri(address, UriKind.Relative), content);
        }
    }
}
