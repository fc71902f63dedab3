using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Billing.Platform;

/// <summary>
/// Whose tokens a service accepts, from the section <c>Billing:Tokens</c>: those of services/Identity or of any other
/// OpenID provider.
/// </summary>
public sealed class TokenOptions
{
    /// <summary>The name of the configuration section.</summary>
    public const string Section = "Billing:Tokens";

    /// <summary>
    /// The issuer, as its tokens name it and where it describes itself. Without one no service starts: nobody would be
    /// let in.
    /// </summary>
    public string Issuer { get; set; } = "";

    /// <summary>The audience that a token must name.</summary>
    public string Audience { get; set; } = "billing";

    /// <summary>
    /// The PEM file of the issuer's public key, ECDSA P-256; empty to read the keys from the issuer's own description.
    /// </summary>
    public string Key { get; set; } = "";

    /// <summary>
    /// The type in the header of its access tokens: <c>at+jwt</c> (RFC 9068), or <c>JWT</c> for providers whose tokens
    /// do not say what they are for.
    /// </summary>
    public string Type { get; set; } = "at+jwt";

    /// <summary>The claim that lists roles of <c>contracts/roles.json</c>.</summary>
    public string RolesClaim { get; set; } = "roles";

    /// <summary>
    /// The claim that names a person: one that nobody can change, for it tells two people apart. A token without it is
    /// a program's.
    /// </summary>
    public string NameClaim { get; set; } = "preferred_username";

    /// <summary>
    /// What marks the token of a program at another provider, a claim or a claim with its value: <c>client_id</c>,
    /// <c>idtyp=app</c>. Empty for tokens of services/Identity, which say it themselves.
    /// </summary>
    public string ProgramClaim { get; set; } = "";

    /// <summary>
    /// How long a token may be good, from its issue to its end, in seconds, inclusive: so long a locked user is still
    /// let in. One that is good for longer is refused, and one that does not say since when.
    /// </summary>
    public int MostSeconds { get; set; } = 60;
}

/// <summary>Reading these options.</summary>
public static class TokenOptionsOfServices
{
    /// <summary>Binds and checks the options of tokens.</summary>
    public static IServiceCollection AddTokenOptions(this IServiceCollection services) =>
        services.AddChecked<TokenOptions, TokenOptionsCheck>(TokenOptions.Section);
}

/// <summary>Checks that an issuer is an address, and that its key can be read.</summary>
internal sealed class TokenOptionsCheck : IValidateOptions<TokenOptions>
{
    public ValidateOptionsResult Validate(string? name, TokenOptions options) =>
        options.Issuer.Length == 0
            ? ValidateOptionsResult.Fail(
                $"{TokenOptions.Section}:{nameof(options.Issuer)} is not set (environment variable " +
                $"{CheckedOptions.VariableOf($"{TokenOptions.Section}:{nameof(options.Issuer)}")}). It is the " +
                "address of services/Identity or of another OpenID provider, as its tokens name it.")
        : !Uri.TryCreate(options.Issuer, UriKind.Absolute, out var issuer) || issuer.Scheme is not ("http" or "https")
            ? ValidateOptionsResult.Fail(
                $"{TokenOptions.Section}:{nameof(options.Issuer)}: '{options.Issuer}' is not an http(s) address.")
        : options.Audience.Length == 0
            ? ValidateOptionsResult.Fail(
                $"{TokenOptions.Section}:{nameof(options.Audience)} is empty: a token for anybody would do.")
        : options.Type is not ("at+jwt" or "JWT")
            ? ValidateOptionsResult.Fail($"{TokenOptions.Section}:{nameof(options.Type)} is at+jwt or JWT.")
        : options.MostSeconds < 1
            ? ValidateOptionsResult.Fail($"{TokenOptions.Section}:{nameof(options.MostSeconds)} is at least 1.")
        : options.Key.Length > 0 && WhatIsWrongWith(options.Key) is { } wrong
            ? ValidateOptionsResult.Fail($"{TokenOptions.Section}:{nameof(options.Key)}: {options.Key} {wrong}.")
        : ValidateOptionsResult.Success;

    private static string? WhatIsWrongWith(string file)
    {
        try
        {
            var pem = File.ReadAllText(file);
            if (pem.Contains("PRIVATE KEY", StringComparison.Ordinal))
                return "holds a private key; services need the public one";
            using var key = ECDsa.Create();
            key.ImportFromPem(pem);
            return key.ExportParameters(false).Curve.Oid.FriendlyName is "nistP256" or "ECDSA_P256"
                ? null
                : "is on another curve than P-256";
        }
        catch (Exception e) when (
            e is ArgumentException or CryptographicException or IOException or UnauthorizedAccessException)
        {
            return $"is not a PEM file with a public key for ECDSA P-256: {e.Message}";
        }
    }
}
