using Billing.Platform;
using Microsoft.Extensions.Options;

namespace Billing.WebConsole;

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
