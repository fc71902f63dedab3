using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Billing.Platform;

/// <summary>Examples of operations in the OpenAPI document, for developers outside.</summary>
public static class Examples
{
    /// <summary>Adds an example of an operation.</summary>
    /// <param name="endpoint">The operation.</param>
    /// <param name="address">A URL path of it; its parts are the examples of the parameters.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="request">The request body, or null when there is none.</param>
    public static RouteHandlerBuilder WithExample(
        this RouteHandlerBuilder endpoint, string address, object answer, object? request = null) =>
        endpoint.WithMetadata(new Example(address, answer, request));

    internal static void DescribeExamples(this OpenApiOptions options) =>
        options.AddOperationTransformer((operation, context, _) =>
        {
            if (context.Description.ActionDescriptor.EndpointMetadata.OfType<Example>().FirstOrDefault() is not
                { } example)
                return Task.CompletedTask;
            var parts = context.Description.RelativePath!.Split('/').Zip(example.Address.TrimStart('/').Split('/'))
                .Where(part => part.First is ['{', ..]).ToDictionary(part => part.First[1..^1], part => part.Second);
            foreach (var parameter in (operation.Parameters ?? []).OfType<OpenApiParameter>())
                parameter.Example = parts.GetValueOrDefault(parameter.Name!);
            foreach (var body in operation.RequestBody?.Content?.Values ?? [])
                body.Example = Json(example.Request);
            foreach (var answer in (operation.Responses ?? []).Where(response => response.Key is ['2', ..])
                .SelectMany(response => response.Value.Content?.Values ?? []))
                answer.Example = Json(example.Answer);
            return Task.CompletedTask;
        });

    private static JsonNode? Json(object? value) => JsonSerializer.SerializeToNode(value, Wire.Strict);

    private sealed record Example(string Address, object Answer, object? Request);
}
