using Billing.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.Platform;

/// <summary>
/// Records what requests did. Commands with events are recorded with these; a change without an event is recorded
/// before it is answered. A refusal is recorded when a token or a right is lacking, whatever was asked, and otherwise
/// when something was to be changed.
/// </summary>
internal static class AuditedRequests
{
    private static readonly string[] Safe = [HttpMethods.Get, HttpMethods.Head, HttpMethods.Options];

    /// <summary>Rights to requests that only compute, whatever their method.</summary>
    private static readonly string[] Computing = [Right.QuoteBill.WireName(), Right.RunWhatIf.WireName()];

    /// <summary>Outermost, so that it sees every answer, also to faults.</summary>
    public static void UseAuditTrail(this WebApplication app)
    {
        var log = app.Services.GetRequiredService<AuditLog>();
        var clock = app.Services.GetRequiredService<TimeProvider>();
        app.Use((context, next) =>
        {
            var operation = AuditedOperation.Current = new();
            context.Response.OnStarting(() => Record(context, operation, log, clock.GetUtcNow()));
            return next(context);
        });
    }

    /// <summary>After routing: what is asked.</summary>
    public static void UseAuditedRoutes(this WebApplication app) => app.Use((context, next) =>
    {
        if (AuditedOperation.Current is { } operation
            && context.GetEndpoint() is RouteEndpoint { Metadata: var metadata } endpoint
            && RightsOfEndpoints.RightOf(metadata) is { } right)
        {
            operation.Name = metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName
                ?? endpoint.RoutePattern.RawText;
            operation.Permission = right.WireName();
            // Kept as they are now: what handles a fault forgets them.
            var path = new PathValues(endpoint, context.Request.RouteValues);
            (operation.Target, operation.TargetOfRefusal) = (path.All(), path.WithoutPeople);
        }
        return next(context);
    });

    /// <summary>After the token was read: who asks, and through which program.</summary>
    public static void UseAuditedActors(this WebApplication app) => app.Use((context, next) =>
    {
        if (AuditedOperation.Current is { } operation)
        {
            operation.Actor = Actor.Current;
            operation.Client = (context.User.FindFirst("client_id") ?? context.User.FindFirst("azp"))?.Value;
        }
        return next(context);
    });

    private static Task Record(HttpContext context, AuditedOperation operation, AuditLog log, DateTimeOffset at)
    {
        if (operation is not { Name: { } name, Permission: { } permission })
            return Task.CompletedTask;
        var status = context.Response.StatusCode;
        var changes = !Safe.Contains(context.Request.Method) && !Computing.Contains(permission);
        var lacksRight = status is StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden;
        var refused = status >= StatusCodes.Status400BadRequest;
        if (refused ? !changes && !lacksRight : !changes || operation.Commands > 0)
            return Task.CompletedTask;
        // The callback may run in another flow than the request.
        Actor.Current = operation.Actor ?? new(
            Actor.Anonymous, context.Connection.RemoteIpAddress?.ToString() ?? "local", null);
        AuditedOperation.Current = operation;
        if (refused)
            operation.Target = operation.TargetOfRefusal?.Invoke();
        var entry = AuditEntry.Of(
            refused ? AuditKind.Refusal : AuditKind.Command, at, name,
            outcome: (refused ? operation.Refusal : null) ?? $"{status}", details: refused ? null : operation.Details);
        if (!refused)
            // Whoever hangs up does not keep what was done off the record.
            return log.Record(entry, CancellationToken.None);
        log.Refused(entry);
        return Task.CompletedTask;
    }
}
