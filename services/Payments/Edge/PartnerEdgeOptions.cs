using System.Security.Cryptography;
using Billing.Contracts.Api;
using Billing.Platform;
using Microsoft.Extensions.Options;

namespace Billing.Payments;

/// <summary>Where partners call and how they sign, from the section <c>Billing:Partners</c>.</summary>
public sealed class PartnerEdgeOptions
{
    /// <summary>The name of the configuration section.</summary>
    public const string Section = "Billing:Partners";

    /// <summary>The address at which partners call, such as <c>http://0.0.0.0:8090</c>.</summary>
    public string Listen { get; set; } = "";

    /// <summary>
    /// The files of the keys from which the secrets of partners are derived, 64 hexadecimal digits each, the newest
    /// last. One is kept for as long as a key is good that was issued while it was the newest.
    /// </summary>
    public IReadOnlyList<string> MasterKeys { get; set; } = [];

    /// <summary>How often a partner may ask whose terms do not say it.</summary>
    public PartnerLimits Limits { get; set; } = new();
}

/// <summary>Checks that partners can call and that their signatures can be checked.</summary>
public sealed class PartnerEdgeOptionsCheck : IValidateOptions<PartnerEdgeOptions>
{
    private const string Section = PartnerEdgeOptions.Section;

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, PartnerEdgeOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!Uri.TryCreate(options.Listen, UriKind.Absolute, out var address)
            || address.Scheme is not ("http" or "https") || address.AbsolutePath != "/")
            return ValidateOptionsResult.Fail(
                $"{Section}:{nameof(options.Listen)} is not an address to listen at, such as http://0.0.0.0:8090.");
        if (options.MasterKeys.Count == 0)
            return ValidateOptionsResult.Fail(
                $"{Section}:{nameof(options.MasterKeys)} is not set (environment variable "
                + "Billing__Partners__MasterKeys__0). It names the files of the keys from which the secrets of partners"
                + " are derived, the newest last; 'openssl rand -hex 32' makes one.");
        if (!SavePartnerEndpoint.AreGood(options.Limits))
            return ValidateOptionsResult.Fail($"{Section}:{nameof(options.Limits)}: each is 1 to 1000000.");
        try
        {
            MasterKeys.Read(options.MasterKeys);
            return ValidateOptionsResult.Success;
        }
        catch (CryptographicException e)
        {
            return ValidateOptionsResult.Fail($"{Section}:{nameof(options.MasterKeys)}: {e.Message}.");
        }
    }
}
