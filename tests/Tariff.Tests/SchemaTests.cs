using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Billing.Rating;
using FluentAssertions;
using Xunit;

namespace Billing.Tariffs.Tests;

/// <summary>
/// The published schema and the validator describe one form: what the validator accepts fits the schema, and what the
/// schema refuses the validator refuses too.
/// </summary>
public sealed class SchemaTests
{
    private static readonly JsonObject Schema = JsonNode.Parse(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "plan.schema.json")))!.AsObject();

    /// <summary>Mistakes that a schema cannot see: they are between members, or in the calendar.</summary>
    private static readonly string[] BeyondSchema =
    [
        "$.components[0].type", "$.customerClasses[1]", "$.validFrom", "$.validTo", "$.vat[0].from", "$.vat[0].to",
        "$.vat[1].from", "$.components[0].tiers[0].price", "$.components[0].tiers[0].upTo",
        "$.components[0].tiers[1].upTo", "$.components[0].tiers[2].upTo", "$.components[0].tiers[1].price",
        "$.components[0].periods[2].period", "$.components[0].remainder", "$.season", "$.season.from",
        "$.season.months", "$.components[0].area.basisFactor",
    ];

    public static TheoryData<string> Shipped => PlanDocumentTests.Shipped;

    public static TheoryData<string, string, string, string> Mistakes => PlanDocumentTests.Mistakes;

    [Theory]
    [MemberData(nameof(Shipped))]
    public void A_shipped_plan_fits_the_schema(string code) =>
        Misfit(Plans.Json(code), Schema, "$").Should().BeNull();

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_of_form_does_not_fit_the_schema_either(string code, string place, string json, string path)
    {
        var document = Plans.Json(code);
        PlanDocumentTests.Put(document, place, json);
        if (!BeyondSchema.Contains(path))
            Misfit(document, Schema, "$").Should().NotBeNull();
    }

    [Fact]
    public void Every_member_that_the_schema_names_is_known_to_the_validator()
    {
        foreach (var code in new[] { "beijing-residential-heat-metered", "beijing-residential-electricity" })
        {
            var document = Plans.Json(code);
            foreach (var member in Schema["properties"]!.AsObject().Select(property => property.Key))
                document.TryAdd(member, JsonNode.Parse("null"));
            PlanDocument.TryParse(document.ToJsonString(), out _, out var errors).Should().BeFalse();
            errors.Select(error => error.Message).Should().NotContain("is not known here");
        }
    }

    /// <summary>The first place where a value does not fit: as much of JSON Schema as the plan schema uses.</summary>
    private static string? Misfit(JsonNode? value, JsonObject schema, string path)
    {
        if (schema["$ref"]?.GetValue<string>() is { } reference)
            return Misfit(value, Schema["$defs"]![reference["#/$defs/".Length..]]!.AsObject(), path);
        if (schema["oneOf"] is JsonArray choices)
            return choices.Count(choice => Misfit(value, choice!.AsObject(), path) is null) == 1 ? null : path;
        if (schema["const"] is { } constant && !JsonNode.DeepEquals(value, constant))
            return path;
        if (schema["enum"] is JsonArray values && !values.Any(known => JsonNode.DeepEquals(value, known)))
            return path;
        if (schema["not"] is JsonObject not && Misfit(value, not, path) is null)
            return path;
        return schema["type"]?.GetValue<string>() switch
        {
            "object" => value is JsonObject found ? MisfitOfObject(found, schema, path) : path,
            "array" => value is JsonArray items ? MisfitOfArray(items, schema, path) : path,
            "string" => IsKind(value, System.Text.Json.JsonValueKind.String) && FitsText(value!, schema) ? null : path,
            "number" or "integer" =>
                IsKind(value, System.Text.Json.JsonValueKind.Number) && FitsNumber(value!, schema) ? null : path,
            "boolean" => value is JsonValue flag && flag.TryGetValue<bool>(out _) ? null : path,
            _ => null,
        };
    }

    private static string? MisfitOfObject(JsonObject found, JsonObject schema, string path)
    {
        var properties = schema["properties"]!.AsObject();
        foreach (var required in schema["required"]!.AsArray())
        {
            if (!found.ContainsKey(required!.GetValue<string>()))
                return $"{path}.{required}";
        }
        if (found.Count < (schema["minProperties"]?.GetValue<int>() ?? 0) ||
            found.Count > (schema["maxProperties"]?.GetValue<int>() ?? int.MaxValue))
            return path;
        return found
            .Select(member => properties[member.Key] is JsonObject inner
                ? Misfit(member.Value, inner, $"{path}.{member.Key}")
                : $"{path}.{member.Key}")
            .FirstOrDefault(misfit => misfit is not null);
    }

    private static string? MisfitOfArray(JsonArray items, JsonObject schema, string path) =>
        items.Count < schema["minItems"]!.GetValue<int>() || items.Count > schema["maxItems"]!.GetValue<int>()
            ? path
            : items.Select((item, i) => Misfit(item, schema["items"]!.AsObject(), $"{path}[{i}]"))
                .FirstOrDefault(misfit => misfit is not null);

    private static bool IsKind(JsonNode? value, System.Text.Json.JsonValueKind kind) => value?.GetValueKind() == kind;

    private static bool FitsText(JsonNode value, JsonObject schema)
    {
        var text = value.GetValue<string>();
        return text.Length <= (schema["maxLength"]?.GetValue<int>() ?? int.MaxValue) &&
            text.Length >= (schema["minLength"]?.GetValue<int>() ?? 0) &&
            (schema["pattern"] is null || Regex.IsMatch(text, schema["pattern"]!.GetValue<string>()));
    }

    private static bool FitsNumber(JsonNode value, JsonObject schema) =>
        double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture) is var number &&
        number >= schema["minimum"]!.GetValue<double>() && number <= schema["maximum"]!.GetValue<double>() &&
        (schema["type"]!.GetValue<string>() != "integer" || double.IsInteger(number));
}
