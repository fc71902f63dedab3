using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Billing.Contracts;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Billing.Testing;

/// <summary>Access tokens as Identity issues them, signed with the key of this test process.</summary>
public static class TestTokens
{
    /// <summary>The issuer of these tokens.</summary>
    public const string Issuer = "https://identity.test/";

    private const string Everybody = "everybody";

    private static readonly ConcurrentDictionary<string, string> Made = new();

    /// <summary>The settings of a service that accepts them, as names and values.</summary>
    public static (string Name, string Value)[] Configuration =>
    [
        ("Billing:Tokens:Issuer", Issuer), ("Billing:Tokens:Key", SealingKey.PublicFile),
        // Tests move the clocks of services by days.
        ("Billing:Tokens:MostSeconds", "100000000"),
    ];

    /// <summary>The same as arguments of a program.</summary>
    public static string[] Settings => [.. Configuration.Select(setting => $"--{setting.Name}={setting.Value}")];

    /// <summary>A token of a person with some rights, good for a year.</summary>
    public static string For(string user, params Right[] rights) => Make(new()
    {
        ["sub"] = user, ["preferred_username"] = user, ["rights"] = Text(rights),
    });

    /// <summary>A token of a person who sees a part of the organisation.</summary>
    public static string Limited(string user, string[] regions, string[] projects, params Right[] rights) => Make(new()
    {
        ["sub"] = user, ["preferred_username"] = user, ["rights"] = Text(rights), ["regions"] = regions,
        ["projects"] = projects,
    });

    /// <summary>A token of a person with every right: <c>zhang</c>, or <c>user:zhang</c> as actors are named.</summary>
    public static string Of(string user) =>
        Made.GetOrAdd($"user:{Plain(user)}", _ => For(Plain(user), Enum.GetValues<Right>()));

    /// <summary>A token of a program with every right.</summary>
    public static string OfProgram(string client) => Made.GetOrAdd($"client:{client}", _ => Make(new()
    {
        ["sub"] = client, ["client"] = client, ["rights"] = Text(Enum.GetValues<Right>()),
    }));

    /// <summary>Sends a request as a person with every right, instead of as everybody.</summary>
    public static HttpRequestMessage As(this HttpRequestMessage request, string user)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Options.Set(SignedIn.Actor, user);
        return request;
    }

    /// <summary>Sends a request with a token.</summary>
    public static HttpRequestMessage With(this HttpRequestMessage request, string token)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Headers.Authorization = Bearer(token);
        return request;
    }

    /// <summary>The header of a request that names nobody on purpose.</summary>
    public static AuthenticationHeaderValue Nobody => new("Nobody");

    /// <summary>The header with a token.</summary>
    public static AuthenticationHeaderValue Bearer(string token) => new("Bearer", token);

    /// <summary>The header of an actor; of somebody with every right when it is nobody in particular.</summary>
    public static AuthenticationHeaderValue HeaderOf(string? actor) => Bearer(Of(actor ?? Everybody));

    /// <summary>The same as another issuer signs it with its own key.</summary>
    public static AuthenticationHeaderValue HeaderOf(string? actor, string issuer, string keyFile) =>
        Bearer(Make(
            ClaimsOf(Plain(actor ?? Everybody)),
            token => (token.Issuer, token.SigningCredentials, token.Expires) =
                (issuer, CredentialsOf(keyFile), token.IssuedAt!.Value.AddSeconds(60))));

    /// <summary>A token of a person in a delivered role, as other providers than Identity issue it.</summary>
    public static string InRole(string role) => Made.GetOrAdd($"role:{role}", _ => Make(new()
    {
        ["sub"] = $"in.{role}", ["preferred_username"] = $"in.{role}", ["roles"] = (string[])[role],
    }));

    /// <summary>A token of somebody with every right that is wrong in another way.</summary>
    public static string Everything(Action<SecurityTokenDescriptor> spoil) => Make(ClaimsOf(Everybody), spoil);

    /// <summary>A key of nobody.</summary>
    public static SigningCredentials OtherKey => new(
        new ECDsaSecurityKey(ECDsa.Create(ECCurve.NamedCurves.nistP256)), SecurityAlgorithms.EcdsaSha256);

    /// <summary>The issuer's public key, which everybody has, used as if it were a secret.</summary>
    public static SigningCredentials PublicKeyAsSecret => new(
        new SymmetricSecurityKey(File.ReadAllBytes(SealingKey.PublicFile)), SecurityAlgorithms.HmacSha256);

    /// <summary>A token with these claims.</summary>
    public static string Make(Dictionary<string, object> claims, Action<SecurityTokenDescriptor>? change = null)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        var token = new SecurityTokenDescriptor
        {
            // Tests move the clocks of services by days.
            NotBefore = now.AddYears(-1), IssuedAt = now, Expires = now.AddYears(1), Issuer = Issuer,
            Audience = "billing", TokenType = "at+jwt", Claims = claims,
            SigningCredentials = CredentialsOf(SealingKey.File),
        };
        change?.Invoke(token);
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(token);
    }

    private static Dictionary<string, object> ClaimsOf(string user) => new()
    {
        ["sub"] = user, ["preferred_username"] = user, ["rights"] = Text(Enum.GetValues<Right>()),
    };

    private static SigningCredentials CredentialsOf(string keyFile)
    {
        var key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(keyFile));
        return new(new ECDsaSecurityKey(key), SecurityAlgorithms.EcdsaSha256);
    }

    private static string Plain(string user) =>
        user.StartsWith("user:", StringComparison.Ordinal) ? user["user:".Length..] : user;

    private static string Text(IEnumerable<Right> rights) => string.Join(' ', rights.Select(right => right.WireName()));
}

/// <summary>Gives every request that names nobody the token of whoever would send it.</summary>
/// <param name="inner">The handler that sends the requests.</param>
/// <param name="tokens">The token of an actor; those of this process unless given.</param>
public sealed class SignedIn(HttpMessageHandler inner, Func<string?, AuthenticationHeaderValue>? tokens = null)
    : DelegatingHandler(inner)
{
    /// <summary>Who sends a request, when it is somebody in particular.</summary>
    public static readonly HttpRequestOptionsKey<string> Actor = new("actor");

    /// <inheritdoc/>
    protected override Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Options.TryGetValue(Actor, out var actor) || request.Headers.Authorization is null)
            request.Headers.Authorization = (tokens ?? TestTokens.HeaderOf)(actor);
        return base.SendAsync(request, cancellationToken);
    }
}
