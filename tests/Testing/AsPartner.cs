using System.Collections.Concurrent;
using Billing.Contracts.Api;
using Billing.ForPartners;
using Billing.Platform;

namespace Billing.Testing;

/// <summary>
/// In tests the path <c>/partners/{partner}/bills</c> or <c>…/payments</c> says who sends a request: it goes to the
/// listener for partners, under the path that it has there, signed with a key of that partner, which two people issue
/// at its first request.
/// </summary>
/// <param name="inner">The handler that sends the requests of staff.</param>
/// <param name="staff">The address of Payments for staff.</param>
/// <param name="edge">The address of Payments for partners.</param>
/// <param name="clock">The clock of Payments.</param>
/// <param name="masterKey">The file of the key from which the secrets follow; that of this process unless
/// given.</param>
public sealed class AsPartner(
    HttpMessageHandler inner, Uri staff, Uri edge, TimeProvider clock, string? masterKey = null)
    : DelegatingHandler(inner)
{
    /// <summary>The beginning of partners' paths.</summary>
    public const string Prefix = "/partner/v1";

    private const string Key = "tests";
    private static readonly string[] OnlyForPartners = ["bills", "payments"];
    private readonly ConcurrentDictionary<string, PartnerSigner> _signers = new(StringComparer.Ordinal);

    /// <summary>What a service needs to let partners in, as names and values.</summary>
    public static (string Name, string Value)[] Settings =>
    [
        ("Billing:Partners:Listen", $"http://127.0.0.1:{FreePort.Next()}"),
        ("Billing:Partners:MasterKeys:0", MasterKey.File),
        // Tests send whatever they like; those about limits set their own.
        .. ((string[])["QueriesPerMinute", "PaymentsPerMinute", "QueriesPerAccount", "PaymentsPerAccount",
            "FilesPerMinute", "BlocksPerDay"]).Select(limit => ($"Billing:Partners:Limits:{limit}", "1000000")),
    ];

    /// <summary>The secret of a partner's key, which only the service and this process can know.</summary>
    public static string SecretOf(string partner, string key = Key, string? masterKey = null)
    {
        var masters = MasterKeys.Read([masterKey ?? MasterKey.File]);
        return Convert.ToHexStringLower(masters.Derive(masters.Current, $"partner key {partner}.{key}"));
    }

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var target = request.RequestUri!.PathAndQuery;
        if (target.Split('/', 5) is not ["", "partners", var partner, var what, var rest]
            || !OnlyForPartners.Contains(what))
            return await base.SendAsync(request, cancellationToken);
        request.RequestUri = new Uri(edge, $"{Prefix}/{what}/{rest}");
        await (await SignerOf(Uri.UnescapeDataString(partner))).Sign(request, cancellationToken);
        return await base.SendAsync(request, cancellationToken);
    }

    private async Task<PartnerSigner> SignerOf(string partner)
    {
        if (_signers.TryGetValue(partner, out var known))
            return known;
        using var http = new HttpClient(new Passing(this), disposeHandler: false) { BaseAddress = staff };
        using var issued = await http.Agree(
            HttpMethod.Put, $"/partners/{Uri.EscapeDataString(partner)}/keys/{Key}",
            new IssuePartnerKeyRequest(clock.Today().AddDays(400)));
        var signer = new PartnerSigner($"{partner}.{Key}", SecretOf(partner, Key, masterKey), clock);
        // Where there is no such partner, nobody believes the signature.
        return issued.IsSuccessStatusCode ? _signers[partner] = signer : signer;
    }

    private sealed class Passing(AsPartner own) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken) =>
            own.Base(request, cancellationToken);
    }

    private Task<HttpResponseMessage> Base(HttpRequestMessage request, CancellationToken cancellation) =>
        base.SendAsync(request, cancellation);
}
