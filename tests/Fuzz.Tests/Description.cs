using System.Text.Json.Nodes;

namespace Billing.Fuzz.Tests;

/// <summary>What an OpenAPI document owes to those who write to the service.</summary>
internal static class Description
{
    private const string Problem = "application/problem+json";

    /// <summary>The operations of a document, each by its method and path.</summary>
    public static IEnumerable<(string Where, JsonNode Operation)> Operations(JsonNode document) =>
        from path in document["paths"]!.AsObject()
        from method in path.Value!.AsObject()
        select ($"{method.Key.ToUpperInvariant()} {path.Key}", method.Value!);

    /// <summary>Every code that an operation may refuse with.</summary>
    public static IEnumerable<string> CodesOf(JsonNode operation) => operation["responses"]!.AsObject()
        .SelectMany(answer => answer.Value!["x-problem-codes"]?.AsArray() ?? []).Select(code => (string)code!);

    /// <summary>What is missing in a document, by operation.</summary>
    public static IEnumerable<string> Gaps(JsonNode document) =>
        from one in Operations(document)
        from gap in GapsOf(one.Operation)
        select $"{one.Where} {gap}";

    private static IEnumerable<string> GapsOf(JsonNode operation)
    {
        if (string.IsNullOrEmpty((string?)operation["operationId"]))
            yield return "has no name";
        if ((string?)operation["summary"] is not [.., '.'])
            yield return "has no summary";
        if (operation["tags"] is not JsonArray { Count: 1 })
            yield return "has not exactly one tag";
        var answers = operation["responses"]!.AsObject();
        if (!answers.Any(answer => answer.Key[0] == '2'))
            yield return "does not say how it succeeds";
        if (!answers.ContainsKey("400") || !answers.ContainsKey("500"))
            yield return "does not say how it fails";
        foreach (var (status, answer) in answers.Where(answer => answer.Key[0] != '2'))
        {
            if (answer!["x-problem-codes"] is not JsonArray { Count: > 0 })
                yield return $"names no problem of {status}";
            if (answer["content"]?[Problem]?["schema"] is null)
                yield return $"answers {status} without a problem";
        }
    }
}
