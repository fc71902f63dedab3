using System.Security.Cryptography;
using Billing.Platform;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using Npgsql;
using OpenIddict.Server;

namespace Billing.Identity;

/// <summary>OpenIddict as it issues our tokens, and ASP.NET Core Identity as it checks passwords.</summary>
internal static class Issuer
{
    private static readonly TimeSpan ReuseLeeway = TimeSpan.FromSeconds(5);

    public static void AddStore(this IServiceCollection services)
    {
        services.AddDbContext<IdentityStore>((provider, options) =>
            options.UseNpgsql(provider.GetRequiredService<NpgsqlDataSource>()));
        services.AddIdentityCore<User>(identity =>
            {
                identity.Password.RequiredLength = PasswordPage.Shortest;
                identity.Password.RequiredUniqueChars = PasswordPage.Different;
                // Long is better than odd: what people must mix they write down.
                identity.Password.RequireDigit = identity.Password.RequireLowercase =
                    identity.Password.RequireUppercase = identity.Password.RequireNonAlphanumeric = false;
            })
            .AddRoles<UserRole>().AddEntityFrameworkStores<IdentityStore>().AddUserStore<UsersStore>()
            .AddSignInManager().AddDefaultTokenProviders();
        services.AddSingleton(provider => new AuthenticatorCipher(SigningKey.Cipher(
            provider.GetRequiredService<IOptions<IssuerOptions>>().Value.Key,
            "billing secrets of authenticator apps")));
        // With every request: a lock and a new password end sessions at once.
        services.Configure<SecurityStampValidatorOptions>(stamps => stamps.ValidationInterval = TimeSpan.Zero);
        services.AddAuthentication().AddIdentityCookies(cookies => cookies.ApplicationCookie!
            .Configure<IOptions<IssuerOptions>, IOptions<Platform.TokenOptions>>((cookie, options, tokens) =>
            {
                Restrict(cookie.Cookie, "billing-session", tokens.Value);
                cookie.LoginPath = SignInPage.Path;
                cookie.ExpireTimeSpan = TimeSpan.FromHours(options.Value.SessionHours);
                cookie.SlidingExpiration = true;
            }));
        services.AddEncryptedKeys("billing-identity", provider => SigningKey.Cipher(
            provider.GetRequiredService<IOptions<IssuerOptions>>().Value.Key, "billing keys of cookies and forms"))
            .PersistKeysToDbContext<IdentityStore>();
        services.AddAntiforgery();
        services.AddOptions<AntiforgeryOptions>().Configure<IOptions<Platform.TokenOptions>>((forms, tokens) =>
            Restrict(forms.Cookie, "billing-form", tokens.Value));
        services.AddScoped<Principals>().AddScoped<Session>().AddScoped<OneTimePasswords>();
    }

    /// <summary>A cookie of this host alone, and over https where the address is https.</summary>
    private static void Restrict(CookieBuilder cookie, string name, Platform.TokenOptions tokens)
    {
        var https = tokens.Issuer.StartsWith("https:", StringComparison.OrdinalIgnoreCase);
        (cookie.Name, cookie.Path, cookie.HttpOnly, cookie.SameSite, cookie.SecurePolicy) = (
            https ? $"__Host-{name}" : name, "/", true, SameSiteMode.Lax,
            https ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest);
    }

    public static void AddIssuer(this IServiceCollection services)
    {
        services.AddOpenIddict()
            .AddCore(core => core.UseEntityFrameworkCore().UseDbContext<IdentityStore>().ReplaceDefaultEntities<Guid>())
            .AddServer(server =>
            {
                server.SetAuthorizationEndpointUris(Authorize.Path).SetTokenEndpointUris(TokenEndpoint.Path)
                    .SetEndSessionEndpointUris(Authorize.LogoutPath).SetRevocationEndpointUris("/connect/revoke")
                    .SetDeviceAuthorizationEndpointUris("/connect/device")
                    .SetEndUserVerificationEndpointUris(DevicePage.Path);
                server.AllowAuthorizationCodeFlow().AllowRefreshTokenFlow().AllowClientCredentialsFlow()
                    .AllowDeviceAuthorizationFlow().RequireProofKeyForCodeExchange();
                server.RegisterScopes(
                    OpenIddict.Abstractions.OpenIddictConstants.Scopes.Profile,
                    OpenIddict.Abstractions.OpenIddictConstants.Scopes.OfflineAccess);
                server.SetRefreshTokenReuseLeeway(ReuseLeeway);
                server.AddEventHandler<OpenIddictServerEvents.ApplyTokenResponseContext>(handler =>
                    handler.UseScopedHandler<RefusedTokens>().SetOrder(int.MinValue));
                server.DisableAccessTokenEncryption();
                server.UseAspNetCore().EnableAuthorizationEndpointPassthrough().EnableTokenEndpointPassthrough()
                    .EnableEndSessionEndpointPassthrough().EnableEndUserVerificationEndpointPassthrough()
                    // TLS ends at the gateway.
                    .DisableTransportSecurityRequirement();
            });
        services.AddSingleton<IConfigureOptions<OpenIddictServerOptions>, Keys>();
        services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme)
            .PostConfigure<IOptions<OpenIddictServerOptions>>((bearer, issuer) =>
            {
                // Its own tokens, by its own key: it asks nobody, least of all itself.
                bearer.Authority = null;
                bearer.ConfigurationManager = null;
                bearer.Configuration = new() { Issuer = issuer.Value.Issuer!.AbsoluteUri };
                bearer.TokenValidationParameters.IssuerSigningKeys =
                    issuer.Value.SigningCredentials.Select(signing => signing.Key);
            });
    }

    /// <summary>Keys and lifetimes, from the settings.</summary>
    private sealed class Keys(IOptions<IssuerOptions> issuer, IOptions<Platform.TokenOptions> tokens)
        : IConfigureOptions<OpenIddictServerOptions>
    {
        public void Configure(OpenIddictServerOptions options)
        {
            var key = SigningKey.Read(issuer.Value.Key);
            options.Issuer = new(tokens.Value.Issuer);
            var signing = new ECDsaSecurityKey(key);
            signing.KeyId = Base64UrlEncoder.Encode(signing.ComputeJwkThumbprint());
            options.SigningCredentials.Add(new(signing, SecurityAlgorithms.EcdsaSha256));
            options.EncryptionCredentials.Add(new(
                SigningKey.Encryption(key), SecurityAlgorithms.Aes256KW, SecurityAlgorithms.Aes256CbcHmacSha512));
            options.AccessTokenLifetime = TimeSpan.FromSeconds(issuer.Value.TokenSeconds);
            options.RefreshTokenLifetime = TimeSpan.FromHours(issuer.Value.SessionHours);
        }
    }
}
