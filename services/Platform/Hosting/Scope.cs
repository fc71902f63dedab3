using System.Security.Claims;
using Billing.Contracts;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Billing.Platform;

/// <summary>
/// The part of the organisation that a caller may see: some regions, some projects of them, or everything.
/// </summary>
/// <param name="Regions">The regions; null for all.</param>
/// <param name="Projects">The projects; null for all. Where both are limited, both must fit.</param>
public sealed record Scope(string[]? Regions, string[]? Projects)
{
    private const string RegionsClaim = "regions", ProjectsClaim = "projects";

    /// <summary>What the request is about is outside of the caller's part of the organisation: 403.</summary>
    public static readonly Rejection Other = new(
        "scope-other", "This is about another part of the organisation than yours, or about all of it.", 403);

    /// <summary>Whether it is not everything.</summary>
    public bool IsLimited => Regions is not null || Projects is not null;

    /// <summary>
    /// The condition on the columns <c>region</c> and <c>project</c> of a table; its parameters <c>@regions</c> and
    /// <c>@projects</c> are this object's.
    /// </summary>
    public string Condition => (Regions, Projects) switch
    {
        (null, null) => "true",
        (not null, null) => "region = any(@regions)",
        (null, not null) => "project = any(@projects)",
        _ => "region = any(@regions) and project = any(@projects)",
    };

    /// <summary>Whether a place is within.</summary>
    public bool Allows(string region, string project) =>
        (Regions?.Contains(region, StringComparer.Ordinal) ?? true)
        && (Projects?.Contains(project, StringComparer.Ordinal) ?? true);

    /// <summary>
    /// Whether something that a body names belongs to other parts of the organisation than the caller's, and to none of
    /// these; what belongs nowhere yet does not.
    /// </summary>
    /// <param name="context">The request.</param>
    /// <param name="what">The name under which the service has declared where it belongs, such as
    /// <c>customer</c>.</param>
    /// <param name="value">Which one.</param>
    public static async Task<bool> IsElsewhere(HttpContext context, string what, string value)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (Of(context) is not { IsLimited: true } scope)
            return false;
        var places = context.RequestServices.GetServices<Places>().Single(one => one.RouteValue == what);
        var found = await places.Find(value, context.RequestAborted);
        return found.Count > 0 && !found.Any(place => scope.Allows(place.Region, place.Project));
    }

    /// <summary>The scope of a request's caller.</summary>
    public static Scope Of(HttpContext context) => Caller.Of(context)?.Scope ?? new([], []);

    internal static Scope From(ClaimsPrincipal principal) =>
        new(Named(principal, RegionsClaim), Named(principal, ProjectsClaim));

    /// <summary>The refusal of a request by a limited caller, or null.</summary>
    internal static async Task<Rejection?> RefusalOf(HttpContext context)
    {
        if (Caller.Of(context)?.Scope is not { IsLimited: true } scope
            || context.GetEndpoint() is not RouteEndpoint { Metadata: var metadata }
            || metadata.GetMetadata<IAllowAnonymous>() is not null || metadata.GetMetadata<ScopeRule>() is not null)
            return null;
        var (asked, needed) = (false, metadata.GetMetadata<PlaceNeeded>());
        foreach (var places in context.RequestServices.GetServices<Places>())
        {
            if (context.GetRouteValue(places.RouteValue) is not string value)
                continue;
            asked = true;
            var found = await places.Find(value, context.RequestAborted);
            var within = found.Count(place => scope.Allows(place.Region, place.Project));
            var isOpen = needed is null ? found.Count == 0 || within > 0
                : within > 0 && (!needed.Everywhere || within == found.Count);
            if (!isOpen)
                return Other;
        }
        // Whatever says nothing about where it belongs is about all of the organisation.
        return asked ? null : Other;
    }

    private static string[]? Named(ClaimsPrincipal principal, string claim)
    {
        string[] names = [.. principal.FindAll(claim).Select(one => one.Value)];
        return names.Length == 0 ? null : names;
    }
}

/// <summary>How an operation treats callers who see a part of the organisation.</summary>
internal sealed record ScopeRule(string Name);

/// <summary>What belongs nowhere yet is closed to callers who see a part of the organisation.</summary>
/// <param name="Everywhere">Whether also what belongs to other parts as well.</param>
internal sealed record PlaceNeeded(bool Everywhere);

/// <summary>Where what a route names belongs, such as an account.</summary>
/// <param name="RouteValue">The name in the route's braces.</param>
/// <param name="Sql">A query for <c>region</c> and <c>project</c>, with the value as <c>$1</c>.</param>
/// <param name="Source">The service's database.</param>
internal sealed record Places(string RouteValue, string Sql, NpgsqlDataSource Source)
{
    public async Task<IReadOnlyList<(string Region, string Project)>> Find(
        string value, CancellationToken cancellation)
    {
        await using var command = Source.CreateCommand(Sql);
        command.Parameters.Add(new() { Value = value });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var found = new List<(string, string)>();
        while (await reader.ReadAsync(cancellation))
            found.Add((reader.GetString(0), reader.GetString(1)));
        return found;
    }
}

/// <summary>Declares what callers who see a part of the organisation may ask for: nothing, without a word.</summary>
public static class ScopesOfEndpoints
{
    /// <summary>Refuses what belongs elsewhere; the values of the path have been looked at before.</summary>
    internal static void UseScopes(this WebApplication app) => app.Use(async (context, next) =>
    {
        if (await Scope.RefusalOf(context) is { } refusal)
            await refusal.ToProblem().ExecuteAsync(context);
        else
            await next(context);
    });

    /// <summary>
    /// Says where what a route names belongs: operations under it are refused to callers of other parts.
    /// </summary>
    /// <param name="services">The service collection.</param>
    /// <param name="routeValue">The name in the route's braces, such as <c>account</c>.</param>
    /// <param name="sql">A query for <c>region</c> and <c>project</c>, with the value as <c>$1</c>; no row lets the
    /// operation itself answer that there is none.</param>
    public static void AddPlaces(this IServiceCollection services, string routeValue, string sql) =>
        services.AddSingleton(provider => new Places(routeValue, sql, provider.GetRequiredService<NpgsqlDataSource>()));

    /// <summary>
    /// Declares that what the route names must belong to the caller's part of the organisation, and not just to no
    /// other one.
    /// </summary>
    /// <param name="endpoint">The operation.</param>
    /// <param name="everywhere">Whether all that it has must belong there: what is changed is changed for the others,
    /// too.</param>
    public static RouteHandlerBuilder NeedsPlace(this RouteHandlerBuilder endpoint, bool everywhere = false) =>
        endpoint.WithMetadata(new PlaceNeeded(everywhere));

    /// <summary>Declares that an operation says nothing about customers: it is the same for everybody.</summary>
    public static RouteHandlerBuilder ForEveryScope(this RouteHandlerBuilder endpoint) =>
        endpoint.WithMetadata(new ScopeRule("everything"));

    /// <summary>Declares that an operation itself asks for the caller's <see cref="Scope"/>.</summary>
    public static RouteHandlerBuilder FilteredByScope(this RouteHandlerBuilder endpoint) =>
        endpoint.WithMetadata(new ScopeRule("filtered"));
}
