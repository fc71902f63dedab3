using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.Logging;
using Microsoft.OpenApi;

namespace Billing.Platform;

/// <summary>Errors on the wire: RFC 9457 ProblemDetails with a stable <c>code</c>.</summary>
public static class Problems
{
    /// <summary>A refusal as the edge shows it.</summary>
    public static ProblemHttpResult ToProblem(this Rejection rejection)
    {
        Telemetry.Refused.Add(1, new KeyValuePair<string, object?>("code", rejection.Code));
        return TypedResults.Problem(Details(rejection.Status, rejection.Code, rejection.Message));
    }

    internal static ProblemDetails Details(int status, string code, string message) => new()
    {
        Status = status,
        Type = $"urn:billing:{code}",
        Title = code,
        Detail = message,
        Extensions = { ["code"] = code },
    };

    /// <summary>Every operation may answer a refusal, and all refusals look alike.</summary>
    internal static void DescribeProblems(this OpenApiOptions options) =>
        options.AddOperationTransformer(async (operation, context, cancellation) =>
        {
            var schema = await context.GetOrCreateSchemaAsync(typeof(Shape), null, cancellation);
            // Some refusals say more, such as where a document is wrong.
            schema.AdditionalPropertiesAllowed = true;
            (operation.Responses ??= [])["default"] = new OpenApiResponse
            {
                Description = "Refused; code says why and never changes its meaning.",
                Content = new Dictionary<string, OpenApiMediaType>
                    { ["application/problem+json"] = new() { Schema = schema } },
            };
        });

    internal static void UseProblems(this WebApplication app) =>
        app.UseExceptionHandler(handler => handler.Run(async context =>
    {
        var fault = context.Features.Get<IExceptionHandlerFeature>()?.Error;
        var (status, code, message) = fault switch
        {
            BadHttpRequestException bad => (bad.StatusCode, "bad-request", bad.InnerException?.Message ?? bad.Message),
            OperationCanceledException => (499, "cancelled", "The request was cancelled."),
            _ => (
                500, "fault", "Something went wrong here; nothing was half done. Try again with the same identifiers."),
        };
        if (status == 500)
            context.RequestServices.GetLogger().LogError(fault, "A request failed");
        context.Response.StatusCode = status;
        await context.Response.WriteAsJsonAsync(
            Details(status, code, message), Wire.Strict, "application/problem+json", context.RequestAborted);
    }));

    private sealed record Shape(string Type, string Title, int Status, string Detail, string Code);

    private static ILogger GetLogger(this IServiceProvider services) =>
        ((ILoggerFactory)services.GetService(typeof(ILoggerFactory))!).CreateLogger("Billing.Requests");
}
