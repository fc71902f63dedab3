using System.Security.Claims;
using System.Security.Cryptography;
using Billing.Contracts;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace Billing.Platform;

/// <summary>Who calls: the subject of the request's access token, and nothing else that a request says.</summary>
public static class Tokens
{
    /// <summary>The claim that lists rights, separated by blanks, in tokens of services/Identity.</summary>
    public const string RightsClaim = "rights";

    /// <summary>The claim that names the program whose credential it is.</summary>
    public const string ClientClaim = "client";

    /// <summary>How far the clocks of issuer and service may differ.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(5);

    /// <summary>The request has no token, or none that is valid: 401.</summary>
    public static readonly Rejection Missing = new(
        "token-invalid", "This needs a valid access token: Authorization: Bearer ….", 401);

    /// <summary>The keys of the issuer cannot be read now, so no token can be checked: 503.</summary>
    public static readonly Rejection IssuerAway = new(
        "issuer-away", "Tokens cannot be checked at the moment; ask again in some seconds.", 503);

    internal static void AddTokens(this WebApplicationBuilder builder)
    {
        builder.Services.AddTokenOptions();
        builder.Services.AddSingleton<KnownTokens>();
        builder.Services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer();
        builder.Services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme)
            .Configure<IOptions<TokenOptions>, TimeProvider, KnownTokens>((bearer, options, clock, known) =>
                Configure(bearer, options.Value, clock, known));
    }

    internal static void UseTokens(this WebApplication app) => app.Use(async (context, next) =>
    {
        var caller = Caller.Of(context);
        Actor.Current = new(
            caller?.Name ?? Actor.Anonymous, context.Connection.RemoteIpAddress?.ToString() ?? "local",
            context.Request.Headers["Idempotency-Key"].FirstOrDefault());
        if (caller is not null || context.GetEndpoint() is not RouteEndpoint { Metadata: var metadata }
            || metadata.GetMetadata<IAllowAnonymous>() is not null)
        {
            await next(context);
            return;
        }
        context.Response.Headers.WWWAuthenticate = JwtBearerDefaults.AuthenticationScheme;
        await (context.Items.ContainsKey(IssuerAway) ? IssuerAway : Missing).ToProblem().ExecuteAsync(context);
    });

    /// <summary>
    /// The rights of a principal: those that its token lists, and those of the roles it names.
    /// </summary>
    public static IReadOnlySet<Right> RightsOf(ClaimsPrincipal principal, string rolesClaim)
    {
        ArgumentNullException.ThrowIfNull(principal);
        var rights = new HashSet<Right>();
        foreach (var name in principal.FindAll(RightsClaim).SelectMany(claim => claim.Value.Split(' ')))
        {
            if (WireNames.TryParse<Right>(name, out var right))
                rights.Add(right);
        }
        foreach (var role in principal.FindAll(rolesClaim))
            rights.UnionWith(Role.Find(role.Value)?.Rights ?? []);
        return rights;
    }

    /// <summary>
    /// The name under which a principal acts: <c>client:readers</c> or <c>user:zhang</c>.
    /// </summary>
    internal static string NameOf(ClaimsPrincipal principal, TokenOptions options) =>
        principal.FindFirst(ClientClaim) is { } client ? $"client:{client.Value}"
        : principal.FindFirst("sub") is not { } subject ? Actor.Anonymous
        : principal.FindFirst(options.NameClaim) is { } name && !IsProgram(principal, options.ProgramClaim)
            ? $"user:{name.Value}"
        : $"client:{subject.Value}";

    private static bool IsProgram(ClaimsPrincipal principal, string mark) => mark.Length > 0
        && (mark.Split('=', 2) is [var claim, var value]
            ? principal.HasClaim(claim, value)
            : principal.HasClaim(one => one.Type == mark));

    private static void Configure(
        JwtBearerOptions bearer, TokenOptions options, TimeProvider clock, KnownTokens known)
    {
        bearer.TimeProvider = clock;
        bearer.MapInboundClaims = false;
        bearer.TokenValidationParameters = new()
        {
            ValidIssuer = options.Issuer, ValidAudience = options.Audience, ClockSkew = ClockSkew,
            ValidTypes = [options.Type], NameClaimType = options.NameClaim, RoleClaimType = options.RolesClaim,
            ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.RsaSha256],
        };
        bearer.Events = known.Events;
        if (options.Key.Length > 0)
        {
            var key = ECDsa.Create();
            key.ImportFromPem(File.ReadAllText(options.Key));
            bearer.TokenValidationParameters.IssuerSigningKey = new ECDsaSecurityKey(key);
            // With a key at hand nothing is asked of the issuer.
            bearer.Configuration = new() { Issuer = options.Issuer };
        }
        else
        {
            bearer.Authority = options.Issuer;
            bearer.BackchannelTimeout = TimeSpan.FromSeconds(5);
            // Between the services of one machine, or behind the gateway.
            bearer.RequireHttpsMetadata = options.Issuer.StartsWith("https:", StringComparison.Ordinal);
        }
    }
}
