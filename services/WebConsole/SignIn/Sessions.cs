using System.Globalization;
using System.Security.Claims;
using Billing.Platform;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Billing.WebConsole;

/// <summary>
/// What happens to a session with every request: it ends when nobody used it for a while, and its access token is
/// renewed before it ends, once however many requests come at the same time.
/// </summary>
internal sealed class Sessions(
    SessionFiles files, TokenClient client, IOptions<ConsoleOptions> options, IOptions<Platform.TokenOptions> tokens,
    TimeProvider clock)
{
    private const string Used = "used", Away = "away", Expires = "expires_at", Access = "access_token",
        Refresh = "refresh_token";

    /// <summary>How long before its end a token is renewed: a request that has begun must come to its end.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromSeconds(15);

    /// <summary>How long a provider that gave no answer is not asked again.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);

    /// <summary>How often the time of the last use is written.</summary>
    private static readonly TimeSpan Precision = TimeSpan.FromMinutes(1);

    /// <summary>Ends, renews or lets pass.</summary>
    public async Task Validate(CookieValidatePrincipalContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var name = SessionFiles.NameOf(context.Properties);
        // A page that refreshes itself is no sign of somebody in front of it.
        var used = !context.Request.Path.StartsWithSegments(Program.Fragments, StringComparison.Ordinal);
        if (!IsDue(context.Properties, used))
            return;
        var ticket = await files.Alone(name, () => Renew(name, used));
        if (ticket is null)
        {
            context.RejectPrincipal();
            return;
        }
        context.ReplacePrincipal(ticket.Principal);
        foreach (var (key, value) in ticket.Properties.Items)
            context.Properties.Items[key] = value;
    }

    /// <summary>Ends the session here, and its refresh token at the provider.</summary>
    public async Task End(AuthenticationProperties session)
    {
        ArgumentNullException.ThrowIfNull(session);
        var name = SessionFiles.NameOf(session);
        var refresh = await files.Alone(name, async () =>
        {
            var newest = await files.RetrieveAsync(name);
            await files.RemoveAsync(name);
            return newest?.Properties.GetTokenValue(Refresh);
        });
        if (refresh is not null)
            await client.Revoke(refresh);
    }

    /// <summary>
    /// The principal of a session: who the provider says it is, with the rights that the access token carries, which
    /// are those that the services see.
    /// </summary>
    public ClaimsPrincipal PrincipalOf(ClaimsPrincipal who, string accessToken)
    {
        ArgumentNullException.ThrowIfNull(who);
        var of = tokens.Value;
        var carried = new JsonWebTokenHandler().CanReadToken(accessToken)
            ? new ClaimsPrincipal(new ClaimsIdentity(new JsonWebToken(accessToken).Claims))
            : who;
        var rights = Platform.Tokens.RightsOf(carried, of.RolesClaim).Order();
        var kept = who.Claims.Where(claim => claim.Type is "sub" or "name" || claim.Type == of.NameClaim);
        return new(new ClaimsIdentity(
            [.. kept, new Claim(Platform.Tokens.RightsClaim, string.Join(' ', rights))],
            CookieAuthenticationDefaults.AuthenticationScheme, of.NameClaim, of.RolesClaim));
    }

    /// <summary>Notes that a session was used just now.</summary>
    public void Touch(AuthenticationProperties session) =>
        session.Items[Used] = clock.GetUtcNow().ToString("O", CultureInfo.InvariantCulture);

    /// <summary>Whether somebody signed in at the provider longer ago than a session may be idle.</summary>
    public bool IsTooOld(ClaimsPrincipal who) =>
        long.TryParse(who.FindFirstValue("auth_time"), CultureInfo.InvariantCulture, out var seconds)
        && clock.GetUtcNow() - DateTimeOffset.FromUnixTimeSeconds(seconds)
            > TimeSpan.FromMinutes(options.Value.IdleMinutes) + Precision;

    /// <summary>The session as it is afterwards; null when it has ended.</summary>
    private async Task<AuthenticationTicket?> Renew(string name, bool used)
    {
        // Another request may have renewed or ended it meanwhile.
        if (await files.RetrieveAsync(name) is not { } ticket)
            return null;
        var session = ticket.Properties;
        if (Since(session, Used) > TimeSpan.FromMinutes(options.Value.IdleMinutes))
            return await Ended(name, session);
        if (!IsDue(session, used))
            return ticket;
        if (used)
            Touch(session);
        if (IsTokenDue(session))
        {
            if (session.GetTokenValue(Refresh) is not { } refresh)
                return await Ended(name, session);
            var renewed = await client.Renew(refresh);
            if (renewed.Refused)
                return await Ended(name, session);
            // While the provider is away the session stays; what needs a token says that it has none.
            if (renewed.Tokens is { } fresh)
                ticket = With(ticket, fresh);
            else
                session.Items[Away] = clock.GetUtcNow().ToString("O", CultureInfo.InvariantCulture);
        }
        await files.RenewAsync(name, ticket);
        return ticket;
    }

    private async Task<AuthenticationTicket?> Ended(string name, AuthenticationProperties session)
    {
        await files.RemoveAsync(name);
        if (session.GetTokenValue(Refresh) is { } refresh)
            await client.Revoke(refresh);
        return null;
    }

    private AuthenticationTicket With(AuthenticationTicket ticket, RenewedTokens fresh)
    {
        var session = ticket.Properties;
        session.UpdateTokenValue(Access, fresh.AccessToken);
        if (fresh.RefreshToken is { } next)
            session.UpdateTokenValue(Refresh, next);
        session.UpdateTokenValue(
            Expires, clock.GetUtcNow().AddSeconds(fresh.ExpiresIn).ToString("O", CultureInfo.InvariantCulture));
        return new(PrincipalOf(ticket.Principal, fresh.AccessToken), session, ticket.AuthenticationScheme);
    }

    private bool IsDue(AuthenticationProperties session, bool used) =>
        IsTokenDue(session)
        || Since(session, Used) > (used ? Precision : TimeSpan.FromMinutes(options.Value.IdleMinutes));

    private bool IsTokenDue(AuthenticationProperties session) =>
        Moment(session.GetTokenValue(Expires)) - clock.GetUtcNow() < Ahead && Since(session, Away) > Rest;

    private TimeSpan Since(AuthenticationProperties session, string what) =>
        clock.GetUtcNow() - Moment(session.Items.TryGetValue(what, out var text) ? text : null);

    private static DateTimeOffset Moment(string? text) => DateTimeOffset.TryParse(
        text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) ? moment : default;
}
