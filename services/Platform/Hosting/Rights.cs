using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.Platform;

/// <summary>
/// Decides by the name of a right whether an actor may do something. This implementation reads
/// <c>Billing:Rights:{right}</c>, the actors who have it: one name, or a list. A right that is not configured is
/// granted to everybody, because then the gateway in front of the service decides; an empty list grants it to nobody.
/// To use another source, register a subclass.
/// </summary>
public class Rights(IConfiguration configuration)
{
    /// <summary>Whether an actor has a right.</summary>
    public virtual ValueTask<bool> Has(string actor, string right, CancellationToken cancellation)
    {
        var configured = configuration.GetSection($"Billing:Rights:{right}");
        return new(!configured.Exists() || configured.Value == actor
            || configured.GetChildren().Any(child => child.Value == actor));
    }
}

/// <summary>Endpoints that need a right; requests of others are refused before they are read.</summary>
public static class RightsOfEndpoints
{
    /// <summary>The actor does not have the right: 403.</summary>
    public static readonly Rejection Missing = new("right-missing", "You do not have the right to do this.", 403);

    /// <summary>Requires a right on an endpoint.</summary>
    public static RouteHandlerBuilder RequireRight(this RouteHandlerBuilder endpoint, string right) =>
        endpoint.WithMetadata(new Required(right)).Refuses(Missing);

    /// <summary>The request names no actor: 403.</summary>
    public static readonly Rejection Nameless = new(
        "actor-missing", "This needs a person with a name, for two people must have seen it.", 403);

    /// <summary>Requires a named actor on an endpoint, where a decision takes two people.</summary>
    public static RouteHandlerBuilder RequirePerson(this RouteHandlerBuilder endpoint) =>
        endpoint.WithMetadata(new Person()).Refuses(Nameless);

    internal static void UseRights(this WebApplication app) => app.Use(async (context, next) =>
    {
        var rights = context.RequestServices.GetRequiredService<Rights>();
        if (Actor.Current.By == Actor.Anonymous && context.GetEndpoint()?.Metadata.GetMetadata<Person>() is not null)
            await Nameless.ToProblem().ExecuteAsync(context);
        else if (context.GetEndpoint()?.Metadata.GetMetadata<Required>() is not { Right: var right }
            || await rights.Has(Actor.Current.By, right, context.RequestAborted))
            await next(context);
        else
            await Missing.With($"{Actor.Current.By} does not have the right {right}.").ToProblem()
                .ExecuteAsync(context);
    });

    private sealed record Required(string Right);

    private sealed record Person;
}
