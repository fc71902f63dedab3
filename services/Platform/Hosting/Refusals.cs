using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Billing.Platform;

/// <summary>
/// What an operation may refuse is said where it is mapped, and its OpenAPI document has it by status and code. What
/// the edge itself refuses follows from what the operation takes.
/// </summary>
public static class Refusals
{
    private const string ProblemCodes = "x-problem-codes";

    private const BindingFlags Statics =
        BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>The operation may answer these.</summary>
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder endpoint, params Rejection[] refusals) =>
        endpoint.WithMetadata(new Declared(refusals));

    /// <summary>The operation may answer whatever these types declare; a command can meet other writers, too.</summary>
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder endpoint, params Type[] types) =>
        endpoint.Refuses([.. types.SelectMany(DeclaredBy)]);

    /// <summary>Every refusal stands under its status, with its code and its sentence.</summary>
    internal static void DescribeRefusals(this OpenApiOptions options) =>
        options.AddOperationTransformer(async (operation, context, cancellation) =>
        {
            var schema = await context.GetOrCreateSchemaAsync(typeof(Problem), null, cancellation);
            // Some refusals say more, such as where a document is wrong.
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
        // A part of the address that does not meet its constraint leads nowhere.
        if (operation.RelativePath!.Contains(':', StringComparison.Ordinal))
            yield return Problems.NotFound;
        if (operation.ParameterDescriptions.Count > 0)
            yield return Problems.NotStorable;
        if (operation.SupportedRequestFormats.Count > 0)
        {
            yield return Problems.TooLarge;
            yield return Problems.MediaType;
            yield return RequestValues.Charset;
        }
        yield return Problems.Fault;
        yield return Problems.Away;
    }

    private static IEnumerable<Rejection> DeclaredBy(Type type) => type.GetFields(Statics)
        .Where(field => field.FieldType == typeof(Rejection)).Select(field => (Rejection)field.GetValue(null)!)
        .Concat(IsCommand(type) ? [Rejection.Contended] : []);

    private static bool IsCommand(Type type) => type.GetInterfaces()
        .Any(face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(ICommand<,>));

    private sealed record Declared(IReadOnlyList<Rejection> Refusals);

    /// <summary>All refusals look alike (RFC 9457); the code says why and never changes its meaning.</summary>
    private sealed record Problem(
        string Type, string Title, int Status, string Detail, string Code, string? Field = null);
}
