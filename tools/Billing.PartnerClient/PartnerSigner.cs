using System.Buffers.Text;
using System.Security.Cryptography;
using Billing.Contracts.Signing;

namespace Billing.ForPartners;

/// <summary>Signs every request that passes with a partner's key, each sending anew.</summary>
public sealed class PartnerSigner : DelegatingHandler
{
    private const int NonceBytes = 16;

    private readonly string _keyId;
    private readonly byte[] _secret;
    private readonly TimeProvider _clock;

    /// <summary>Creates a signer.</summary>
    /// <param name="keyId">The key's id, such as <c>icbc.2026a</c>.</param>
    /// <param name="secret">Its secret, 64 hexadecimal digits.</param>
    /// <param name="clock">The clock; that of the machine unless given.</param>
    /// <exception cref="FormatException">The secret is not hexadecimal.</exception>
    public PartnerSigner(string keyId, string secret, TimeProvider? clock = null) =>
        (_keyId, _secret, _clock) = (keyId, Convert.FromHexString(secret), clock ?? TimeProvider.System);

    /// <summary>Adds the headers of a signature to a request, in place of any that it has.</summary>
    /// <param name="request">The request, with an absolute address.</param>
    /// <param name="cancellation">Cancels.</param>
    public async Task Sign(HttpRequestMessage request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        string? digest = null;
        if (request.Content is { } content)
        {
            digest = PartnerSignature.DigestOf(await content.ReadAsByteArrayAsync(cancellation));
            Set(PartnerSignature.DigestHeader, digest);
        }
        var parameters = PartnerSignature.Parameters(
            digest is not null, _clock.GetUtcNow(), _keyId,
            Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(NonceBytes)));
        var text = PartnerSignature.Base(
            request.Method.Method, request.RequestUri!.PathAndQuery, digest, parameters);
        Set(PartnerSignature.InputHeader, $"{PartnerSignature.Label}={parameters}");
        Set(
            PartnerSignature.Header,
            $"{PartnerSignature.Label}=:{Convert.ToBase64String(PartnerSignature.Sign(_secret, text))}:");

        void Set(string name, string value)
        {
            request.Headers.Remove(name);
            request.Headers.TryAddWithoutValidation(name, value);
        }
    }

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await Sign(request, cancellationToken);
        return await base.SendAsync(request, cancellationToken);
    }
}
