using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Billing.Contracts;
using Billing.Contracts.Signing;
using Billing.Platform;
using Microsoft.AspNetCore.Http.Features;

namespace Billing.Payments;

/// <summary>What the headers of a request say about its signature (<see cref="PartnerSignature"/>).</summary>
/// <param name="Parameters">What is signed, by which key and when, as it was sent.</param>
/// <param name="Signature">The signature.</param>
/// <param name="Digest">The digest of the body; null when there is none.</param>
/// <param name="Created">When it was signed.</param>
/// <param name="Partner">Whose key it names.</param>
/// <param name="Key">The key's name.</param>
/// <param name="Nonce">The text that is used once.</param>
public sealed partial record SignedRequest(
    string Parameters, byte[] Signature, string? Digest, DateTimeOffset Created, PartnerCode Partner, string Key,
    string Nonce)
{
    public static readonly Rejection Missing = new(
        "signature-missing",
        "This needs a signature: the headers Signature-Input and Signature of RFC 9421, each once, with one signature.",
        401);

    public static readonly Rejection Malformed = new(
        "signature-malformed",
        "The signature must cover exactly \"@method\" \"@request-target\", and \"content-digest\" when there is a body,"
        + " in this order, with created, keyid, nonce (16 to 64 of A-Z a-z 0-9 - _) and alg=\"hmac-sha256\".",
        401);

    public static readonly Rejection Stale = new(
        "signature-stale", "The signature was made more than 5 minutes before or after now; check your clock.", 401);

    public static readonly Rejection Wrong = new(
        "signature-wrong", "No key of this name is good, or it does not give this signature for this request.", 401);

    public static readonly Rejection DigestMalformed = new(
        "digest-malformed", "A request with a body needs its Content-Digest: sha-256=:…: of RFC 9530, and no other.",
        401);

    public static readonly Rejection DigestWrong = new(
        "digest-wrong", "The body is not the one whose digest was signed.", 401);

    private const int LongestHeader = 512;

    /// <summary>Reads the headers.</summary>
    /// <returns>The signature, or why there is none that could be checked.</returns>
    public static (SignedRequest? Signed, Rejection? Refusal) Read(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (One(request, PartnerSignature.InputHeader) is not { } input
            || One(request, PartnerSignature.Header) is not { } header)
            return (null, Missing);
        var hasBody = request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true;
        var digest = One(request, PartnerSignature.DigestHeader);
        if (hasBody && (digest is null || !DigestForm().IsMatch(digest)))
            return (null, DigestMalformed);
        if (InputForm().Match(input) is not { Success: true } told || !SignatureForm().IsMatch(header)
            || Label(header) != Label(input)
            || told.Groups["covered"].Value != (hasBody ? PartnerSignature.WithBody : PartnerSignature.WithoutBody)
            || !AreTheFour(told.Groups["name"].Captures)
            || KeyForm().Match(Value("keyid")) is not { Success: true } key
            || !NonceForm().IsMatch(Value("nonce")) || Value("alg") != "\"hmac-sha256\""
            || !long.TryParse(Value("created"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || seconds > DateTimeOffset.MaxValue.ToUnixTimeSeconds())
            return (null, Malformed);
        var signature = new byte[HMACSHA256.HashSizeInBytes];
        if (!Convert.TryFromBase64String(header[(header.IndexOf(':') + 1)..^1], signature, out var length)
            || length != signature.Length)
            return (null, Malformed);
        return (new(
            input[(input.IndexOf('=') + 1)..], signature, hasBody ? digest : null,
            DateTimeOffset.FromUnixTimeSeconds(seconds), PartnerCode.Wrap(key.Groups[1].Value), key.Groups[2].Value,
            Value("nonce")[1..^1]), null);

        string Value(string name)
        {
            var names = told.Groups["name"].Captures;
            for (var i = 0; i < names.Count; i++)
            {
                if (names[i].Value == name)
                    return told.Groups["value"].Captures[i].Value;
            }
            return "";
        }
    }

    /// <summary>Whether it was made around a moment.</summary>
    public bool IsFresh(DateTimeOffset now) => (now - Created).Duration() <= PartnerSignature.Window;

    /// <summary>Whether a secret gives this signature for the request.</summary>
    public bool IsBy(byte[] secret, HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        return CryptographicOperations.FixedTimeEquals(Signature, PartnerSignature.Sign(
            secret, PartnerSignature.Base(context.Request.Method, target, Digest, Parameters)));
    }

    /// <summary>The only value of a header; null when it is missing, long or there several times.</summary>
    private static string? One(HttpRequest request, string name) =>
        request.Headers[name] is [{ Length: > 0 and <= LongestHeader } value] ? value : null;

    private static string Label(string header) => header[..header.IndexOf('=')];

    private static bool AreTheFour(CaptureCollection names) =>
        names.Select(name => name.Value).Order(StringComparer.Ordinal)
            .SequenceEqual(["alg", "created", "keyid", "nonce"]);

    [GeneratedRegex(
        """\A[a-z][a-z0-9_-]{0,19}=(?<covered>\([^()]*\))(?:;(?<name>[a-z]+)=(?<value>[0-9]+|"[^"\\]*"))*\z""")]
    private static partial Regex InputForm();

    [GeneratedRegex("""\A[a-z][a-z0-9_-]{0,19}=:[A-Za-z0-9+/]{43}=:\z""")]
    private static partial Regex SignatureForm();

    [GeneratedRegex("""\Asha-256=:[A-Za-z0-9+/]{43}=:\z""")]
    private static partial Regex DigestForm();

    [GeneratedRegex("""\A"([a-z0-9]{1,20})\.([a-z0-9]{1,20})"\z""")]
    private static partial Regex KeyForm();

    [GeneratedRegex("""\A"[A-Za-z0-9_-]{16,64}"\z""")]
    private static partial Regex NonceForm();
}
