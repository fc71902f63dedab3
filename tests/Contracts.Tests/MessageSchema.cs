using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Xml.Linq;
using Billing.Platform;

namespace Billing.Contracts.Tests;

/// <summary>The JSON schema of a message, from its record and the doc comments of its members.</summary>
internal static class MessageSchema
{
    private static readonly JsonSerializerOptions Options = new(Wire.Stored)
    {
        NumberHandling = JsonNumberHandling.Strict,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        WriteIndented = true,
        IndentSize = 2,
    };

    private static readonly Dictionary<string, XElement> Comments =
        XDocument.Load(Path.ChangeExtension(typeof(Money).Assembly.Location, ".xml"))
            .Descendants("member").ToDictionary(member => (string)member.Attribute("name")!);

    public static JsonObject Of(Type message)
    {
        var schema = Options.GetJsonSchemaAsNode(message, new()
        {
            TreatNullObliviousAsNonNullable = true,
            TransformSchemaNode = Describe,
        }).AsObject();
        JsonObject root = new()
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = message.FullName,
        };
        foreach (var (name, value) in Expand(schema, schema).AsObject())
            root[name] = value?.DeepClone();
        return root;
    }

    public static string Write(JsonNode schema) => schema.ToJsonString(Options) + "\n";

    private static JsonNode Describe(JsonSchemaExporterContext context, JsonNode schema)
    {
        var type = Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type;
        if (FormOf(type) is { } form)
            schema = new JsonObject { ["type"] = "string", ["description"] = $"{type.Name}: {form}." };
        var text = context.PropertyInfo is { } property
            ? Comment($"P:{property.DeclaringType.FullName}.", property.Name) ?? Comment($"T:{type.FullName}")
            : Comment($"T:{type.FullName}");
        if (text is null || schema is not JsonObject described)
            return schema;
        var own = (string?)described["description"];
        described["description"] = own is null || context.PropertyInfo is null ? own ?? text : $"{text} {own}";
        return described;
    }

    /// <summary>An identifier is a string on the wire, which its converter does not tell.</summary>
    private static string? FormOf(Type type) =>
        Identifier.IsOne(type)
            ? (string)type.GetProperty(nameof(IIdentifier<>.Form))!.GetValue(null)!
            : null;

    private static string? Comment(string prefix, string? camelCase = null)
    {
        var key = prefix + (camelCase is null ? "" : char.ToUpperInvariant(camelCase[0]) + camelCase[1..]);
        return Comments.TryGetValue(key, out var member) && member.Element("summary") is { } summary
            ? string.Join(' ', Plain(summary).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            : null;
    }

    private static string Plain(XElement comment) => string.Concat(comment.Nodes().Select(node => node switch
    {
        XElement { Name.LocalName: "see" or "paramref" } see =>
            ((string?)see.Attribute("cref") ?? (string?)see.Attribute("name") ?? "").Split('.', ':')[^1],
        XElement element => Plain(element),
        XText text => text.Value,
        _ => "",
    }));

    /// <summary>
    /// Writes a repeated part out where the exporter points to its first place: a reader need not follow.
    /// </summary>
    private static JsonNode Expand(JsonNode node, JsonObject root)
    {
        if (node is JsonArray array)
            return new JsonArray([.. array.Select(item => item is null ? null : Expand(item, root))]);
        if (node is not JsonObject schema)
            return node.DeepClone();
        JsonObject expanded = [];
        if ((string?)schema["$ref"] is { } pointer)
        {
            JsonNode target = root;
            foreach (var step in pointer.TrimStart('#').Split('/', StringSplitOptions.RemoveEmptyEntries))
                target = target is JsonArray items ? items[int.Parse(step)]! : target[step]!;
            foreach (var (name, value) in Expand(target, root).AsObject())
                expanded[name] = value?.DeepClone();
        }
        foreach (var (name, value) in schema.Where(member => member.Key != "$ref"))
            expanded[name] = value is null ? null : Expand(value, root);
        return expanded;
    }
}
