using System.Collections.Immutable;
using System.Security.Claims;
using System.Text.Json;
using Billing.Platform;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Billing.Identity;

/// <summary>
/// Who a token is for, as the store says it now: a user with the rights of the roles, or a client with its own.
/// </summary>
internal sealed class Principals(
    IdentityStore store, IOpenIddictApplicationManager applications, IOptions<IssuerOptions> options,
    TimeProvider clock)
{
    private const string Audience = "billing";

    /// <summary>A user as the subject of tokens; null when there is none, when an administrator
    /// has locked it, when it still needs a password of its own or a second factor, or when the session that began by
    /// signing in is over.</summary>
    /// <param name="id">The user's id.</param>
    /// <param name="given">The principal of the code or refresh token that is exchanged, or null.</param>
    /// <param name="scopes">The scopes that are granted.</param>
    /// <param name="since">When the user signed in; that of the given principal when null.</param>
    /// <param name="cancellation">Cancels.</param>
    public async Task<ClaimsPrincipal?> OfUser(
        Guid id, ClaimsPrincipal? given, ImmutableArray<string> scopes, DateTimeOffset? since,
        CancellationToken cancellation)
    {
        since ??= long.TryParse(given?.GetClaim(Claims.AuthenticationTime), out var seconds)
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;
        if (since is not { } began || clock.GetUtcNow() - began > TimeSpan.FromHours(options.Value.SessionHours))
            return null;
        if (await store.Users.AsNoTracking().SingleOrDefaultAsync(user => user.Id == id, cancellation)
            is not { Locked: false, PasswordIsOneTime: false } user)
            return null;
        if (user.SecurityStamp is null || given is not null && given.GetClaim(Stamp) != user.SecurityStamp)
            return null;
        if (!user.TwoFactorEnabled && await NeedsSecondFactor(id, cancellation))
            return null;
        var identity = New(given?.Claims ?? []);
        identity.SetClaim(Claims.Subject, $"{user.Id}").SetClaim(Claims.Name, user.DisplayName)
            .SetClaim(Claims.PreferredUsername, user.UserName).SetClaim(Stamp, user.SecurityStamp)
            .SetClaim(Claims.AuthenticationTime, began.ToUnixTimeSeconds())
            .SetClaim(Platform.Tokens.RightsClaim, string.Join(' ', await RightsOf(id, cancellation)))
            .SetClaims("regions", [.. user.Regions]).SetClaims("projects", [.. user.Projects]);
        return Grant(identity, scopes);
    }

    /// <summary>A client as the subject of its tokens; null when it is none of ours or its secret is too old.</summary>
    public async Task<ClaimsPrincipal?> OfClient(
        string clientId, ImmutableArray<string> scopes, CancellationToken cancellation)
    {
        if (await applications.FindByClientIdAsync(clientId, cancellation) is not { } application)
            return null;
        var credential = Credential.Of(await applications.GetPropertiesAsync(application, cancellation));
        if (credential is null || credential.ExpiresOn < clock.Today())
            return null;
        var identity = New([]);
        identity.SetClaim(Claims.Subject, credential.Client).SetClaim(Claims.Name, credential.Name)
            .SetClaim(Platform.Tokens.ClientClaim, credential.Client)
            .SetClaim(Platform.Tokens.RightsClaim, string.Join(' ', credential.Rights));
        return Grant(identity, scopes);
    }

    /// <summary>Whether a role of the user needs a second factor.</summary>
    public Task<bool> NeedsSecondFactor(Guid user, CancellationToken cancellation) =>
        RolesOf(user).AnyAsync(role => role.SecondFactor, cancellation);

    private const string Stamp = "stamp";

    /// <summary>The rights of a user's roles.</summary>
    public async Task<IEnumerable<string>> RightsOf(Guid user, CancellationToken cancellation) =>
        (await RolesOf(user).Select(role => role.Rights).ToListAsync(cancellation))
            .SelectMany(rights => rights).Distinct().Order(StringComparer.Ordinal);

    private IQueryable<UserRole> RolesOf(Guid user) =>
        from given in store.UserRoles
        join role in store.Roles on given.RoleId equals role.Id
        where given.UserId == user
        select role;

    private static ClaimsIdentity New(IEnumerable<Claim> claims) => new(
        claims, TokenValidationParameters.DefaultAuthenticationType, Claims.PreferredUsername, Claims.Role);

    private static ClaimsPrincipal Grant(ClaimsIdentity identity, ImmutableArray<string> scopes)
    {
        identity.SetScopes(scopes);
        identity.SetResources(Audience);
        identity.SetDestinations(claim => claim.Type switch
        {
            // Only codes and refresh tokens hold it: they are good until the password changes.
            Stamp => [],
            Claims.AuthenticationTime => [Destinations.IdentityToken],
            Claims.Name or Claims.PreferredUsername or Platform.Tokens.RightsClaim =>
                [Destinations.AccessToken, Destinations.IdentityToken],
            _ => [Destinations.AccessToken],
        });
        return new(identity);
    }
}
