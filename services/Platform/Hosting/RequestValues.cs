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

    private static readonly ConcurrentDictionary<MethodInfo, HashSet<string>> Days = new();

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
        var days = context.GetEndpoint()?.Metadata.GetMetadata<MethodInfo>() is { } method
            ? Days.GetOrAdd(method, DaysOf)
            : [];
        foreach (var (name, value) in context.Request.RouteValues)
        {
            if (Complaint(days, name, value as string) is { } complaint)
                return BadRequests.Of(name, complaint);
        }
        foreach (var (name, values) in context.Request.Query)
        {
            if (StrictValues.Complaint(name) is not null)
                return BadRequests.Of("query", "A parameter's name holds what no text may hold.");
            foreach (var value in values)
            {
                if (Complaint(days, name, value) is { } complaint)
                    return BadRequests.Of(name, complaint);
            }
        }
        return null;
    }

    private static string? Complaint(HashSet<string> days, string name, string? value) =>
        StrictValues.Complaint(value)
        ?? (value is not null && days.Contains(name) && !BusinessCalendar.TryParse(value, out _)
            ? $"Must be {BusinessCalendar.Form}."
            : null);

    private static HashSet<string> DaysOf(MethodInfo handler) => handler.GetParameters()
        .Where(parameter => (Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType)
            == typeof(DateOnly))
        .Select(parameter => parameter.Name!).ToHashSet(StringComparer.OrdinalIgnoreCase);
}
