using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Billing.Platform;

/// <summary>Errors on the wire: RFC 9457 ProblemDetails with a stable <c>code</c>.</summary>
public static class Problems
{
    internal static readonly Rejection NotFound = Rejection.NotFound(
        "not-found", "There is nothing under this address.");

    internal static readonly Rejection TooLarge = new(
        "body-too-large", "The body is larger than this request may be.", StatusCodes.Status413PayloadTooLarge);

    internal static readonly Rejection MediaType = new(
        "media-type-unsupported", "The body is not of a type that is taken here; see /openapi.",
        StatusCodes.Status415UnsupportedMediaType);

    internal static readonly Rejection NotStorable = Rejection.Invalid(
        "value-not-storable", "A value of the request cannot be stored; nothing was half done.");

    internal static readonly Rejection Away = new(
        "temporarily-unavailable",
        "The database is away for the moment. Try again with the same identifiers; nothing is done twice.",
        StatusCodes.Status503ServiceUnavailable);

    internal static readonly Rejection Fault = new(
        "fault", "Something went wrong here; nothing was half done. Try again with the same identifiers.",
        StatusCodes.Status500InternalServerError);

    private static readonly Rejection NoSuchMethod = new(
        "method-not-allowed", "This address does not take requests of this method.",
        StatusCodes.Status405MethodNotAllowed);

    /// <summary>The problem for a refusal.</summary>
    public static ProblemHttpResult ToProblem(this Rejection rejection) => TypedResults.Problem(Details(rejection));

    /// <inheritdoc cref="Details(int, string, string)"/>
    internal static ProblemDetails Details(Rejection rejection) =>
        Details(rejection.Status, rejection.Code, rejection.Message);

    /// <summary>A problem, which is also counted, and named in the audit trail.</summary>
    internal static ProblemDetails Details(int status, string code, string message)
    {
        Telemetry.Problems.Add(1, new KeyValuePair<string, object?>("code", code));
        if (AuditedOperation.Current is { } operation)
            operation.Refusal = code;
        return new()
        {
            Status = status,
            Type = $"urn:billing:{code}",
            Title = code,
            Detail = message,
            Extensions = { ["code"] = code },
        };
    }

    /// <summary>Answers unhandled faults as problems, and logs those that are this system's own.</summary>
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

    /// <summary>Gives refusals of the framework itself, such as of an unknown route, the same form.</summary>
    public static void UseProblemPages(this WebApplication app) => app.UseStatusCodePages(pages =>
    {
        var status = pages.HttpContext.Response.StatusCode;
        var refusal = Array.Find(
            [BadRequests.Unreadable, NotFound, NoSuchMethod, TooLarge, MediaType], known => known.Status == status)
            ?? new("refused", "The request was refused.", status);
        return refusal.ToProblem().ExecuteAsync(pages.HttpContext);
    });

    private static ProblemDetails Explain(Exception? fault, Endpoint? endpoint, HttpContext context)
    {
        switch (fault)
        {
            case RefusedException refused:
                return Details(refused.Rejection);
            case BadHttpRequestException bad:
                return BadRequests.Explain(bad, endpoint);
            case OperationCanceledException:
            case IOException when context.RequestAborted.IsCancellationRequested:
                return Details(499, "cancelled", "The request was cancelled.");
            case PostgresException { SqlState: ['2', '2', ..] } refused:
                // The edge should have refused it; the statement that failed must not be used again in its present
                // state.
                Database.Forget(context.RequestServices.GetRequiredService<NpgsqlDataSource>());
                context.RequestServices.GetLogger().ValueRefused(refused);
                return Details(NotStorable);
            case NpgsqlException passing when Faults.IsTransient(passing):
                if (Faults.IsReadOnly(passing))
                    Database.Forget(context.RequestServices.GetRequiredService<NpgsqlDataSource>());
                context.RequestServices.GetLogger().DatabaseAway(passing.Message);
                return Details(Away);
            case NpgsqlException overdue when Faults.IsOverdue(overdue):
                context.RequestServices.GetLogger().DatabaseSlow(overdue.Message);
                return Details(Away.With(
                    "The database took too long. Try again with the same identifiers; nothing is done twice."));
            default:
                context.RequestServices.GetLogger().RequestFailed(fault);
                return Details(Fault);
        }
    }

    private static ILogger GetLogger(this IServiceProvider services) =>
        services.GetRequiredService<ILoggerFactory>().CreateLogger("Billing.Requests");
}
