using System.Security.Claims;
using System.Text.Json.Nodes;
using Billing.Contracts;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;

namespace Billing.Platform;

/// <summary>
/// Decides whether a caller has a right: the token of the request says it. While no issuer of tokens is configured,
/// <c>Billing:Rights:{right}</c> lists the actors who have it, one name or several; a right that is not configured is
/// granted to everybody, because then the gateway in front of the service decides, and an empty list grants it to
/// nobody.
/// </summary>
public sealed class Rights(IConfiguration configuration, IOptions<TokenOptions> tokens)
{
    /// <summary>The name of the configuration section.</summary>
    public const string Section = "Billing:Rights";

    /// <summary>Whether the caller of a request has a right.</summary>
    public bool Has(ClaimsPrincipal caller, Right right) => tokens.Value.Issuer.Length > 0
        ? Tokens.RightsOf(caller, tokens.Value.RolesClaim).Contains(right)
        : IsConfigured(Actor.Current.By, right);

    /// <summary>
    /// Whether a path of a partner is the caller's: a partner's credential opens its own only, and what only partners
    /// do needs such a credential.
    /// </summary>
    internal bool IsAtHome(ClaimsPrincipal caller, Right right, string partner) => tokens.Value.Issuer.Length == 0
        || (caller.FindFirst(Tokens.PartnerClaim) is { } claim
            ? claim.Value == partner
            : right is not (Right.QueryBill or Right.ReceivePayment or Right.ReversePayment));

    /// <summary>
    /// Whether an actor is a person: a program that decides in the place of the second one would not be another person.
    /// </summary>
    internal bool IsPerson(string actor) => tokens.Value.Issuer.Length > 0
        ? actor.StartsWith("user:", StringComparison.Ordinal)
        : actor != Actor.Anonymous;

    /// <summary>Whether the configuration grants a right to an actor.</summary>
    public bool IsConfigured(string actor, Right right)
    {
        var configured = configuration.GetSection($"{Section}:{right}");
        return !configured.Exists() || configured.Value == actor
            || configured.GetChildren().Any(child => child.Value == actor);
    }

    /// <summary>Refuses to start when a right is configured that does not exist: it would protect nothing.</summary>
    /// <exception cref="InvalidOperationException">A name is not that of a right.</exception>
    internal static void Check(IConfiguration configuration)
    {
        foreach (var configured in configuration.GetSection(Section).GetChildren())
        {
            if (!WireNames.TryParse<Right>(configured.Key, out _))
                throw new InvalidOperationException(
                    $"{configured.Path} is not a right. Rights are {WireNames.All<Right>()}.");
        }
    }
}

/// <summary>
/// Every operation needs a right, and requests of others are refused before they are read. One for which none is
/// declared is refused to everybody.
/// </summary>
public static class RightsOfEndpoints
{
    private const string Extension = "x-right";

    /// <summary>The actor does not have the right: 403.</summary>
    public static readonly Rejection Missing = new("right-missing", "You do not have the right to do this.", 403);

    /// <summary>Requires a right on an endpoint.</summary>
    public static RouteHandlerBuilder RequireRight(this RouteHandlerBuilder endpoint, Right right) =>
        endpoint.WithMetadata(new Required(right)).Refuses(Missing, Tokens.Missing);

    /// <summary>The request names no actor: 403.</summary>
    public static readonly Rejection Nameless = new(
        "actor-missing", "This needs a person with a name, for two people must have seen it.", 403);

    /// <summary>The path names another partner than the credential is for: 403.</summary>
    public static readonly Rejection OtherPartner = new(
        "partner-other", "Your credential is for another partner than this path names.", 403);

    /// <summary>Requires a named actor on an endpoint, where a decision takes two people.</summary>
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
        if (context.GetRouteValue("partner") is string named
            && !context.RequestServices.GetRequiredService<Rights>().IsAtHome(context.User, right, named))
            return OtherPartner;
        if (metadata.GetMetadata<Person>() is not null
            && !context.RequestServices.GetRequiredService<Rights>().IsPerson(Actor.Current.By))
            return Nameless;
        return context.RequestServices.GetRequiredService<Rights>().Has(context.User, right)
            ? null
            : Missing.With($"{Actor.Current.By} does not have the right {right}.");
    }

    private static Right? RightOf(IEnumerable<object> metadata) =>
        metadata.OfType<Required>().LastOrDefault()?.Right;

    private sealed record Required(Right Right);

    private sealed record Person;
}
