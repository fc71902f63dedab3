using Billing.Platform;
using Microsoft.Extensions.Options;

namespace Billing.WebConsole;

/// <summary>Where the other services are, from the section <c>Billing</c>.</summary>
public sealed class PeerOptions
{
    /// <summary>Where it is configured.</summary>
    public const string Section = "Billing";

    /// <summary>Their addresses.</summary>
    public Dictionary<Peer, string> Services { get; init; } = [];

    /// <summary>The address of one, once it is checked.</summary>
    internal Uri AddressOf(Peer peer) => new(Services[peer]);
}

/// <summary>Says which address is missing or none.</summary>
internal sealed class PeerOptionsCheck : IValidateOptions<PeerOptions>
{
    public ValidateOptionsResult Validate(string? name, PeerOptions options)
    {
        var wrong = Enum.GetValues<Peer>()
            .Select(peer => (Key: $"{PeerOptions.Section}:{nameof(options.Services)}:{peer}",
                Address: options.Services.GetValueOrDefault(peer, "")))
            .Where(peer => !Uri.TryCreate(peer.Address, UriKind.Absolute, out var address)
                || address.Scheme is not ("http" or "https"))
            .Select(peer => $"{peer.Key} is '{peer.Address}'. It should be an address like http://127.0.0.1:5101 " +
                $"(environment variable {CheckedOptions.VariableOf(peer.Key)}).")
            .ToList();
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }
}
