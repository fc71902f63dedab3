using System.Security.Cryptography;
using Billing.Platform;
using Microsoft.Extensions.Options;

namespace Billing.Identity;

/// <summary>How tokens are issued, from the section <c>Billing:Identity</c>.</summary>
public sealed class IssuerOptions
{
    /// <summary>The name of the configuration section.</summary>
    public const string Section = "Billing:Identity";

    /// <summary>The PEM file of the private key that signs tokens, ECDSA P-256.</summary>
    public string Key { get; set; } = "";

    /// <summary>
    /// A file that does not exist yet. While there is no user at all, the first administrator is added at start, and
    /// the one-time password is written there, readable by its owner only.
    /// </summary>
    public string FirstPassword { get; set; } = "";

    /// <summary>
    /// A file that does not exist yet, for an instance that is not for the public: at start one user is added for each
    /// delivered role, one for all roles that prepare and one for all that decide, and how they sign in is written
    /// there, readable by its owner only. Empty for none.
    /// </summary>
    public string People { get; set; } = "";

    /// <summary>
    /// How long an access token is good, seconds: a locked user or a withdrawn right counts after that time, 10 to
    /// 55.
    /// </summary>
    public int TokenSeconds { get; set; } = 50;

    /// <summary>The address of the console, to which people go back after signing in; empty for none.</summary>
    public string Console { get; set; } = "";

    /// <summary>The file with the secret under which the console exchanges codes.</summary>
    public string ConsoleSecret { get; set; } = "";

    /// <summary>The origin of the console, or nothing.</summary>
    internal string ConsoleOrigin =>
        Uri.TryCreate(Console, UriKind.Absolute, out var address) ? address.GetLeftPart(UriPartial.Authority) : "";

    /// <summary>
    /// When a session ends that began by signing in, and everything that was granted in it, hours, 1 to 168.
    /// </summary>
    public int SessionHours { get; set; } = 12;

    /// <summary>How long a password is good that an administrator has made, days, 1 to 30.</summary>
    public int OneTimePasswordDays { get; set; } = 7;

    /// <summary>How many forms with passwords and codes an address may send in a minute, 1 to 10,000.</summary>
    public int AttemptsPerMinute { get; set; } = 60;

    /// <summary>
    /// The IP address of the gateway, which tells by <c>X-Forwarded-For</c> from where a request comes; empty to
    /// believe nobody.
    /// </summary>
    public string Gateway { get; set; } = "";
}

/// <summary>Checks that there is a key that can sign, and that times are within their limits.</summary>
internal sealed class IssuerOptionsCheck : IValidateOptions<IssuerOptions>
{
    public ValidateOptionsResult Validate(string? name, IssuerOptions options)
    {
        if (options.TokenSeconds is < 10 or > 55)
            return Wrong(nameof(options.TokenSeconds), "is 10 to 55 seconds");
        if (options.SessionHours is < 1 or > 168)
            return Wrong(nameof(options.SessionHours), "is 1 to 168 hours");
        if (options.OneTimePasswordDays is < 1 or > 30)
            return Wrong(nameof(options.OneTimePasswordDays), "is 1 to 30 days");
        if (options.AttemptsPerMinute is < 1 or > 10_000)
            return Wrong(nameof(options.AttemptsPerMinute), "is 1 to 10000");
        if (options.Gateway.Length > 0 && !System.Net.IPAddress.TryParse(options.Gateway, out _))
            return Wrong(nameof(options.Gateway), "is an IP address, or empty");
        if (options.Console.Length > 0 && (options.ConsoleOrigin.Length == 0 || !File.Exists(options.ConsoleSecret)))
            return Wrong(nameof(options.Console), "needs an address, and ConsoleSecret a file that exists");
        if (options.Key.Length == 0)
            return Wrong(
                nameof(options.Key),
                $"is not set (environment variable {CheckedOptions.VariableOf($"{IssuerOptions.Section}:Key")}). It " +
                "names the PEM file of the private key that signs tokens");
        try
        {
            using var key = SigningKey.Read(options.Key);
            return ValidateOptionsResult.Success;
        }
        catch (CryptographicException e)
        {
            return Wrong(nameof(options.Key), e.Message);
        }
    }

    private static ValidateOptionsResult Wrong(string member, string why) =>
        ValidateOptionsResult.Fail($"{IssuerOptions.Section}:{member} {why}.");
}
