using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Billing.Testing;
using FluentAssertions;

namespace Billing.Platform.Tests;

/// <summary>A test that gets a refusal which is not declared fails, whatever it tests.</summary>
public sealed class DeclaredRefusalsTests
{
    private const string Document = """
        {
          "paths": {
            "/things/{thing}": {
              "get": { "operationId": "Thing", "responses": { "404": { "x-problem-codes": ["thing-unknown"] } } },
              "put": { "operationId": "Save", "responses": { } }
            },
            "/things/newest": { "get": { "operationId": "Newest", "responses": { } } },
            "/things/{thing}/parts/{part}": { "get": { "operationId": "Part", "responses": { } } }
          }
        }
        """;

    [Fact]
    public async Task What_is_declared_passes_and_can_still_be_read()
    {
        using var answer = await Ask("/things/1", HttpStatusCode.NotFound, "thing-unknown");

        JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["code"]!.GetValue<string>()
            .Should().Be("thing-unknown");
    }

    [Theory]
    [InlineData("/things/1", HttpStatusCode.NotFound, "not-found")]
    [InlineData("/things/1", HttpStatusCode.Conflict, "thing-unknown")]
    [InlineData("/things/newest", HttpStatusCode.NotFound, "thing-unknown")]
    [InlineData("/nowhere", HttpStatusCode.NotFound, "thing-unknown")]
    public async Task What_is_not_declared_fails(string address, HttpStatusCode status, string code)
    {
        var asking = () => Ask(address, status, code);

        await asking.Should().ThrowAsync<InvalidOperationException>().WithMessage($"*{(int)status} {code}*");
    }

    [Fact]
    public async Task An_address_that_leads_nowhere_is_nobodys_refusal()
    {
        using var answer = await Ask("/nowhere", HttpStatusCode.NotFound, "not-found");

        answer.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("GET", "/things/1", "Thing")]
    [InlineData("GET", "/things/1/", "Thing")]
    [InlineData("GET", "/THINGS/a%2Fb?after=1", "Thing")]
    [InlineData("PUT", "/things/newest", "Save")]
    [InlineData("GET", "/things/newest", "Newest")]
    [InlineData("GET", "/other/../things/newest", "Newest")]
    [InlineData("GET", "/things/1/parts/2", "Part")]
    [InlineData("GET", "/things/1/parts", null)]
    [InlineData("POST", "/things/1", null)]
    public void An_operation_is_found_by_its_address(string method, string address, string? operation)
    {
        var paths = JsonNode.Parse(Document)!["paths"]!.AsObject();

        var found = DeclaredRefusals.OperationFor(paths, HttpMethod.Parse(method), new("http://here" + address));

        ((string?)found?["operationId"]).Should().Be(operation);
    }

    private static async Task<HttpResponseMessage> Ask(string address, HttpStatusCode status, string code)
    {
        var here = new Uri("http://here");
        using var http = new HttpClient(new DeclaredRefusals(here, null, new Refusing(status, code)))
        {
            BaseAddress = here,
        };
        return await http.GetAsync(new Uri(address, UriKind.Relative));
    }

    /// <summary>Refuses everything but to describe itself.</summary>
    private sealed class Refusing(HttpStatusCode status, string code) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(request.RequestUri!.AbsolutePath == "/openapi/v1.json"
                ? Answer(HttpStatusCode.OK, Document, "application/json")
                : Answer(status, $$"""{"code":"{{code}}"}""", "application/problem+json"));

        private static HttpResponseMessage Answer(HttpStatusCode status, string text, string type) =>
            new(status) { Content = new StringContent(text, Encoding.UTF8, type) };
    }
}
