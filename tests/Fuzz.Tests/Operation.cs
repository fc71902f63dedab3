using System.Text.Json;

namespace Billing.Fuzz.Tests;

/// <summary>One request that a service describes in its OpenAPI document.</summary>
/// <param name="Name">Its operation id.</param>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The address with its parameters in braces.</param>
/// <param name="Parameters">What stands in the address and in headers.</param>
/// <param name="Body">The schema of its JSON body, or null.</param>
/// <param name="File">The media type of a body that is a file, or null.</param>
internal sealed record Operation(
    string Name, HttpMethod Method, string Path, IReadOnlyList<Parameter> Parameters, JsonElement? Body, string? File)
{
    public override string ToString() => $"{Method} {Path}";

    public static IReadOnlyList<Operation> Of(JsonElement document) =>
    [
        .. from path in document.GetProperty("paths").EnumerateObject()
        from operation in path.Value.EnumerateObject()
        where operation.Name is "get" or "put" or "post" or "delete" or "patch"
        select new Operation(
            operation.Value.GetProperty("operationId").GetString()!, HttpMethod.Parse(operation.Name), path.Name,
            [.. ParametersOf(operation.Value)], Json(operation.Value), Other(operation.Value)),
    ];

    private static IEnumerable<Parameter> ParametersOf(JsonElement operation) =>
        operation.TryGetProperty("parameters", out var parameters)
            ? parameters.EnumerateArray().Select(parameter => new Parameter(
                parameter.GetProperty("name").GetString()!, parameter.GetProperty("in").GetString()!,
                parameter.TryGetProperty("required", out var required) && required.GetBoolean()))
            : [];

    private static JsonElement? Json(JsonElement operation) =>
        Content(operation) is { } content && content.TryGetProperty("application/json", out var json)
            ? json.GetProperty("schema")
            : null;

    private static string? Other(JsonElement operation) =>
        Content(operation)?.EnumerateObject().Select(type => type.Name)
            .FirstOrDefault(type => type != "application/json");

    private static JsonElement? Content(JsonElement operation) =>
        operation.TryGetProperty("requestBody", out var body) ? body.GetProperty("content") : null;
}

/// <summary>A parameter of an operation.</summary>
internal sealed record Parameter(string Name, string In, bool Required);
