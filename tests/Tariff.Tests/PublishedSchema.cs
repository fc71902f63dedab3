using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;

namespace Billing.Tariffs.Tests;

/// <summary>A published schema, and which of its members the documents had that were held to it.</summary>
internal sealed class PublishedSchema
{
    /// <summary>Every member says its name where a value had it.</summary>
    private const string Mark = "title";

    private static readonly EvaluationOptions Everything = new() { OutputFormat = OutputFormat.List };

    /// <summary>A keyword that nobody knows would be passed over.</summary>
    private static readonly Dialect Strict = Dialect.Draft202012.With([], allowUnknownKeywords: false);

    private static readonly ConcurrentDictionary<string, Lazy<Built>> All = new(StringComparer.Ordinal);

    private readonly Built _built;
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    public PublishedSchema(string file) => _built = All.GetOrAdd(file, name => new(() => Build(name))).Value;

    public JsonObject Root => _built.Root;

    /// <summary>All members of objects that the schema names, as paths in it.</summary>
    public IReadOnlySet<string> Members => _built.Members;

    /// <summary>Those of them that some value had.</summary>
    public IReadOnlySet<string> Seen => _seen;

    /// <summary>A place where a value does not fit, or null.</summary>
    public string? Misfit(JsonNode? value)
    {
        var found = _built.Schema.Evaluate(JsonSerializer.SerializeToElement(value), Everything);
        var places = found.Details ?? [];
        foreach (var place in places.Where(place => place.IsValid))
        {
            if (place.Annotations?.TryGetValue(Mark, out var member) is true)
                _seen.Add(member.GetString()!);
        }
        return found.IsValid ? null : $"${places.LastOrDefault(place => !place.IsValid)?.InstanceLocation}";
    }

    private static Built Build(string file)
    {
        var root = JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, file)))!.AsObject();
        var marked = root.DeepClone();
        var members = MembersUnder(marked).ToList();
        members.ForEach(member => member[Mark] = member.GetPath());
        var schema = JsonSchema.Build(
            JsonSerializer.SerializeToElement(marked), new() { Dialect = Strict, SchemaRegistry = new() });
        return new(root, schema, members.Select(member => member.GetPath()).ToHashSet(StringComparer.Ordinal));
    }

    private static IEnumerable<JsonObject> MembersUnder(JsonNode? node) => node switch
    {
        JsonArray items => items.SelectMany(MembersUnder),
        JsonObject known => known.SelectMany(keyword => keyword.Key switch
        {
            "if" or "then" or "else" or "not" => [],
            "properties" => keyword.Value!.AsObject().Select(member => member.Value!.AsObject())
                .Concat(MembersUnder(keyword.Value)),
            _ => MembersUnder(keyword.Value),
        }),
        _ => [],
    };

    /// <summary>A schema that is made once for all tests.</summary>
    private sealed record Built(JsonObject Root, JsonSchema Schema, IReadOnlySet<string> Members);
}
