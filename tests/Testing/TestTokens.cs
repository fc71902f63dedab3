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

    /// <summary>The settings of a service that accepts them.</summary>
    public static string[] Settings =>
        [$"--Billing:Tokens:Issuer={Issuer}", $"--Billing:Tokens:Key={SealingKey.PublicFile}"];

    /// <summary>A token of somebody with some rights, good for an hour.</summary>
    public static string For(string user, params Right[] rights) => Make(new()
    {
        ["sub"] = user, ["preferred_username"] = user,
        ["rights"] = string.Join(' ', rights.Select(right => right.WireName())),
    });

    /// <summary>The header with a token of somebody with every right.</summary>
    public static AuthenticationHeaderValue Everything => new("Bearer", For("everybody", Enum.GetValues<Right>()));

    /// <summary>A token with these claims.</summary>
    public static string Make(Dictionary<string, object> claims)
    {
        using var key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(SealingKey.File));
        // Signatures that are kept for later would outlive the key.
        var signing = new ECDsaSecurityKey(key) { CryptoProviderFactory = new() { CacheSignatureProviders = false } };
        return new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Issuer, Audience = "billing", TokenType = "at+jwt", Claims = claims,
            SigningCredentials = new(signing, SecurityAlgorithms.EcdsaSha256),
        });
    }
}
