using System.Net;
using System.Text;
using Billing.Contracts.Signing;
using Billing.Platform;
using Billing.Testing;

namespace Billing.Payments.Tests;

/// <summary>Requests that are signed well but for one thing are refused, and nothing is done.</summary>
public sealed class ForgeryTests(PaymentsService payments) : IClassFixture<PaymentsService>
{
    private const string Nonce = "n-0123456789abcdef";

    public static TheoryData<string, string> Forgeries => new()
    {
        { "no signature", "signature-missing" },
        { "no input", "signature-missing" },
        { "two inputs", "signature-malformed" },
        { "two signatures", "signature-malformed" },
        { "no digest", "digest-malformed" },
        { "digest of another kind", "digest-malformed" },
        { "digest of another body", "signature-wrong" },
        { "another body", "digest-wrong" },
        { "another method", "signature-wrong" },
        { "another path", "signature-wrong" },
        { "another query", "signature-wrong" },
        { "encoded path", "signature-wrong" },
        { "another time", "signature-wrong" },
        { "another nonce", "signature-wrong" },
        { "another secret", "signature-wrong" },
        { "another partner", "signature-wrong" },
        { "unknown key", "signature-wrong" },
        { "unknown partner", "signature-wrong" },
        { "body not covered", "signature-malformed" },
        { "components in another order", "signature-malformed" },
        { "a component more", "signature-malformed" },
        { "another algorithm", "signature-malformed" },
        { "no nonce", "signature-malformed" },
        { "short nonce", "signature-malformed" },
        { "nonce twice", "signature-malformed" },
        { "another label", "signature-malformed" },
        { "6 minutes old", "signature-stale" },
        { "6 minutes ahead", "signature-stale" },
        { "end of time", "signature-stale" },
    };

    [Theory, MemberData(nameof(Forgeries))]
    public async Task What_is_not_signed_as_it_is_sent_is_refused(string forgery, string code)
    {
        await payments.Pay("1000000001", "X", 1);
        await payments.Pay("1000000001", "X", 1, "exact");
        var request = Signed(
            forgery, new(payments.Running.Partners!, $"/partner/v1/payments/{PaymentsService.Day()}/F1"));
        using var http = new HttpClient();
        using var answer = await http.SendAsync(request);

        answer.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        (await answer.Code()).Should().Be(code);
        (await payments.Scalar<long>("select count(*) from payment where serial = 'F1'")).Should().Be(0);
    }

    /// <summary>A payment that is signed well, but for one thing.</summary>
    private static HttpRequestMessage Signed(string forgery, Uri address)
    {
        var body = SignedPayment.Body("1000000001", 100);
        var digest = PartnerSignature.DigestOf(body);
        var now = TimeProvider.System.GetUtcNow();
        var created = forgery switch
        {
            "6 minutes old" => now.AddMinutes(-6),
            "6 minutes ahead" => now.AddMinutes(6),
            "end of time" => DateTimeOffset.MaxValue,
            _ => now,
        };
        var keyId = forgery switch
        {
            "unknown key" => "icbc.other", "unknown partner" => "nobody.tests", "another partner" => "exact.tests",
            _ => "icbc.tests",
        };
        var parameters = PartnerSignature.Parameters(forgery != "body not covered", created, keyId, Nonce);
        parameters = forgery switch
        {
            "components in another order" => parameters.Replace(
                "\"@method\" \"@request-target\"", "\"@request-target\" \"@method\"", StringComparison.Ordinal),
            "a component more" => parameters.Replace("\"@method\"", "\"@method\" \"host\"", StringComparison.Ordinal),
            "another algorithm" => parameters.Replace("hmac-sha256", "rsa-v1_5-sha256", StringComparison.Ordinal),
            "no nonce" => parameters.Replace($";nonce=\"{Nonce}\"", "", StringComparison.Ordinal),
            "short nonce" => parameters.Replace(Nonce, "short", StringComparison.Ordinal),
            "nonce twice" => parameters + $";nonce=\"{Nonce}\"",
            _ => parameters,
        };
        var signed = SignedPayment.Headed(
            HttpMethod.Put, address, body, digest, parameters,
            forgery is "another partner" or "another secret" ? "icbc.another" : keyId,
            forgery == "another method" ? "POST" : "PUT",
            forgery switch
            {
                "another path" => address.AbsolutePath + "x",
                "another query" => address.AbsolutePath + "?a=b",
                "encoded path" => address.AbsolutePath.Replace("F1", "%461", StringComparison.Ordinal),
                _ => address.PathAndQuery,
            },
            forgery == "digest of another body" ? PartnerSignature.DigestOf("other"u8) : "");
        Change(signed, forgery, body, digest);
        return signed;
    }

    private static void Change(HttpRequestMessage signed, string forgery, byte[] body, string digest)
    {
        var (input, signature) = (
            signed.Headers.GetValues("Signature-Input").Single(), signed.Headers.GetValues("Signature").Single());
        switch (forgery)
        {
            case "no signature":
                signed.Headers.Remove("Signature");
                break;
            case "no input":
                signed.Headers.Remove("Signature-Input");
                break;
            case "two inputs":
                signed.Headers.TryAddWithoutValidation("Signature-Input", input.Replace("sig1", "sig2", default));
                break;
            case "two signatures":
                signed.Headers.TryAddWithoutValidation("Signature", signature.Replace("sig1", "sig2", default));
                break;
            case "no digest":
                signed.Headers.Remove("Content-Digest");
                break;
            case "digest of another kind":
                Set("Content-Digest", digest.Replace("sha-256", "sha-512", StringComparison.Ordinal));
                break;
            case "another body":
                signed.Content = new ByteArrayContent(
                    Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(body).Replace("100", "900", default)))
                {
                    Headers = { ContentType = new("application/json") },
                };
                break;
            case "another time":
                Set("Signature-Input", input.Replace("created=1", "created=01", StringComparison.Ordinal));
                break;
            case "another nonce":
                Set("Signature-Input", input.Replace(Nonce, Nonce + "x", StringComparison.Ordinal));
                break;
            case "another label":
                Set("Signature", signature.Replace("sig1", "sig2", StringComparison.Ordinal));
                break;
        }

        void Set(string name, string value)
        {
            signed.Headers.Remove(name);
            signed.Headers.TryAddWithoutValidation(name, value);
        }
    }
}
