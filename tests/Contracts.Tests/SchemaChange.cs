using System.Text.Json.Nodes;

namespace Billing.Contracts.Tests;

/// <summary>
/// What between two versions of a message's schema would break somebody. Messages wait in queues across an upgrade and
/// old and new services run side by side, so every member that was written must still be read, with the same type, and
/// no reader may ask for a member that an old writer does not write. A member that may be missing can be added, and so
/// can a value of an enumeration: readers are upgraded before writers.
/// </summary>
internal static class SchemaChange
{
    public static IReadOnlyList<string> Breaking(JsonNode before, JsonNode after)
    {
        var found = new List<string>();
        Compare(before, after, "", found);
        return found;
    }

    private static void Compare(JsonNode before, JsonNode after, string path, List<string> found)
    {
        var place = path.Length == 0 ? "the message" : path;
        if (before is not JsonObject || after is not JsonObject)
        {
            if (!JsonNode.DeepEquals(before, after))
                found.Add($"{place} was {Text(before)} and is {Text(after)}");
            return;
        }
        foreach (var keyword in (string[])["type", "format", "const"])
            if (!JsonNode.DeepEquals(before[keyword], after[keyword]))
                found.Add(
                    $"{place} was of {keyword} {Text(before[keyword])} and is of {keyword} {Text(after[keyword])}");
        foreach (var value in Values(before, "enum").Except(Values(after, "enum")))
            found.Add($"{place} may no longer be {value}");
        if (Values(before, "enum").Any() != Values(after, "enum").Any())
            found.Add($"{place} was, or now is, one of a list of values");
        Members(before, after, path, found);
        if (before["items"] is { } items && after["items"] is { } now)
            Compare(items, now, path + "[]", found);
        if (before["additionalProperties"] is { } values && after["additionalProperties"] is { } others)
            Compare(values, others, path + "{}", found);
    }

    private static void Members(JsonNode before, JsonNode after, string path, List<string> found)
    {
        var (old, now) = (before["properties"]?.AsObject() ?? [], after["properties"]?.AsObject() ?? []);
        foreach (var (name, schema) in old)
        {
            if (now[name] is { } member)
                Compare(schema!, member, $"{path}.{name}", found);
            else
                found.Add($"{path}.{name} is gone or renamed");
        }
        var asked = Values(after, "required").Except(Values(before, "required"));
        foreach (var name in asked.Select(name => name.Trim('"')))
            found.Add(old.ContainsKey(name)
                ? $"{path}.{name} could be missing and must be there now"
                : $"{path}.{name} is new and must be there: give it a default value");
    }

    private static IEnumerable<string> Values(JsonNode schema, string keyword) =>
        schema[keyword]?.AsArray().Select(value => value?.ToJsonString() ?? "null") ?? [];

    private static string Text(JsonNode? node) => node?.ToJsonString() ?? "nothing";
}
