using System.Collections.Concurrent;
using System.Reflection;
using Billing.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace Billing.Platform;

/// <summary>
/// Holds values in a request's path and query to the same limits as those in its body (<see cref="Wire.Strict"/>),
/// before any endpoint runs: text that can be stored, and days of the <see cref="BusinessCalendar"/>. JSON is UTF-8,
/// whatever its sender declares; files are in the encoding agreed with their sender.
/// </summary>
internal static class RequestValues
{
    internal static readonly Rejection Charset = new(
        "charset-unsupported", "JSON is taken in UTF-8 only; leave the charset out or declare utf-8.",
        StatusCodes.Status415UnsupportedMediaType);

    private static readonly ConcurrentDictionary<MethodInfo, Dictionary<string, Type>> Forms = new();

    public static void UseRequestValues(this WebApplication app) => app.Use((context, next) =>
    {
        if (IsForeignJson(context.Request))
            return Charset.ToProblem().ExecuteAsync(context);
        return Refuse(context) is { } problem ? TypedResults.Problem(problem).ExecuteAsync(context) : next(context);
    });

    /// <summary>
    /// Whether a JSON body declares an encoding other than UTF-8. A declared UTF-8 is removed from the header, in
    /// whatever spelling, because the framework would look it up among its encodings.
    /// </summary>
    private static bool IsForeignJson(HttpRequest request)
    {
        if (!request.HasJsonContentType() || !MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !type.Parameters.Any(parameter => parameter.Name.Equals("charset", StringComparison.OrdinalIgnoreCase)))
            return false;
        request.ContentType = type.MediaType.Value;
        return !HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase);
    }

    private static ProblemDetails? Refuse(HttpContext context)
    {
        var forms = context.GetEndpoint()?.Metadata.GetMetadata<MethodInfo>() is { } method
            ? Forms.GetOrAdd(method, FormsOf)
            : [];
        foreach (var (name, value) in context.Request.RouteValues)
        {
            if (Complaint(forms, name, value as string) is { } complaint)
                return BadRequests.Of(name, complaint);
        }
        foreach (var (name, values) in context.Request.Query)
        {
            if (StrictValues.Complaint(name) is not null)
                return BadRequests.Of("query", "A parameter's name holds what no text may hold.");
            foreach (var value in values)
            {
                if (Complaint(forms, name, value) is { } complaint)
                    return BadRequests.Of(name, complaint);
            }
        }
        return null;
    }

    private static string? Complaint(Dictionary<string, Type> forms, string name, string? value) =>
        StrictValues.Complaint(value)
        ?? (value is null || !forms.TryGetValue(name, out var form) ? null
            : form.IsEnum ? Enum.GetNames(form).Contains(value, StringComparer.Ordinal)
                ? null
                : $"Must be {BadRequests.FormOf(form)}."
            : !BusinessCalendar.TryParse(value, out _) ? $"Must be {BusinessCalendar.Form}." : null);

    /// <summary>The parameters that are days or enums: the framework takes enums by number and in lists, too.</summary>
    private static Dictionary<string, Type> FormsOf(MethodInfo handler) => handler.GetParameters()
        .Select(parameter => (
            parameter.Name, Type: Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType))
        .Where(parameter => parameter.Type == typeof(DateOnly) || parameter.Type.IsEnum)
        .ToDictionary(parameter => parameter.Name!, parameter => parameter.Type, StringComparer.OrdinalIgnoreCase);
}
