using Billing.Contracts;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.Platform;

/// <summary>
/// A listener beside the one for staff, with an address, paths and a description of its own, and callers who prove who
/// they are in another way than by tokens. Neither listener knows the paths of the other.
/// </summary>
/// <param name="Prefix">The beginning of all its paths, such as <c>/partner/v1</c>.</param>
/// <param name="Title">The title of its OpenAPI document, which it serves under its prefix as
/// <c>openapi.json</c>.</param>
/// <param name="Address">Where it listens.</param>
/// <param name="Recognise">Who sends a request.</param>
public sealed record Edge(string Prefix, string Title, Uri Address, Func<HttpContext, Task<Recognised>> Recognise)
{
    /// <summary>The name of its OpenAPI document.</summary>
    internal const string Document = "openapi";

    /// <summary>Whether a request came in through it.</summary>
    internal bool IsAt(HttpContext context) => context.Connection.LocalPort == Address.Port;

    /// <summary>Whether a path, without its first slash, is one of its own.</summary>
    internal bool Has(string? path) =>
        path is not null && $"/{path}/".StartsWith(Prefix + "/", StringComparison.Ordinal);
}

/// <summary>Who sends a request, or why it is refused.</summary>
/// <param name="Refusal">Why it is refused; null when the caller is known.</param>
/// <param name="Name">The name under which the caller acts, such as <c>partner:icbc</c>.</param>
/// <param name="Rights">What the caller may do.</param>
/// <param name="Scope">The part of the organisation that the caller may see.</param>
public sealed record Recognised(Rejection? Refusal, string Name, IReadOnlySet<Right> Rights, Scope Scope)
{
    private static readonly Scope Nothing = new([], []);

    /// <summary>The request is refused.</summary>
    public static Recognised Refused(Rejection refusal) => new(refusal, Actor.Anonymous, new HashSet<Right>(), Nothing);
}

/// <summary>Lets requests in through an edge.</summary>
internal static class Edges
{
    /// <summary>Before routing: each listener has its own paths.</summary>
    public static void UseEdges(this WebApplication app)
    {
        if (app.Services.GetService<Edge>() is not { } edge)
            return;
        app.Use((context, next) =>
        {
            if (edge.IsAt(context) == context.Request.Path.StartsWithSegments(edge.Prefix, StringComparison.Ordinal))
                return next(context);
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
    }

    /// <summary>After routing: who sends a request that came in through the edge, whatever token it brings.</summary>
    public static void UseEdgeCallers(this WebApplication app)
    {
        if (app.Services.GetService<Edge>() is not { } edge)
            return;
        app.Use(async (context, next) =>
        {
            if (!edge.IsAt(context))
            {
                await next(context);
                return;
            }
            context.Items.Remove(typeof(Caller));
            context.User = new();
            if (context.GetEndpoint() is not RouteEndpoint { Metadata: var metadata }
                || metadata.GetMetadata<IAllowAnonymous>() is not null)
            {
                await next(context);
                return;
            }
            var recognised = await edge.Recognise(context);
            if (recognised.Refusal is { } refusal)
            {
                await refusal.ToProblem().ExecuteAsync(context);
                return;
            }
            context.Items[typeof(Caller)] = new Caller(recognised.Name, recognised.Rights, recognised.Scope);
            await next(context);
        });
    }
}
