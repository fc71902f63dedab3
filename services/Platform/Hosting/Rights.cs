using System.Text.Json.Nodes;
using Billing.Contracts;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Billing.Platform;

/// <summary>
/// Every operation needs a right, and requests of others are refused before they are read. One for which none is
/// declared is refused to everybody.
/// </summary>
public static class RightsOfEndpoints
{
    private const string RightExtension = "x-right", ScopeExtension = "x-scope";

    /// <summary>The caller does not have the right: 403.</summary>
    public static readonly Rejection Missing = new("right-missing", "You do not have the right to do this.", 403);

    /// <summary>Requires a right on an endpoint.</summary>
    public static RouteHandlerBuilder RequireRight(this RouteHandlerBuilder endpoint, Right right) =>
        endpoint.WithMetadata(new Required(right)).Refuses(
            Missing, Scope.Other, Tokens.Missing, Tokens.IssuerAway);

    /// <summary>Requires a right on an endpoint of an <see cref="Edge"/>, whose callers bring no token.</summary>
    public static RouteHandlerBuilder RequireRightAtEdge(this RouteHandlerBuilder endpoint, Right right) =>
        endpoint.WithMetadata(new Required(right)).Refuses(Missing).ForEveryScope();

    /// <summary>The caller is a program: 403.</summary>
    public static readonly Rejection Nameless = new(
        "actor-missing", "This needs a person, for two people must have seen it.", 403);

    /// <summary>Requires a person on an endpoint, where a decision takes two of them.</summary>
    public static RouteHandlerBuilder RequirePerson(this RouteHandlerBuilder endpoint) =>
        endpoint.WithMetadata(new Person()).Refuses(Nameless);

    /// <summary>Describes the right of every operation.</summary>
    internal static void DescribeRights(this OpenApiOptions options) =>
        options.AddOperationTransformer((operation, context, _) =>
        {
            var metadata = context.Description.ActionDescriptor.EndpointMetadata;
            Say(RightExtension, RightOf(metadata)?.WireName());
            Say(ScopeExtension, metadata.OfType<ScopeRule>().LastOrDefault()?.Name
                ?? context.ApplicationServices.GetServices<Places>()
                    .FirstOrDefault(places => context.Description.RelativePath!.Contains(
                        $"{{{places.RouteValue}}}", StringComparison.Ordinal))?.RouteValue);
            return Task.CompletedTask;

            void Say(string extension, string? value)
            {
                if (value is not null)
                    (operation.Extensions ??= new Dictionary<string, IOpenApiExtension>())[extension] =
                        new JsonNodeExtension(JsonValue.Create(value));
            }
        });

    internal static void UseRights(this WebApplication app) => app.Use(async (context, next) =>
    {
        if (RefusalOf(context) is { } refusal)
            await refusal.ToProblem().ExecuteAsync(context);
        else
            await next(context);
    });

    private static Rejection? RefusalOf(HttpContext context)
    {
        // An unknown route has no endpoint, a wrong method one of the framework; both are answered as what they are.
        if (context.GetEndpoint() is not RouteEndpoint { Metadata: var metadata }
            || metadata.GetMetadata<IAllowAnonymous>() is not null)
            return null;
        if (RightOf(metadata) is not { } right)
            return Missing;
        // Whoever has no token was refused before.
        var caller = Caller.Of(context)!;
        if (!caller.Rights.Contains(right))
            return Missing.With($"{caller.Name} does not have the right {right}.");
        return metadata.GetMetadata<Person>() is not null && !caller.IsPerson ? Nameless : null;
    }

    internal static Right? RightOf(IEnumerable<object> metadata) =>
        metadata.OfType<Required>().LastOrDefault()?.Right;

    private sealed record Required(Right Right);

    private sealed record Person;
}
