using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.OpenApi;
using Npgsql;

namespace Billing.Platform;

/// <summary>Errors on the wire: RFC 9457 ProblemDetails with a stable <c>code</c>.</summary>
public static class Problems
{
    /// <summary>A refusal as the edge shows it.</summary>
    public static ProblemHttpResult ToProblem(this Rejection rejection) =>
        TypedResults.Problem(Details(rejection.Status, rejection.Code, rejection.Message));

    /// <summary>A problem as it is answered, and counted.</summary>
    internal static ProblemDetails Details(int status, string code, string message)
    {
        Telemetry.Problems.Add(1, new KeyValuePair<string, object?>("code", code));
        return new()
        {
            Status = status,
            Type = $"urn:billing:{code}",
            Title = code,
            Detail = message,
            Extensions = { ["code"] = code },
        };
    }

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

    /// <summary>Faults are told as problems, too, and logged when they are ours.</summary>
    public static void UseProblems(this WebApplication app) =>
        app.UseExceptionHandler(handler => handler.Run(async context =>
    {
        var feature = context.Features.Get<IExceptionHandlerFeature>();
        var problem = Explain(feature?.Error, feature?.Endpoint, context);
        context.Response.StatusCode = problem.Status!.Value;
        if (problem.Status == StatusCodes.Status503ServiceUnavailable)
            context.Response.Headers.RetryAfter = "5";
        await context.Response.WriteAsJsonAsync(
            problem, Wire.Strict, "application/problem+json", context.RequestAborted);
    }));

    /// <summary>Refusals of the framework itself, such as of an address that leads nowhere, look alike.</summary>
    public static void UseProblemPages(this WebApplication app) => app.UseStatusCodePages(pages =>
    {
        var status = pages.HttpContext.Response.StatusCode;
        var (code, message) = status switch
        {
            StatusCodes.Status404NotFound => ("not-found", "There is nothing under this address."),
            StatusCodes.Status405MethodNotAllowed =>
                ("method-not-allowed", "This address does not take requests of this method."),
            StatusCodes.Status413PayloadTooLarge => ("body-too-large", "The body is larger than this request may be."),
            StatusCodes.Status415UnsupportedMediaType =>
                ("media-type-unsupported", "The body is not of a type that is taken here; see /openapi."),
            _ => ("refused", "The request was refused."),
        };
        return TypedResults.Problem(Details(status, code, message)).ExecuteAsync(pages.HttpContext);
    });

    private static ProblemDetails Explain(Exception? fault, Endpoint? endpoint, HttpContext context)
    {
        switch (fault)
        {
            case BadHttpRequestException bad:
                return BadRequests.Explain(bad, endpoint);
            case OperationCanceledException:
            case IOException when context.RequestAborted.IsCancellationRequested:
                return Details(499, "cancelled", "The request was cancelled.");
            case PostgresException { SqlState: ['2', '2', ..] } refused:
                // The edge should have refused it; the statement that met it must not be used again as it is.
                Database.Forget(context.RequestServices.GetRequiredService<NpgsqlDataSource>());
                context.RequestServices.GetLogger().ValueRefused(refused);
                return Details(
                    StatusCodes.Status422UnprocessableEntity, "value-not-storable",
                    "A value of the request cannot be stored; nothing was half done.");
            case NpgsqlException passing when Faults.IsTransient(passing):
                if (Faults.IsReadOnly(passing))
                    Database.Forget(context.RequestServices.GetRequiredService<NpgsqlDataSource>());
                context.RequestServices.GetLogger().DatabaseAway(passing.Message);
                return Details(
                    StatusCodes.Status503ServiceUnavailable, "temporarily-unavailable",
                    "The database is away for the moment. Try again with the same identifiers; nothing is done twice.");
            case NpgsqlException overdue when Faults.IsOverdue(overdue):
                context.RequestServices.GetLogger().DatabaseSlow(overdue.Message);
                return Details(
                    StatusCodes.Status503ServiceUnavailable, "temporarily-unavailable",
                    "The database took too long. Try again with the same identifiers; nothing is done twice.");
            default:
                context.RequestServices.GetLogger().RequestFailed(fault);
                return Details(
                    StatusCodes.Status500InternalServerError, "fault",
                    "Something went wrong here; nothing was half done. Try again with the same identifiers.");
        }
    }

    private sealed record Shape(
        string Type, string Title, int Status, string Detail, string Code, string? Field = null);

    private static ILogger GetLogger(this IServiceProvider services) =>
        services.GetRequiredService<ILoggerFactory>().CreateLogger("Billing.Requests");
}
