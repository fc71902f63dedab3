using System.Text;
using System.Text.Json.Nodes;

namespace Billing.Fuzz.Tests;

/// <summary>One request, described so that it can be sent once and told about.</summary>
/// <param name="What">What is hostile in it.</param>
/// <param name="Method">The method.</param>
/// <param name="Address">The address, escaped.</param>
/// <param name="Headers">Headers.</param>
/// <param name="Body">The body, or null.</param>
/// <param name="Type">The body's media type.</param>
internal sealed record Attack(
    string What, HttpMethod Method, string Address, IReadOnlyDictionary<string, string> Headers, byte[]? Body,
    string? Type)
{
    public HttpRequestMessage ToRequest(Uri service)
    {
        var address = new Uri(service.ToString().TrimEnd('/') + Address, new UriCreationOptions
        {
            DangerousDisablePathAndQueryCanonicalization = true,
        });
        var request = new HttpRequestMessage(Method, address);
        foreach (var (name, value) in Headers)
            request.Headers.TryAddWithoutValidation(name, value);
        if (Body is not null)
        {
            request.Content = new ByteArrayContent(Body);
            if (Type is not null)
                request.Content.Headers.TryAddWithoutValidation("Content-Type", Type);
        }
        return request;
    }

    /// <summary>Every parameter, member, field and whole body of an operation, made hostile one at a time.</summary>
    public static IEnumerable<Attack> On(Operation operation, Samples samples)
    {
        var good = new Good(operation, samples);
        yield return good.With("nothing", [], good.Body);
        foreach (var parameter in operation.Parameters)
        {
            foreach (var value in parameter.In == "header" ? HostileValues.Headers : HostileValues.Address)
            {
                yield return good.With(
                    $"{parameter.Name} = {Short(value)}", new() { [parameter.Name] = value }, good.Body);
            }
            if (!parameter.Required || parameter.In != "path")
                yield return good.With($"without {parameter.Name}", new() { [parameter.Name] = null }, good.Body);
        }
        foreach (var (what, body) in good.Bodies())
            yield return good.With(what, [], body);
        if (good.Body is null)
            yield break;
        yield return good.With("body of no type", [], good.Body) with { Type = null };
        foreach (var type in HostileValues.Types)
            yield return good.With($"body of type {Short(type)}", [], good.Body) with { Type = type };
        foreach (var charset in HostileValues.Charsets)
        {
            foreach (var type in new[] { operation.File ?? "application/json", "application/vnd.x+json" })
            {
                yield return good.With($"body of {type} in {Short(charset)}", [], good.Body) with
                {
                    Type = $"{type}; charset={charset}",
                };
            }
        }
    }

    private static string Short(string text) => text.Length > 60 ? $"{text[..40]}… ({text.Length})" : text;

    private const string Key = "Idempotency-Key";
    private static int _keys;

    private sealed class Good(Operation operation, Samples samples)
    {
        private readonly JsonNode? _json = samples.Body(operation);

        public byte[]? Body { get; } =
            operation.File is not null && samples.File(operation) is var (head, separator, fields)
                ? Samples.Bytes(head, separator, fields)
            : samples.Body(operation) is { } json ? Encoding.UTF8.GetBytes(json.ToJsonString())
            : null;

        public Attack With(string what, Dictionary<string, string?> instead, byte[]? body)
        {
            var (path, query, headers) = (operation.Path, new StringBuilder(), new Dictionary<string, string>());
            foreach (var parameter in operation.Parameters)
            {
                // A key that was used for another body would be refused before the body is looked at.
                var value = instead.TryGetValue(parameter.Name, out var given) ? given
                    : parameter.Name == Key ? $"key-{Interlocked.Increment(ref _keys)}"
                    : samples.Parameter(parameter);
                if (value is null)
                    continue;
                if (parameter.In == "path")
                    path = path.Replace($"{{{parameter.Name}}}", Escape(value), StringComparison.Ordinal);
                else if (parameter.In == "query")
                    query.Append(query.Length == 0 ? '?' : '&').Append($"{parameter.Name}={Escape(value)}");
                else
                    headers[parameter.Name] = value;
            }
            return new(
                $"{operation}: {what}", operation.Method, path + query, headers, body,
                body is null ? null : operation.File ?? "application/json");
        }

        public IEnumerable<(string What, byte[] Body)> Bodies()
        {
            if (operation.File is not null)
            {
                var (head, separator, fields) = samples.File(operation);
                for (var i = 0; i < fields.Length; i++)
                {
                    foreach (var hostile in HostileValues.Fields)
                    {
                        string[] other = [.. fields];
                        other[i] = hostile;
                        yield return ($"field {i} = {Short(hostile)}", Samples.Bytes(head, separator, other));
                    }
                }
                for (var i = 0; i < HostileValues.Files.Length; i++)
                {
                    yield return ($"file {i}", HostileValues.Files[i]);
                    yield return (
                        $"head and file {i}", [.. Encoding.UTF8.GetBytes(head + "\n"), .. HostileValues.Files[i]]);
                }
            }
            if (_json is null)
                yield break;
            for (var i = 0; i < HostileValues.Bodies.Length; i++)
                yield return ($"body {i}", HostileValues.Bodies[i]);
            foreach (var attacked in Leaves(_json, ""))
                yield return (attacked.What, Encoding.UTF8.GetBytes(attacked.Json));
        }

        /// <summary>Every member with every hostile value, and without it; of lists the first.</summary>
        private IEnumerable<(string What, string Json)> Leaves(JsonNode node, string path)
        {
            const string Hole = "\"the-hole\"";
            foreach (var (name, child) in Children(node).ToList())
            {
                var at = $"{path}/{name}";
                var original = child?.DeepClone();
                Set(node, name, JsonNode.Parse(Hole));
                var text = _json!.ToJsonString();
                foreach (var hostile in HostileValues.Json)
                    yield return ($"{at} = {Short(hostile)}", text.Replace(Hole, hostile, StringComparison.Ordinal));
                Set(node, name, original?.DeepClone());
                if (node is JsonObject members)
                {
                    members.Remove(name);
                    yield return ($"without {at}", _json.ToJsonString());
                    members[name] = original?.DeepClone();
                }
                if (Get(node, name) is { } inner)
                {
                    foreach (var leaf in Leaves(inner, at))
                        yield return leaf;
                }
            }
        }

        private static IEnumerable<(string Name, JsonNode? Child)> Children(JsonNode node) => node switch
        {
            JsonObject members => members.Select(member => (member.Key, member.Value)),
            JsonArray items => items.Take(1).Select(item => ("0", item)),
            _ => [],
        };

        private static JsonNode? Get(JsonNode node, string name) =>
            node is JsonArray items ? items[0] : node[name];

        private static void Set(JsonNode node, string name, JsonNode? value)
        {
            if (node is JsonArray items)
                items[0] = value;
            else
                node[name] = value;
        }

        private static string Escape(string text) => text.StartsWith('%') ? text : Uri.EscapeDataString(text);
    }
}
