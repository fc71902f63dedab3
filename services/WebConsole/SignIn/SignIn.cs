using System.Globalization;
using Billing.Contracts;
using Billing.Platform;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace Billing.WebConsole;

/// <summary>
/// Signing in by OpenID Connect (authorization code with PKCE) at any provider. The browser gets a cookie with the name
/// of a session; the tokens stay here.
/// </summary>
internal static class SignIn
{
    private const string Cookies = CookieAuthenticationDefaults.AuthenticationScheme,
        Provider = OpenIdConnectDefaults.AuthenticationScheme;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static void AddSignIn(this IServiceCollection services)
    {
        services.AddTokenOptions();
        services.AddChecked<ConsoleOptions, ConsoleOptionsCheck>(ConsoleOptions.Section);
        services.AddEncryptedKeys("billing-console", provider => KeyCipher.DerivedFrom(
            System.Text.Encoding.UTF8.GetBytes(provider.GetRequiredService<IOptions<ConsoleOptions>>().Value
                .ReadSecret()),
            "billing console keys of cookies"));
        services.AddOptions<KeyManagementOptions>().Configure<IOptions<ConsoleOptions>, ILoggerFactory>(
            (keys, console, loggers) => keys.XmlRepository = new FileSystemXmlRepository(
                Directory.CreateDirectory(console.Value.Keys), loggers));
        services.AddSingleton<SessionFiles>().AddSingleton<TokenClient>().AddSingleton<Sessions>();
        services.AddHostedService<SessionPruning>();
        services.AddAuthentication(Cookies).AddCookie().AddOpenIdConnect();
        services.Configure<AuthenticationOptions>(schemes => schemes.DefaultChallengeScheme = Provider);
        services.AddOptions<CookieAuthenticationOptions>(Cookies)
            .Configure<IOptions<ConsoleOptions>, SessionFiles, Sessions>(Keep);
        services.AddOptions<OpenIdConnectOptions>(Provider)
            .Configure<IOptions<ConsoleOptions>, IOptions<Platform.TokenOptions>, Sessions>(Ask);
        services.AddAntiforgery();
        services.AddOptions<AntiforgeryOptions>().Configure<IOptions<ConsoleOptions>>((forms, console) =>
            Restrict(forms.Cookie, "billing-console-form", console.Value, SameSiteMode.Strict));
        // Whoever adds a page and says nothing about it adds one for people who are signed in.
        services.AddAuthorizationBuilder().SetFallbackPolicy(
            new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        services.AddHttpContextAccessor();
        services.AddScoped(provider => Caller.Of(
            provider.GetRequiredService<IHttpContextAccessor>().HttpContext!));
        services.AddScoped(provider => Visit.Of(
            provider.GetRequiredService<IHttpContextAccessor>().HttpContext!));
    }

    /// <summary>Shows it to those who have a right; to others, a page that says which one they need.</summary>
    public static RouteHandlerBuilder Needs(this RouteHandlerBuilder endpoint, Right right) => endpoint
        .WithMetadata(new RightNeeded(right))
        .RequireAuthorization(policy => policy.RequireAuthenticatedUser()
            .RequireAssertion(context => Caller.RightsOf(context.User).Contains(right)));

    private static void Keep(
        CookieAuthenticationOptions cookie, IOptions<ConsoleOptions> console, SessionFiles files, Sessions sessions)
    {
        // Lax: the way back from the provider begins at another site.
        Restrict(cookie.Cookie, "billing-console", console.Value, SameSiteMode.Lax);
        cookie.ExpireTimeSpan = TimeSpan.FromHours(console.Value.SessionHours);
        cookie.SlidingExpiration = false;
        cookie.SessionStore = files;
        cookie.Events.OnValidatePrincipal = sessions.Validate;
        cookie.Events.OnRedirectToAccessDenied = context => Refusals.ShowForbidden(context.HttpContext);
    }

    private static void Ask(
        OpenIdConnectOptions provider, IOptions<ConsoleOptions> console, IOptions<Platform.TokenOptions> tokens,
        Sessions sessions)
    {
        var (options, issuer) = (console.Value, tokens.Value.Issuer);
        (provider.Authority, provider.ClientId, provider.ClientSecret) = (
            issuer, options.ClientId, options.ReadSecret());
        // Between the programs of one machine, or behind the gateway.
        provider.RequireHttpsMetadata = issuer.StartsWith("https:", StringComparison.OrdinalIgnoreCase);
        (provider.ResponseType, provider.ResponseMode) = (
            OpenIdConnectResponseType.Code, OpenIdConnectResponseMode.Query);
        (provider.SaveTokens, provider.UsePkce, provider.MapInboundClaims) = (true, true, false);
        provider.Scope.Clear();
        foreach (var scope in options.Scope.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            provider.Scope.Add(scope);
        // Whoever left the console idle shows the password again, although the provider's own session may go on.
        provider.MaxAge = TimeSpan.FromMinutes(options.IdleMinutes);
        provider.BackchannelTimeout = Patience;
        provider.BackchannelHttpHandler = new Backchannel(
            new(issuer), new(options.Backchannel.Length > 0 ? options.Backchannel : issuer));
        (provider.RemoteSignOutPath, provider.SignedOutRedirectUri) = (default, Refusals.SignedOut);
        provider.TokenValidationParameters.NameClaimType = tokens.Value.NameClaim;
        Restrict(provider.NonceCookie, "billing-console-nonce.", options, SameSiteMode.Lax);
        Restrict(provider.CorrelationCookie, "billing-console-correlation.", options, SameSiteMode.Lax);
        provider.Events.OnRedirectToIdentityProvider = BeforeLeaving;
        provider.Events.OnRemoteFailure = Refusals.ShowFailure;
        provider.Events.OnTokenValidated = context =>
        {
            if (sessions.IsTooOld(context.Principal!))
                context.Fail("The provider has let somebody in who signed in too long ago.");
            context.Principal = sessions.PrincipalOf(
                context.Principal!, context.TokenEndpointResponse!.AccessToken);
            sessions.Touch(context.Properties!);
            return Task.CompletedTask;
        };
    }

    /// <summary>
    /// Remembers the page to come back to. A part of a page that refreshes itself cannot go and sign in; it is told so.
    /// </summary>
    private static Task BeforeLeaving(RedirectContext context)
    {
        context.ProtocolMessage.UiLocales = Language.Of(context.Request).Tag;
        // An address like //elsewhere is a path here, and another host in the answer.
        if (context.Properties.RedirectUri is not ['/', not ('/' or '\\'), ..])
            context.Properties.RedirectUri = "/";
        if (!context.Request.Path.StartsWithSegments(Program.Fragments, StringComparison.Ordinal))
            return Task.CompletedTask;
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.HandleResponse();
        return Task.CompletedTask;
    }

    /// <summary>A cookie of this host alone that no script reads, and over https where browsers use it.</summary>
    private static void Restrict(CookieBuilder cookie, string name, ConsoleOptions console, SameSiteMode mode) =>
        (cookie.Name, cookie.Path, cookie.HttpOnly, cookie.SameSite, cookie.SecurePolicy) = (
            console.IsHttps ? $"__Host-{name}" : name, "/", true, mode,
            console.IsHttps ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest);
}

/// <summary>The right that a page needs.</summary>
internal sealed record RightNeeded(Right Right);
