using System.Text.Json.Nodes;
using Billing.Contracts;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.OpenApi;

namespace Billing.Platform;

/// <summary>
/// Every operation needs a right, and requests of others are refused before they are read. One for which none is
/// declared is refused to everybody.
/// </summary>
public static class RightsOfEndpoints
{
    private const string Extension = "x-right";

    /// <summary>The caller does not have the right: 403.</summary>
    public static readonly Rejection Missing = new("right-missing", "You do not have the right to do this.", 403);

    /// <summary>Requires a right on an endpoint.</summary>
    public static RouteHandlerBuilder RequireRight(this RouteHandlerBuilder endpoint, Right right) =>
        endpoint.WithMetadata(new Required(right)).Refuses(Missing, Tokens.Missing, Tokens.IssuerAway);

    /// <summary>The caller is a program: 403.</summary>
    public static readonly Rejection Nameless = new(
        "actor-missing", "This needs a person, for two people must have seen it.", 403);

    /// <summary>The path names another partner than the credential is for: 403.</summary>
    public static readonly Rejection OtherPartner = new(
        "partner-other", "Your credential is for another partner than this path names.", 403);

    /// <summary>Requires a person on an endpoint, where a decision takes two of them.</summary>
    public static RouteHandlerBuilder RequirePerson(this RouteHandlerBuilder endpoint) =>
        endpoint.WithMetadata(new Person()).Refuses(Nameless);

    /// <summary>Describes the right of every operation.</summary>
    internal static void DescribeRights(this OpenApiOptions options) =>
        options.AddOperationTransformer((operation, context, _) =>
        {
            if (RightOf(context.Description.ActionDescriptor.EndpointMetadata) is { } right)
            {
                (operation.Extensions ??= new Dictionary<string, IOpenApiExtension>())[Extension] =
                    new JsonNodeExtension(JsonValue.Create(right.WireName()));
            }
            return Task.CompletedTask;
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
        if (context.GetRouteValue("partner") is string named && !caller.IsAtHome(right, named))
            return OtherPartner;
        if (metadata.GetMetadata<Person>() is not null && !caller.IsPerson)
            return Nameless;
        return caller.Rights.Contains(right)
            ? null
            : Missing.With($"{caller.Name} does not have the right {right}.");
    }

    private static Right? RightOf(IEnumerable<object> metadata) =>
        metadata.OfType<Required>().LastOrDefault()?.Right;

    private sealed record Required(Right Right);

    private sealed record Person;
}
