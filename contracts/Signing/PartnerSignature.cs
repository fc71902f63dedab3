using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Billing.Contracts.Signing;

/// <summary>
/// How a partner signs a request: HTTP Message Signatures (RFC 9421) with <c>hmac-sha256</c>, over the method, the
/// request target as it is sent, and the digest of the body (RFC 9530) when there is one.
/// </summary>
public static class PartnerSignature
{
    /// <summary>The header that says what is signed, by which key and when.</summary>
    public const string InputHeader = "Signature-Input";

    /// <summary>The header with the signature.</summary>
    public const string Header = "Signature";

    /// <summary>The header with the digest of the body.</summary>
    public const string DigestHeader = "Content-Digest";

    /// <summary>The label under which both headers hold the signature.</summary>
    public const string Label = "sig1";

    /// <summary>What is signed when there is no body.</summary>
    public const string WithoutBody = "(\"@method\" \"@request-target\")";

    /// <summary>What is signed when there is a body.</summary>
    public const string WithBody = "(\"@method\" \"@request-target\" \"content-digest\")";

    /// <summary>How far the time of a signature may lie from the clock of the one who checks it, either way.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    /// <summary>The value of <see cref="DigestHeader"/> for a body.</summary>
    public static string DigestOf(ReadOnlySpan<byte> body) => DigestFrom(SHA256.HashData(body));

    /// <summary>The value of <see cref="DigestHeader"/> for a body's SHA-256.</summary>
    public static string DigestFrom(ReadOnlySpan<byte> sha256) => $"sha-256=:{Convert.ToBase64String(sha256)}:";

    /// <summary>What <see cref="InputHeader"/> says after the label.</summary>
    /// <param name="hasBody">Whether the request has a body.</param>
    /// <param name="created">The time of the signature.</param>
    /// <param name="keyId">The key: the partner's code, a dot, and the key's name, such as <c>icbc.2026a</c>.</param>
    /// <param name="nonce">A text that is new for each request: 16 to 64 of A-Z, a-z, 0-9, dash and underscore.</param>
    public static string Parameters(bool hasBody, DateTimeOffset created, string keyId, string nonce) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{(hasBody ? WithBody : WithoutBody)};created={created.ToUnixTimeSeconds()};keyid=\"{keyId}\""
            + $";nonce=\"{nonce}\";alg=\"hmac-sha256\"");

    /// <summary>The text that is signed (RFC 9421 §2.5).</summary>
    /// <param name="method">The method, such as <c>PUT</c>.</param>
    /// <param name="target">The path with its query, exactly as it is sent.</param>
    /// <param name="digest">The value of <see cref="DigestHeader"/>; null without a body.</param>
    /// <param name="parameters">What <see cref="InputHeader"/> says after the label.</param>
    public static string Base(string method, string target, string? digest, string parameters) =>
        $"\"@method\": {method}\n\"@request-target\": {target}\n"
        + (digest is null ? "" : $"\"content-digest\": {digest}\n")
        + $"\"@signature-params\": {parameters}";

    /// <summary>The signature of a text.</summary>
    public static byte[] Sign(ReadOnlySpan<byte> secret, string text) =>
        HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(text));
}
