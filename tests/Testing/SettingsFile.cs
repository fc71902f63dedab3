using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using FluentAssertions;

namespace Billing.Testing;

/// <summary>The settings file that contains every setting with its default.</summary>
public static class SettingsFile
{
    private static readonly JsonSerializerOptions AsConfigured =
        new() { Converters = { new JsonStringEnumConverter() } };

    /// <summary>Compares a section with its options: it must have every member, with its default value.</summary>
    public static void HasTheDefaultsOf<TOptions>(string section)
        where TOptions : new()
    {
        var file = JsonNode.Parse(File.ReadAllText(Path.Combine(Backend.Root, "services", "appsettings.json")))!;
        var configured = section.Split(':').Aggregate(file, (node, name) => node[name]!).AsObject();
        var members = JsonSerializer.SerializeToNode(new TOptions(), AsConfigured)!.AsObject();
        foreach (var (name, value) in members)
            Text(configured[name]).Should().Be(Text(value), $"that is the default of {section}:{name}");
    }

    private static string Text(JsonNode? node) => node switch
    {
        JsonObject members => string.Join(' ', members.Select(member => $"{member.Key}={Text(member.Value)}")),
        JsonValue value when value.GetValueKind() == JsonValueKind.Number =>
            value.GetValue<decimal>().ToString("0.####", System.Globalization.CultureInfo.InvariantCulture),
        null => "nothing",
        _ => node.ToJsonString(),
    };
}
