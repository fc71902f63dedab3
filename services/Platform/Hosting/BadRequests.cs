using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Billing.Contracts;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Billing.Platform;

/// <summary>
/// Explains why a request could not be read, in terms of the wire: the member or parameter by its name there, and the
/// form that is expected. The framework's own messages name .NET types, which mean nothing to a client.
/// </summary>
internal static partial class BadRequests
{
    /// <summary>The request cannot be read: 400.</summary>
    internal static readonly Rejection Unreadable = new(
        "bad-request", "The request cannot be read; field names the member or parameter that is wrong.",
        StatusCodes.Status400BadRequest);

    private static readonly Dictionary<Type, string> Forms = new()
    {
        [typeof(string)] = "text",
        [typeof(bool)] = "true or false",
        [typeof(int)] = "a whole number",
        [typeof(long)] = "a whole number",
        [typeof(decimal)] = "a number",
        [typeof(Guid)] = "a UUID",
        [typeof(DateOnly)] = BusinessCalendar.Form,
        [typeof(TimeOnly)] = "a time like 23:00:00",
        [typeof(DateTimeOffset)] = "a moment like 2026-10-31T08:00:00Z",
    };

    /// <summary>The problem of a refused value of a parameter or member.</summary>
    public static ProblemDetails Of(string field, string complaint, int status = StatusCodes.Status400BadRequest)
    {
        var problem = Problems.Details(status, Unreadable.Code, $"{field}: {complaint}");
        problem.Extensions["field"] = field;
        return problem;
    }

    /// <summary>The problem for a fault that the framework found.</summary>
    public static ProblemDetails Explain(BadHttpRequestException fault, Endpoint? endpoint)
    {
        if (fault.InnerException is JsonException json)
            return Explain(json);
        if (Bound().Match(fault.Message) is { Success: true } bound)
        {
            var name = bound.Groups["name"].Value;
            var type = endpoint?.Metadata.GetMetadata<MethodInfo>()?.GetParameters()
                .FirstOrDefault(parameter => parameter.Name == name)?.ParameterType;
            return bound.Groups["value"].Success ? Of(name, $"Must be {FormOf(type)}.")
                : fault.Message.Contains("body", StringComparison.OrdinalIgnoreCase)
                    ? Of("body", "Is missing or no JSON of the form that is described under /openapi.")
                : Of(name, $"Is missing; must be {FormOf(type)}.");
        }
        return fault.StatusCode switch
        {
            StatusCodes.Status413PayloadTooLarge => Problems.Details(Problems.TooLarge),
            StatusCodes.Status415UnsupportedMediaType =>
                Problems.Details(Problems.MediaType.With("The body must be application/json.")),
            _ => Of("body", "The request is not complete or not valid HTTP.", fault.StatusCode),
        };
    }

    /// <summary>The form of a type's values on the wire.</summary>
    public static string FormOf(Type? type) => (type is null ? null : Nullable.GetUnderlyingType(type) ?? type) switch
    {
        null => "of the form that is described under /openapi",
        var t when Forms.TryGetValue(t, out var form) => form,
        { IsEnum: true } t => $"one of {string.Join(", ", t.GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(value => value.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name ?? value.Name))}",
        var t when t.GetProperty("Form", BindingFlags.Public | BindingFlags.Static)?.GetValue(null) is string form =>
            form,
        var t when t.IsAssignableTo(typeof(System.Collections.IEnumerable)) => "a list",
        _ => "an object of the form that is described under /openapi",
    };

    private static ProblemDetails Explain(JsonException json)
    {
        var path = json.Path is { Length: > 2 } found ? found[2..] : "";
        if (Missing().Match(json.Message) is { Success: true } missing)
            return Of(Join(path, missing.Groups["name"].Value), "Is missing.");
        if (Null().Match(json.Message) is { Success: true } isNull)
            return Of(Join(path, isNull.Groups["name"].Value), "Must not be null.");
        if (Unknown().Match(json.Message) is { Success: true } unknown)
            return Of(Join(path, unknown.Groups["name"].Value), "Is no member that is known here.");
        if (Repeated().Match(json.Message) is { Success: true } repeated)
            return Of(Join(path, repeated.Groups["name"].Value), "Is there twice.");
        if (NullItem().Match(json.Message) is { Success: true } nullItem)
            return Of(Join(path, nullItem.Groups["name"].Value), "Holds a null.");
        if (Converted().Match(json.Message) is { Success: true } converted)
            return Of(Name(path), $"Must be {FormOf(TypeOf(converted.Groups["type"].Value.TrimEnd('.'), path))}.");
        if (json.InnerException is JsonException)
            return Of(Name(path), $"Is no JSON, in line {json.LineNumber + 1} at byte {json.BytePositionInLine + 1}.");
        // What is left is a message of this system, unless it is one of the framework's that is not handled above.
        return Of(Name(path), Foreign().IsMatch(json.Message) ? $"Must be {FormOf(null)}." : json.Message);
    }

    /// <summary>For a member that a constructor takes, the framework names the type that has the member.</summary>
    private static Type? TypeOf(string name, string path)
    {
        var named = AppDomain.CurrentDomain.GetAssemblies()
            .Select(assembly => assembly.GetType(name)).FirstOrDefault(type => type is not null);
        return named?.GetProperty(
            path[(path.LastIndexOf('.') + 1)..],
            BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase)?.PropertyType ?? named;
    }

    private static string Name(string path) => path.Length == 0 ? "body" : path;

    private static string Join(string path, string name) =>
        path.Length == 0 ? name
        : path.Equals(name, StringComparison.OrdinalIgnoreCase)
            || path.EndsWith("." + name, StringComparison.OrdinalIgnoreCase) ? path
        : $"{path}.{name}";

    [GeneratedRegex("""parameter "(?:[^"]* )?(?<name>\w+)"(?: from "(?<value>.*)")?""", RegexOptions.Singleline)]
    private static partial Regex Bound();

    [GeneratedRegex("missing required properties including: '(?<name>[^']+)'")]
    private static partial Regex Missing();

    [GeneratedRegex("(?:property or field|constructor parameter) '(?<name>[^']+)'.* null values")]
    private static partial Regex Null();

    [GeneratedRegex("^List '(?<name>[^']+)' holds a null")]
    private static partial Regex NullItem();

    [GeneratedRegex("property '(?<name>[^']+)' could not be mapped")]
    private static partial Regex Unknown();

    [GeneratedRegex("uplicate property '(?<name>[^']+)'")]
    private static partial Regex Repeated();

    [GeneratedRegex(@"could not be converted to (?<type>[\w.+]+)")]
    private static partial Regex Converted();

    [GeneratedRegex(@" type '|\.NET|System\.|Billing\.| Path: ")]
    private static partial Regex Foreign();
}
