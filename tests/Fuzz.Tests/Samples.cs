using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Billing.Testing;

namespace Billing.Fuzz.Tests;

/// <summary>Good values, so that a bad one among them gets as far as it can.</summary>
internal sealed class Samples(JsonElement document, DateOnly today)
{
    private const int Deepest = 12;

    private const string Plan = "tools/plans/beijing-residential-electricity.json";
    private const string Case = "tools/plans/cases/beijing-residential-electricity.json";

    private readonly Dictionary<string, string> _parameters = new()
    {
        ["account"] = Company.Account, ["customer"] = "C10000001", ["partner"] = "icbc",
        ["bankDate"] = $"{today:yyyyMMdd}",
        ["serial"] = "S1", ["refund"] = "R1", ["meter"] = "M1", ["date"] = $"{today:yyyy-MM-dd}", ["run"] = "first",
        ["invoice"] = $"E{today.AddMonths(-1):yyyyMM}-00000001", ["note"] = "N1",
        ["plan"] = "beijing-residential-electricity", ["version"] = "1",
        ["asOf"] = $"{today:yyyy-MM-dd}", ["from"] = $"{today.AddDays(-30):yyyy-MM-dd}",
        ["to"] = $"{today:yyyy-MM-dd}", ["period"] = "2025-10", ["limit"] = "10", ["by"] = "project",
        ["import"] = "00000000-0000-0000-0000-000000000001",
        ["user"] = "zhang.wei", ["role"] = "clerk", ["roles"] = "clerk", ["client"] = "reporting", ["secret"] = "first",
        ["key"] = "R1", ["kind"] = "refund",
    };

    /// <summary>A good value, or null when a request may be without one and none is known.</summary>
    public string? Parameter(Parameter parameter) =>
        // Of the audit trail, where it is not the kind of a proposal.
        parameter is { Name: "kind", In: "query" } ? "Command"
        : _parameters.GetValueOrDefault(parameter.Name) ?? (parameter.Required ? "x" : null);

    /// <summary>A good body of an operation.</summary>
    public JsonNode? Body(Operation operation) => operation.Name switch
    {
        "DraftPlan" => Shipped(Plan),
        "WhatIf" => new JsonObject
        {
            ["document"] = Shipped(Plan), ["from"] = "2025-01", ["to"] = "2025-12",
        },
        "QuoteBill" => new JsonObject
        {
            ["plan"] = "beijing-residential-electricity",
            ["case"] = Shipped(Case) is JsonArray cases ? cases[0]!.DeepClone() : Shipped(Case),
        },
        _ => operation.Body is { } schema ? Of(schema, "", 0) : null,
    };

    /// <summary>A good file of an operation: its head, and a line of fields.</summary>
    public (string Head, char Separator, string[] Fields) File(Operation operation) => operation.Name switch
    {
        "ImportAccounts" => (Company.AccountsHead, ',', Company.AccountsLine.Split(',')),
        "ImportReadings" => (Company.ReadingsHead, ',',
            [Company.Account, "M1", $"{today.AddDays(-40):yyyy-MM-dd}", "initial", "0", "", ""]),
        "ReconcileDay" => ("1|1.00", '|', [$"{today:yyyyMMdd}", "S1", Company.Account, "1.00", "WEB", "PAY"]),
        _ => ("a,b", ',', ["1", "2"]),
    };

    public static byte[] Bytes(string head, char separator, IEnumerable<string> fields) =>
        Encoding.UTF8.GetBytes($"{head}\n{string.Join(separator, fields)}\n");

    private static JsonNode Shipped(string file) =>
        JsonNode.Parse(System.IO.File.ReadAllText(Path.Combine(Backend.Root, file)))!;

    private JsonNode? Of(JsonElement schema, string name, int depth)
    {
        if (depth > Deepest)
            return null;
        if (schema.TryGetProperty("$ref", out var reference))
            return Of(Resolve(reference.GetString()!), name, depth + 1);
        if (schema.TryGetProperty("oneOf", out var oneOf))
            return Of(oneOf.EnumerateArray().Last(), name, depth + 1);
        if (schema.TryGetProperty("enum", out var values))
            return JsonNode.Parse(values.EnumerateArray().First().GetRawText());
        return TypeOf(schema) switch
        {
            "object" => Members(schema, depth),
            "array" => new JsonArray(Of(schema.GetProperty("items"), name, depth + 1)),
            "integer" => JsonValue.Create(1),
            "number" => JsonValue.Create(1.5m),
            "boolean" => JsonValue.Create(true),
            "string" => JsonValue.Create(Text(schema, name)),
            _ => new JsonObject(),
        };
    }

    private JsonObject Members(JsonElement schema, int depth)
    {
        var members = new JsonObject();
        if (schema.TryGetProperty("properties", out var properties))
        {
            foreach (var property in properties.EnumerateObject())
                members[property.Name] = Of(property.Value, property.Name, depth + 1);
        }
        return members;
    }

    private string Text(JsonElement schema, string name) =>
        schema.TryGetProperty("format", out var format) && format.GetString() == "date" ? $"{today:yyyy-MM-dd}"
        : _parameters.GetValueOrDefault(name, name switch
        {
            "dayCut" => "23:00:00", "name" => "张三", "phone" => "13800000000", "meterNo" => "M1", "voltage" => "<1kV",
            "after" => "C10000000",
            _ => "x",
        });

    private static string? TypeOf(JsonElement schema) => !schema.TryGetProperty("type", out var type) ? null
        : type.ValueKind == JsonValueKind.String ? type.GetString()
        : type.EnumerateArray().Select(one => one.GetString()).FirstOrDefault(one => one != "null");

    private JsonElement Resolve(string reference) => reference.TrimStart('#', '/').Split('/')
        .Aggregate(document, (element, part) => element.GetProperty(part));
}
