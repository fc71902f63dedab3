using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Billing.Platform;

/// <summary>
/// Who may do what is decided in one place, by the name of a right. This one reads <c>Billing:Rights:{right}</c>, the
/// actors who have it: one name, or a list. A right that is not configured everybody has, because then whoever stands
/// in front of the service decides; an empty list nobody has. To ask something else, register a subclass.
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

/// <summary>Endpoints that need a right; everybody else is refused before the request is read.</summary>
public static class RightsOfEndpoints
{
    /// <summary>The actor does not have the right: 403.</summary>
    public static readonly Rejection Missing = new("right-missing", "You do not have the right to do this.", 403);

    /// <summary>Requires a right on an endpoint.</summary>
    public static RouteHandlerBuilder RequireRight(this RouteHandlerBuilder endpoint, string right) =>
        endpoint.WithMetadata(new Required(right)).Refuses(Missing);

    /// <summary>Nobody said who acts: 403.</summary>
    public static readonly Rejection Nameless = new(
        "actor-missing", "This needs a person with a name, for two people must have seen it.", 403);

    /// <summary>Requires that somebody with a name acts, where it takes two people.</summary>
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
