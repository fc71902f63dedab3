using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Billing.Tariffs.Tests;

/// <summary>
/// A JSON schema (2020-12), as much of it as the schemas of plans and cases use. A keyword that is not known here
/// throws, so that nothing in a schema is passed over.
/// </summary>
internal sealed class JsonSchema(string file)
{
    private static readonly HashSet<string> Annotations =
        ["$schema", "$id", "$defs", "title", "description", "if", "then", "else", "properties"];

    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    public JsonObject Root { get; } = JsonNode.Parse(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, file)))!.AsObject();

    /// <summary>The members of objects that some value had, as paths in the schema.</summary>
    public IReadOnlySet<string> Seen => _seen;

    /// <summary>All members of objects that the schema names, as paths in it.</summary>
    public IEnumerable<string> Members => MembersUnder(Root);

    /// <summary>The first place where a value does not fit, or null.</summary>
    public string? Misfit(JsonNode? value) => Misfit(value, Root, "$");

    private static IEnumerable<string> MembersUnder(JsonNode? node) => node switch
    {
        JsonArray items => items.SelectMany(MembersUnder),
        JsonObject known => known.SelectMany(member => member.Key switch
        {
            "if" or "then" or "else" or "not" => [],
            "properties" => member.Value!.AsObject().Select(inner => inner.Value!.GetPath())
                .Concat(MembersUnder(member.Value)),
            _ => MembersUnder(member.Value),
        }),
        _ => [],
    };

    private string? Misfit(JsonNode? value, JsonObject schema, string path)
    {
        if (schema["if"] is JsonObject condition)
        {
            var branch = Misfit(value, condition, path) is null ? schema["then"] : schema["else"];
            if (branch is JsonObject chosen && Misfit(value, chosen, path) is { } misfit)
                return misfit;
        }
        return schema.Where(keyword => !Annotations.Contains(keyword.Key))
            .Select(keyword => Misfit(value, schema, keyword.Key, keyword.Value!, path))
            .Append(MisfitOfMembers(value, schema, path))
            .FirstOrDefault(misfit => misfit is not null);
    }

    private string? Misfit(JsonNode? value, JsonObject schema, string keyword, JsonNode wanted, string path) =>
        keyword switch
        {
            "$ref" => Misfit(value, Root["$defs"]![((string)wanted!)["#/$defs/".Length..]]!.AsObject(), path),
            "allOf" => wanted.AsArray().Select(one => Misfit(value, one!.AsObject(), path))
                .FirstOrDefault(misfit => misfit is not null),
            "anyOf" => wanted.AsArray().Any(one => Fits(value, one!)) ? null : path,
            "oneOf" => wanted.AsArray().Count(one => Fits(value, one!)) == 1 ? null : path,
            "not" => Fits(value, wanted) ? path : null,
            _ => Holds(value, schema, keyword, wanted) ? null : path,
        };

    private bool Fits(JsonNode? value, JsonNode schema) => Misfit(value, schema.AsObject(), "$") is null;

    private string? MisfitOfMembers(JsonNode? value, JsonObject schema, string path)
    {
        if (value is JsonArray items && schema["items"] is JsonObject each)
        {
            return items.Select((item, i) => Misfit(item, each, $"{path}[{i}]"))
                .FirstOrDefault(misfit => misfit is not null);
        }
        if (value is not JsonObject found || schema["properties"] is null && schema["additionalProperties"] is null)
            return null;
        foreach (var (name, member) in found)
        {
            if ((schema["properties"]?[name] ?? schema["additionalProperties"]) is not { } known)
                continue;
            if (known is JsonValue || Misfit(member, known.AsObject(), $"{path}.{name}") is not null)
                return $"{path}.{name}";
            _seen.Add(known.GetPath());
        }
        return null;
    }

    private bool Holds(JsonNode? value, JsonObject schema, string keyword, JsonNode wanted) => keyword switch
    {
        "type" => IsOfType(value, (string)wanted!),
        "const" => JsonNode.DeepEquals(value, wanted),
        "enum" => wanted.AsArray().Any(known => JsonNode.DeepEquals(value, known)),
        "required" => value is not JsonObject found ||
            wanted.AsArray().All(name => found.ContainsKey((string)name!)),
        "dependentRequired" => value is not JsonObject found || wanted.AsObject().All(rule =>
            !found.ContainsKey(rule.Key) || rule.Value!.AsArray().All(name => found.ContainsKey((string)name!))),
        "propertyNames" => value is not JsonObject found || found.All(member => Fits(member.Key, wanted)),
        "additionalProperties" or "items" => true,
        "minProperties" => value is not JsonObject found || found.Count >= (int)wanted,
        "maxProperties" => value is not JsonObject found || found.Count <= (int)wanted,
        "minItems" => value is not JsonArray items || items.Count >= (int)wanted,
        "maxItems" => value is not JsonArray items || items.Count <= (int)wanted,
        "uniqueItems" => value is not JsonArray items ||
            items.Select(item => item?.ToJsonString()).Distinct().Count() == items.Count,
        "minLength" => !Is(value, JsonValueKind.String) || ((string)value!).Length >= (int)wanted,
        "maxLength" => !Is(value, JsonValueKind.String) || ((string)value!).Length <= (int)wanted,
        "pattern" => !Is(value, JsonValueKind.String) || Regex.IsMatch((string)value!, (string)wanted!),
        "minimum" => !Is(value, JsonValueKind.Number) || Number(value!) >= Number(wanted),
        "maximum" => !Is(value, JsonValueKind.Number) || Number(value!) <= Number(wanted),
        _ => throw new InvalidOperationException($"{schema.GetPath()}.{keyword} is no keyword of this validator."),
    };

    private static bool IsOfType(JsonNode? value, string type) => type switch
    {
        "object" => value is JsonObject,
        "array" => value is JsonArray,
        "string" => Is(value, JsonValueKind.String),
        "number" => Is(value, JsonValueKind.Number),
        "integer" => Is(value, JsonValueKind.Number) && double.IsInteger(Number(value!)),
        "boolean" => Is(value, JsonValueKind.True) || Is(value, JsonValueKind.False),
        _ => throw new InvalidOperationException($"'{type}' is no type of this validator."),
    };

    private static bool Is(JsonNode? value, JsonValueKind kind) => value?.GetValueKind() == kind;

    private static double Number(JsonNode value) => double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture);
}
