using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Billing.Testing;

/// <summary>
/// Fails a test when a service answers with a refusal that the operation's OpenAPI description does not declare. So the
/// declarations are as complete as the tests.
/// </summary>
/// <param name="service">The address of the service.</param>
/// <param name="edge">Its address for partners, or null.</param>
/// <param name="inner">The handler that sends the requests.</param>
public sealed class DeclaredRefusals(Uri service, Uri? edge, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    /// <summary>The refusals of the edge for requests that match no operation.</summary>
    private static readonly string[] OfNoOperation =
        ["not-found", "method-not-allowed", "bad-request", "charset-unsupported"];

    private JsonObject? _paths;

    /// <summary>
    /// The operation that matches a request, or null; of several that match, the one whose path has literal segments
    /// first.
    /// </summary>
    public static JsonNode? OperationFor(JsonObject paths, HttpMethod method, Uri address)
    {
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(address);
        var parts = PartsOf(address);
        return paths.Select(path => (Template: path.Key[1..].Split('/'), Operations: path.Value!))
            .Where(path => Fits(path.Template, parts))
            .OrderBy(path => string.Concat(path.Template.Select(part => part is ['{', ..] ? '1' : '0')),
                StringComparer.Ordinal)
            .Select(path => path.Operations[method.Method.ToLowerInvariant()])
            .FirstOrDefault(operation => operation is not null);
    }

    /// <summary>Returns the answer when it is no refusal or a declared one.</summary>
    /// <exception cref="InvalidOperationException">The operation does not declare this refusal.</exception>
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var answer = await base.SendAsync(request, cancellationToken);
        if (answer.Content.Headers.ContentType?.MediaType != "application/problem+json")
            return answer;
        // Read as bytes, the content is buffered, and the caller can read it again.
        var problem = JsonNode.Parse(await answer.Content.ReadAsByteArrayAsync(cancellationToken))!;
        var (status, code) = ((int)answer.StatusCode, (string?)problem["code"]);
        _paths ??= await Described(cancellationToken);
        var operation = OperationFor(_paths, request.Method, request.RequestUri!);
        var declared = operation is null
            ? OfNoOperation
            : operation["responses"]![$"{status}"]?["x-problem-codes"]?.AsArray().Select(known => (string?)known) ?? [];
        return declared.Contains(code, StringComparer.Ordinal)
            ? answer
            : throw new InvalidOperationException(
                $"{request.Method} {request.RequestUri!.AbsolutePath} answers {status} {code}, which "
                + (operation is null
                    ? "nothing answers where no operation is."
                    : $"{(string?)operation["operationId"]} does not declare: add it to its Refuses(...)."));
    }

    private async Task<JsonObject> Described(CancellationToken cancellation)
    {
        var described = await Described(new Uri(service, "/openapi/v1.json"), cancellation);
        if (edge is null)
            return described;
        var paths = await Described(new Uri(edge, $"{AsPartner.Prefix}/openapi.json"), cancellation);
        foreach (var (path, operations) in paths)
            described[path] = operations!.DeepClone();
        return described;
    }

    private async Task<JsonObject> Described(Uri document, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, document);
        using var answer = await base.SendAsync(request, cancellation);
        return (await answer.Content.ReadFromJsonAsync<JsonNode>(cancellation))!["paths"]!.AsObject();
    }

    private static bool Fits(string[] template, List<string> parts) =>
        template.Length == parts.Count && template.Zip(parts).All(pair =>
            pair.First is ['{', ..] || pair.First.Equals(pair.Second, StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// The segments of a path as the server sees them: unescaped, without dots, without a slash at the end.
    /// </summary>
    private static List<string> PartsOf(Uri address)
    {
        var parts = new List<string>();
        foreach (var part in address.AbsolutePath.Split('/').Skip(1).Select(Uri.UnescapeDataString))
        {
            if (part == ".." && parts.Count > 0)
                parts.RemoveAt(parts.Count - 1);
            else if (part is not ("." or ".."))
                parts.Add(part);
        }
        if (parts is [.., ""])
            parts.RemoveAt(parts.Count - 1);
        return parts;
    }
}
