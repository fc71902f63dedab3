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

/// <summary>
/// Who calls: the subject of the request's token. A service for which no issuer is configured believes
/// <c>X-Actor</c> instead.
/// </summary>
public static class Tokens
{
    /// <summary>The claim that lists rights, separated by blanks, in tokens of services/Identity.</summary>
    public const string RightsClaim = "rights";

    /// <summary>The claim that names the partner whose credential it is.</summary>
    public const string PartnerClaim = "partner";

    /// <summary>The claim that names the program whose credential it is.</summary>
    public const string ClientClaim = "client";

    /// <summary>How far the clocks of issuer and service may differ.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(5);

    /// <summary>The request has no token, or none that is valid: 401.</summary>
    public static readonly Rejection Missing = new(
        "token-invalid", "This needs a valid access token: Authorization: Bearer ….", 401);

    internal static void AddTokens(this WebApplicationBuilder builder)
    {
        builder.Services.AddChecked<TokenOptions, TokenOptionsCheck>(TokenOptions.Section);
        builder.Services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer();
        builder.Services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme)
            .Configure<IOptions<TokenOptions>, TimeProvider>((bearer, options, clock) =>
                Configure(bearer, options.Value, clock));
    }

    internal static void UseTokens(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<IOptions<TokenOptions>>().Value;
        app.Use(async (context, next) =>
        {
            Actor.Current = ActorOf(context, options);
            if (options.Issuer.Length > 0 && context.User.Identity?.IsAuthenticated is not true
                && context.GetEndpoint() is RouteEndpoint { Metadata: var metadata }
                && metadata.GetMetadata<IAllowAnonymous>() is null)
            {
                context.Response.Headers.WWWAuthenticate = JwtBearerDefaults.AuthenticationScheme;
                await Missing.ToProblem().ExecuteAsync(context);
            }
            else
            {
                await next(context);
            }
        });
    }

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
    /// The name under which a principal acts: <c>partner:icbc</c>, <c>client:readers</c> or <c>user:zhang</c>.
    /// </summary>
    internal static string NameOf(ClaimsPrincipal principal, string nameClaim) =>
        principal.FindFirst(PartnerClaim) is { } partner ? $"partner:{partner.Value}"
        : principal.FindFirst(ClientClaim) is { } client ? $"client:{client.Value}"
        : principal.FindFirst("sub") is not { } subject ? Actor.Anonymous
        : $"user:{principal.FindFirst(nameClaim)?.Value ?? subject.Value}";

    private static Actor ActorOf(HttpContext context, TokenOptions options) => new(
        options.Issuer.Length > 0 ? NameOf(context.User, options.NameClaim)
        : context.Request.Headers["X-Actor"].FirstOrDefault() is { Length: > 0 } by ? by
        : Actor.Anonymous,
        context.Connection.RemoteIpAddress?.ToString() ?? "local",
        context.Request.Headers["Idempotency-Key"].FirstOrDefault());

    private static void Configure(JwtBearerOptions bearer, TokenOptions options, TimeProvider clock)
    {
        bearer.TimeProvider = clock;
        bearer.MapInboundClaims = false;
        bearer.TokenValidationParameters = new()
        {
            ValidIssuer = options.Issuer, ValidAudience = options.Audience, ClockSkew = ClockSkew,
            ValidTypes = ["at+jwt"], NameClaimType = options.NameClaim, RoleClaimType = options.RolesClaim,
            ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.RsaSha256],
        };
        if (options.Issuer.Length == 0)
            return;
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
