using System.Net;
using Billing.Contracts;
using Billing.Testing;
using FluentAssertions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Billing.Platform.Tests;

/// <summary>Two types of one name in one OpenAPI document are refused, not merged.</summary>
public sealed class SchemaNamesTests
{
    [Fact]
    public async Task Two_types_of_one_name_are_no_document()
    {
        using var answer = await Describe(app =>
        {
            app.MapGet("/heat", () => TypedResults.Ok(new Heat.Row(1)));
            app.MapGet("/power", () => TypedResults.Ok(new Power.Row("x")));
        });

        answer.StatusCode.Should().Be(HttpStatusCode.InternalServerError);
    }

    [Fact]
    public async Task One_type_in_many_places_is_one_schema()
    {
        using var answer = await Describe(app =>
        {
            app.MapGet("/heat", () => TypedResults.Ok(new Heat.Row(1))).RequireRight(Right.ReadFigures);
            app.MapGet("/heat/all", () => TypedResults.Ok(new[] { new Heat.Row(1) }));
        });

        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        (await answer.Content.ReadAsStringAsync()).Split("\"Row\": {").Should().HaveCount(2);
    }

    private static async Task<HttpResponseMessage> Describe(Action<WebApplication> map)
    {
        await using var running = await Running.Start(args =>
        {
            var app = BillingService.Create(args, "names", typeof(SchemaNamesTests).Assembly).Build();
            map(app);
            return app;
        });
        using var http = new HttpClient { BaseAddress = running.Http.BaseAddress };
        return await http.GetAsync(new Uri("/openapi/v1.json", UriKind.Relative));
    }

    private static class Heat
    {
        public sealed record Row(int Area);
    }

    private static class Power
    {
        public sealed record Row(string Use);
    }
}
