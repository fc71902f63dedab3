using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Billing.Platform;

/// <summary>
/// Declares the refusals of an operation where it is mapped; its OpenAPI document lists them by status and code.
/// Refusals of the edge itself follow from what the operation takes.
/// </summary>
public static class Refusals
{
    private const string ProblemCodes = "x-problem-codes";

    private const BindingFlags Statics =
        BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>Declares refusals that the operation may answer with.</summary>
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder endpoint, params Rejection[] refusals) =>
        endpoint.WithMetadata(new Declared(refusals));

    /// <summary>
    /// Declares all refusals defined by these types and, for a command, the conflict with other writers.
    /// </summary>
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder endpoint, params Type[] types) =>
        endpoint.Refuses([.. types.SelectMany(DeclaredBy)]);

    /// <summary>Describes every refusal under its status, with its code and its message.</summary>
    internal static void DescribeRefusals(this OpenApiOptions options) =>
        options.AddOperationTransformer(async (operation, context, cancellation) =>
        {
            var schema = await context.GetOrCreateSchemaAsync(typeof(Problem), null, cancellation);
            // Some problems have further members, such as the position of an error in a document.
            schema.AdditionalPropertiesAllowed = true;
            context.Document!.AddComponent(nameof(Problem), schema);
            foreach (var refusals in Of(context.Description).GroupBy(refusal => refusal.Status).OrderBy(s => s.Key))
            {
                var codes = refusals.GroupBy(refusal => refusal.Code, refusal => refusal.Message)
                    .OrderBy(code => code.Key, StringComparer.Ordinal).ToList();
                (operation.Responses ??= [])[$"{refusals.Key}"] = new OpenApiResponse
                {
                    Description = string.Join(
                        '\n', codes.Select(code => $"- `{code.Key}`: {string.Join(' ', code.Distinct())}")),
                    Content = new Dictionary<string, OpenApiMediaType>
                    {
                        ["application/problem+json"] = new()
                        {
                            Schema = new OpenApiSchemaReference(nameof(Problem), context.Document),
                        },
                    },
                    Extensions = new Dictionary<string, IOpenApiExtension>
                    {
                        [ProblemCodes] = new JsonNodeExtension(
                            new JsonArray([.. codes.Select(code => JsonValue.Create(code.Key))])),
                    },
                };
            }
        });

    private static IEnumerable<Rejection> Of(ApiDescription operation) =>
        operation.ActionDescriptor.EndpointMetadata.OfType<Declared>().SelectMany(declared => declared.Refusals)
            .Concat(OfTheEdge(operation));

    private static IEnumerable<Rejection> OfTheEdge(ApiDescription operation)
    {
        yield return BadRequests.Unreadable;
        // A path segment that does not satisfy its constraint is answered as an unknown route.
        if (operation.RelativePath!.Contains(':', StringComparison.Ordinal))
            yield return Problems.NotFound;
        if (operation.ParameterDescriptions.Count > 0)
            yield return Problems.NotStorable;
        if (operation.SupportedRequestFormats.Count > 0)
        {
            yield return Problems.TooLarge;
            yield return Problems.MediaType;
        }
        // Also where no body is wanted: what a sender declares of one is looked at first.
        if (operation.HttpMethod != HttpMethods.Get)
            yield return RequestValues.Charset;
        yield return Problems.Fault;
        yield return Problems.Away;
    }

    private static IEnumerable<Rejection> DeclaredBy(Type type) => type.GetFields(Statics)
        .Where(field => field.FieldType == typeof(Rejection)).Select(field => (Rejection)field.GetValue(null)!)
        .Concat(IsCommand(type) ? [Rejection.Contended] : []);

    private static bool IsCommand(Type type) => type.GetInterfaces()
        .Any(face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(ICommand<,>));

    private sealed record Declared(IReadOnlyList<Rejection> Refusals);

    /// <summary>
    /// All refusals have the same form (RFC 9457); the code gives the reason and never changes its meaning.
    /// </summary>
    private sealed record Problem(
        string Type, string Title, int Status, string Detail, string Code, string? Field = null);
}
