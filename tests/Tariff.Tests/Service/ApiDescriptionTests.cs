using System.Net.Http.Json;
using System.Text.Json;
using Billing.Testing;
using FluentAssertions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Billing.Tariffs.Tests.Service;

public sealed class ApiDescriptionTests
{
    [Fact]
    public async Task The_api_describes_every_route_and_every_refusal()
    {
        await using var tariff = await Running.Start(Program.Build);

        var document = await tariff.Http.GetFromJsonAsync<JsonElement>("openapi/v1.json");

        var operations = document.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject()).Select(operation => operation.Value).ToList();
        var endpoints = tariff.App.Services.GetRequiredService<EndpointDataSource>().Endpoints
            .Select(endpoint => endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName).OfType<string>();
        operations.Select(operation => operation.GetProperty("operationId").GetString())
            .Should().BeEquivalentTo(endpoints).And.Contain([nameof(PublishPlan), nameof(QuoteBill)]);
        operations.SelectMany(operation => operation.GetProperty("responses").EnumerateObject())
            .Where(answer => answer.Name[0] is '4' or '5').Should().NotBeEmpty().And.AllSatisfy(answer =>
                answer.Value.GetProperty("content").GetProperty("application/problem+json").GetProperty("schema")
                    .GetProperty("$ref").GetString().Should().Be("#/components/schemas/Problem"));
        var problem = document.GetProperty("components").GetProperty("schemas").GetProperty("Problem");
        problem.GetProperty("properties").TryGetProperty("code", out _).Should().BeTrue();
        problem.TryGetProperty("additionalProperties", out _).Should().BeFalse("some refusals say more");
    }
}
