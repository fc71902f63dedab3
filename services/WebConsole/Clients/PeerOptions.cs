using Billing.Platform;
using Microsoft.Extensions.Options;

namespace Billing.WebConsole;

/// <summary>The addresses of the other services, from the section <c>Billing</c>.</summary>
public sealed class PeerOptions
{
    /// <summary>The name of the configuration section.</summary>
    public const string Section = "Billing";

    /// <summary>The address of each service.</summary>
    public Dictionary<Peer, string> Services { get; init; } = [];

    /// <summary>The address of a service; valid after the options were checked.</summary>
    internal Uri AddressOf(Peer peer) => new(Services[peer]);
}

/// <summary>Names each address that is missing or invalid.</summary>
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
