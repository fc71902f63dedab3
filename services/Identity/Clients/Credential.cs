using System.Collections.Immutable;
using System.Text.Json;
using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Platform;

namespace Billing.Identity;

/// <summary>
/// One secret of a client, stored as an application of OpenIddict. A client has several while it changes from one to
/// the next.
/// </summary>
/// <param name="Client">The client's code, under which it acts.</param>
/// <param name="Secret">Which of its secrets it is.</param>
/// <param name="Name">The name for people.</param>
/// <param name="Rights">What it may do.</param>
/// <param name="ExpiresOn">The last day on which it is good, inclusive.</param>
internal sealed record Credential(
    string Client, string Secret, string Name, IReadOnlyList<Right> Rights, DateOnly ExpiresOn)
{
    private const string Property = "billing";

    /// <summary>The <c>client_id</c>.</summary>
    public string ClientId => IdOf(Client, Secret);

    /// <summary>The <c>client_id</c> of a client's secret.</summary>
    public static string IdOf(string client, string secret) => $"{client}/{secret}";

    /// <summary>Reads it from an application's properties; null for applications that people sign in with.</summary>
    public static Credential? Of(ImmutableDictionary<string, JsonElement> properties) =>
        properties.TryGetValue(Property, out var stored) ? stored.Deserialize<Credential>(Wire.Stored) : null;

    /// <summary>Writes it into an application's properties.</summary>
    public void Into(Dictionary<string, JsonElement> properties) =>
        properties[Property] = JsonSerializer.SerializeToElement(this, Wire.Stored);

    /// <summary>Whether another one grants the same.</summary>
    public bool IsSame(Credential other) =>
        (Client, Secret, Name, ExpiresOn) == (other.Client, other.Secret, other.Name, other.ExpiresOn)
        && Rights.Order().SequenceEqual(other.Rights.Order());

    public ClientSecret ToWire() => new(
        ClientCode.Wrap(Client), ClientCode.Wrap(Secret), ClientId, Name, Rights, ExpiresOn);
}
