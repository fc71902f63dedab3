using System.Text.Json;
using System.Text.RegularExpressions;
using Billing.Contracts;

namespace Billing.Fuzz.Tests;

/// <summary>What is wrong with an answer, or null. What was sent may be as bad as it likes.</summary>
internal static partial class Finding
{
    private static readonly Regex OurTypes = new(
        $@"\b({string.Join('|', typeof(Money).Assembly.GetExportedTypes().Select(type => type.Name)
            .Where(name => Humps().Count(name) > 1 && !name.Contains('`')))})\b");

    public static async Task<string?> In(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        var status = (int)answer.StatusCode;
        if (status >= 500)
            return $"{status} {Short(text)}";
        if (status < 400)
            return null;
        // What is no HTTP at all, such as NUL in a path, the server refuses before there is a request.
        if (status == 400 && text.Length == 0 && answer.Headers.ConnectionClose == true)
            return null;
        if (answer.Content.Headers.ContentType?.MediaType != "application/problem+json")
            return $"{status} is no problem+json: {Short(text)}";
        var problem = JsonDocument.Parse(text).RootElement;
        if (!problem.TryGetProperty("code", out var code) || code.GetString() is not { Length: > 0 })
            return $"{status} has no code: {Short(text)}";
        if (code.GetString() is "bad-request" && !problem.TryGetProperty("field", out _))
            return $"{status} names no field: {Short(text)}";
        if (code.GetString() is "value-not-storable" or "refused")
            return $"{status} was not refused at the edge: {Short(text)}";
        return TheirTypes().IsMatch(text) || OurTypes.IsMatch(text)
            ? $"{status} speaks of .NET types: {Short(text)}"
            : null;
    }

    private static string Short(string text) => text.Length > 300 ? text[..300] + "…" : text;

    [GeneratedRegex("[A-Z]")]
    private static partial Regex Humps();

    [GeneratedRegex(@"\bSystem\.|\bMicrosoft\.|\bBilling\.[A-Z]|\bNpgsql|\bMassTransit|[a-z]Exception\b|\bDateOnly\b"
        + @"|\bInt(32|64)\b|\bNullable\b|\bDateTime|\bJsonElement\b|\bDictionary`|   at [A-Z]")]
    private static partial Regex TheirTypes();
}
