using FluentAssertions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Billing.Platform.Tests;

/// <summary>Two types of one name in one OpenAPI document are refused, not merged.</summary>
public sealed class SchemaNamesTests
{
    [Fact]
    public async Task Two_types_of_one_name_are_no_document()
    {
        var ask = async () => await Document(app =>
        {
            app.MapGet("/heat", () => TypedResults.Ok(new Heat.Row(1)));
            app.MapGet("/power", () => TypedResults.Ok(new Power.Row("x")));
        });

        await ask.Should().ThrowAsync<NotSupportedException>().WithMessage("*Heat+Row*Row*another name*");
    }

    [Fact]
    public async Task One_type_in_many_places_is_one_schema()
    {
        var document = await Document(app =>
        {
            app.MapGet("/heat", () => TypedResults.Ok(new Heat.Row(1)));
            app.MapGet("/heat/all", () => TypedResults.Ok(new[] { new Heat.Row(1) }));
        });

        document.Components!.Schemas!.Keys.Should().BeEquivalentTo("Row");
    }

    private static async Task<OpenApiDocument> Document(Action<WebApplication> map)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddOpenApi(options => options.NameSchemasOnce());
        await using var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        map(app);
        await app.StartAsync();
        return await app.Services.GetRequiredKeyedService<IOpenApiDocumentProvider>("v1").GetOpenApiDocumentAsync();
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
