using Billing.Platform;
using Microsoft.Extensions.Options;

namespace Billing.WebConsole;

/// <summary>
/// How people sign in to the console, from the section <c>Billing:Console</c>. The provider is
/// <c>Billing:Tokens:Issuer</c>, the same whose tokens the services accept.
/// </summary>
public sealed class ConsoleOptions
{
    /// <summary>The name of the configuration section.</summary>
    public const string Section = "Billing:Console";

    /// <summary>
    /// The address under which browsers know the console, when a gateway is in front of it; empty when they reach it
    /// under the address on which it listens. With <c>https</c>, cookies are sent over https only.
    /// </summary>
    public string Address { get; set; } = "";

    /// <summary>
    /// Where the console itself reaches the provider, when that is not the address under which browsers know it; empty
    /// when it is.
    /// </summary>
    public string Backchannel { get; set; } = "";

    /// <summary>The name of the console at the provider.</summary>
    public string ClientId { get; set; } = "billing-console";

    /// <summary>The file with the secret under which the console exchanges codes.</summary>
    public string ClientSecret { get; set; } = "";

    /// <summary>What is asked of the provider, separated by blanks.</summary>
    public string Scope { get; set; } = "openid profile offline_access";

    /// <summary>
    /// The folder of the keys of cookies and of the sessions, encrypted; it belongs to the console alone.
    /// </summary>
    public string Keys { get; set; } = "";

    /// <summary>When a session ends in any case, hours after signing in, 1 to 24.</summary>
    public int SessionHours { get; set; } = 12;

    /// <summary>When a session ends that nobody uses, minutes, 5 to 480.</summary>
    public int IdleMinutes { get; set; } = 60;

    /// <summary>Whether browsers use https.</summary>
    internal bool IsHttps => Address.StartsWith("https:", StringComparison.OrdinalIgnoreCase);

    /// <summary>The secret.</summary>
    internal string ReadSecret() => File.ReadAllText(ClientSecret).Trim();
}

/// <summary>Checks that there is a secret and a folder, and that times are within their limits.</summary>
internal sealed class ConsoleOptionsCheck : IValidateOptions<ConsoleOptions>
{
    public ValidateOptionsResult Validate(string? name, ConsoleOptions options)
    {
        if (!IsAddressOrEmpty(options.Address))
            return Wrong(nameof(options.Address), "is an address like https://console.example.com, or empty");
        if (!IsAddressOrEmpty(options.Backchannel))
            return Wrong(nameof(options.Backchannel), "is an address like http://identity:8080, or empty");
        if (options.ClientId.Length == 0)
            return Wrong(nameof(options.ClientId), "names the console at the provider");
        if (!File.Exists(options.ClientSecret) || options.ReadSecret().Length < 16)
            return Wrong(nameof(options.ClientSecret), "names a file with a secret of at least 16 characters");
        if (options.Keys.Length == 0)
            return Wrong(nameof(options.Keys), "names the folder of keys and sessions");
        if (options.SessionHours is < 1 or > 24)
            return Wrong(nameof(options.SessionHours), "is 1 to 24 hours");
        return options.IdleMinutes is < 5 or > 480
            ? Wrong(nameof(options.IdleMinutes), "is 5 to 480 minutes")
            : ValidateOptionsResult.Success;
    }

    private static bool IsAddressOrEmpty(string text) => text.Length == 0
        || Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is ("http" or "https");

    private static ValidateOptionsResult Wrong(string member, string why)
    {
        var key = $"{ConsoleOptions.Section}:{member}";
        return ValidateOptionsResult.Fail($"{key} {why} (environment variable {CheckedOptions.VariableOf(key)}).");
    }
}
