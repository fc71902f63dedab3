using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Billing.Platform;

/// <summary>An example of an operation, in its OpenAPI document: for those outside who have to write to it.</summary>
public static class Examples
{
    /// <summary>Shows an operation by an example.</summary>
    /// <param name="endpoint">The operation.</param>
    /// <param name="address">An address of it; its parts are the examples of the parameters.</param>
    /// <param name="answer">What is answered.</param>
    /// <param name="request">What is sent, or null when nothing is.</param>
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
