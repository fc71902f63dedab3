using System.Text;
using Billing.Contracts.Signing;
using Billing.Platform;
using Billing.Testing;

namespace Billing.Payments.Tests;

/// <summary>Signed requests, made by hand as a partner without our client makes them.</summary>
internal static class SignedPayment
{
    /// <summary>A payment, signed well.</summary>
    public static HttpRequestMessage Payment(
        Uri address, string account, long fen, string nonce, string partner = "icbc") =>
        Sign(HttpMethod.Put, address, Body(account, fen), partner, nonce);

    /// <summary>The body of a payment.</summary>
    public static byte[] Body(string account, long fen) =>
        Encoding.UTF8.GetBytes($$$"""{"account":"{{{account}}}","amount":{"fen":{{{fen}}}}}""");

    /// <summary>A request with a body, signed well.</summary>
    public static HttpRequestMessage Sign(
        HttpMethod method, Uri address, byte[] body, string partner, string nonce)
    {
        var digest = PartnerSignature.DigestOf(body);
        var parameters = PartnerSignature.Parameters(
            true, TimeProvider.System.GetUtcNow(), $"{partner}.tests", nonce);
        return Headed(
            method, address, body, digest, parameters, $"{partner}.tests", method.Method, address.PathAndQuery);
    }

    /// <summary>A request with the headers of a signature over what is said to be signed.</summary>
    public static HttpRequestMessage Headed(
        HttpMethod method, Uri address, byte[] body, string digest, string parameters, string signer,
        string signedMethod, string signedTarget, string signedDigest = "")
    {
        var secret = Convert.FromHexString(AsPartner.SecretOf(signer.Split('.')[0], signer.Split('.')[1]));
        var signature = PartnerSignature.Sign(secret, PartnerSignature.Base(
            signedMethod, signedTarget, signedDigest.Length > 0 ? signedDigest : digest, parameters));
        var request = new HttpRequestMessage(method, address)
        {
            Content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } },
        };
        request.Headers.TryAddWithoutValidation("Signature-Input", $"sig1={parameters}");
        request.Headers.TryAddWithoutValidation("Signature", $"sig1=:{Convert.ToBase64String(signature)}:");
        request.Headers.TryAddWithoutValidation("Content-Digest", digest);
        return request;
    }
}
