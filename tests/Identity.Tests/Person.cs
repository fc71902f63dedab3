using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.WebUtilities;

namespace Billing.Identity.Tests;

/// <summary>
/// Somebody with a browser: cookies, forms with their hidden fields, an authenticator app, and redirects that are
/// followed as far as this host.
/// </summary>
public sealed partial class Person(Uri address, string name, string password) : IDisposable
{
    private const string Chosen = "correct horse battery ";

    private readonly HttpClient _browser = new(new HttpClientHandler { AllowAutoRedirect = false })
    {
        BaseAddress = address,
    };

    private byte[]? _secret;
    private long _lastStep;

    public string Name => name;

    public string Password { get; private set; } = password;

    public bool HasSecondFactor => _secret is not null;

    public void Dispose() => _browser.Dispose();

    /// <summary>Signs in, replaces the one-time password, and sets up the second factor if asked to.</summary>
    public async Task SettleIn()
    {
        var page = await SignIn();
        page.Headers.Location.Should().NotBeNull(await page.Content.ReadAsStringAsync());
        page = await Follow(page);
        if (Is(page, "/password"))
        {
            var chosen = $"{Chosen}{name[0]}{name.Length}";
            page = await Submit("/password", ("present", Password), ("chosen", chosen), ("again", chosen),
                ("return", AuthorizeAddress(out _)));
            Password = chosen;
            page = await Follow(page);
        }
        if (Is(page, "/second-factor"))
        {
            var text = await page.Content.ReadAsStringAsync();
            _secret = Totp.Secret(Key().Match(text).Groups[1].Value);
            (await Submit("/second-factor", ("password", Password), ("code", Code()))).StatusCode
                .Should().Be(HttpStatusCode.Redirect);
        }
    }

    /// <summary>Signs in on the page, with the next code of the app.</summary>
    public Task<HttpResponseMessage> SignIn(string? otherPassword = null, string? code = null) => Submit(
        "/sign-in", ("name", name), ("password", otherPassword ?? Password),
        ("code", code ?? (_secret is null ? "" : Code())), ("return", AuthorizeAddress(out _)));

    /// <summary>An access token for the console, by code and proof.</summary>
    public async Task<string> Token() => (await Tokens()).GetProperty("access_token").GetString()!;

    /// <summary>All tokens of a new sign-in, or of the present session.</summary>
    public async Task<JsonElement> Tokens()
    {
        var to = AuthorizeAddress(out var verifier);
        var answer = await _browser.GetAsync(new Uri(to, UriKind.Relative));
        if (answer.Headers.Location is { } location && !$"{location}".StartsWith(IdentityService.Console, default))
        {
            await SettleIn();
            answer = await _browser.GetAsync(new Uri(to, UriKind.Relative));
            if ($"{answer.Headers.Location}".Contains("/sign-in", StringComparison.Ordinal))
            {
                await SignIn();
                answer = await _browser.GetAsync(new Uri(to, UriKind.Relative));
            }
        }
        $"{answer.Headers.Location}".Should().StartWith(IdentityService.Console);
        var back = QueryHelpers.ParseQuery(answer.Headers.Location!.Query);
        back.Should().ContainKey("code", $"{answer.Headers.Location}");
        return await Post(
            "/connect/token", ("grant_type", "authorization_code"), ("code", back["code"]!),
            ("client_id", "billing-console"), ("client_secret", "the-secret-of-the-console"),
            ("redirect_uri", $"{IdentityService.Console}/signin-oidc"), ("code_verifier", verifier));
    }

    /// <summary>Where the console sends its people.</summary>
    public static string AuthorizeAddress(out string verifier, string? without = null)
    {
        verifier = WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(32));
        var query = new Dictionary<string, string?>
        {
            ["client_id"] = "billing-console", ["response_type"] = "code", ["scope"] = "openid profile offline_access",
            ["redirect_uri"] = $"{IdentityService.Console}/signin-oidc", ["state"] = "s",
            ["code_challenge_method"] = "S256",
            ["code_challenge"] = WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes(verifier))),
        };
        foreach (var key in query.Keys.Where(key => without is not null && key.StartsWith(without, default)).ToList())
            query.Remove(key);
        return QueryHelpers.AddQueryString("/connect/authorize", query);
    }

    /// <summary>Asks for a page.</summary>
    public Task<HttpResponseMessage> Get(string path) => _browser.GetAsync(new Uri(path, UriKind.Relative));

    /// <summary>Asks for a page's form and sends it with its hidden field against forgery.</summary>
    public async Task<HttpResponseMessage> Submit(string path, params (string Name, string Value)[] fields)
    {
        var page = await (await Get(path)).Content.ReadAsStringAsync();
        var token = Token(page);
        return await Send(path, [.. fields, ("__RequestVerificationToken", token)]);
    }

    /// <summary>Sends a form as it is.</summary>
    public async Task<HttpResponseMessage> Send(string path, params (string Name, string Value)[] fields)
    {
        using var content = new FormUrlEncodedContent(fields.Select(one => KeyValuePair.Create(one.Name, one.Value)));
        return await _browser.PostAsync(new Uri(path, UriKind.Relative), content);
    }

    public async Task<JsonElement> Post(string path, params (string Name, string Value)[] fields)
    {
        using var answer = await Send(path, fields);
        return JsonElement.Parse(await answer.Content.ReadAsStringAsync());
    }

    /// <summary>The hidden field against forgery on a page; empty when there is none.</summary>
    public static string Token(string page) => Forgery().Match(page).Groups[1].Value;

    /// <summary>The app's present code; a new one each time, for a code is good once.</summary>
    public string Code()
    {
        // The service takes the neighbours of the present code, too.
        var step = _lastStep = Math.Max(Totp.Now - 1, _lastStep + 1);
        return Totp.Code(_secret!, step);
    }

    private async Task<HttpResponseMessage> Follow(HttpResponseMessage page)
    {
        while (page.Headers.Location is { } location && !$"{location}".StartsWith("http://console", default))
            page = await _browser.GetAsync(location);
        return page;
    }

    private static bool Is(HttpResponseMessage page, string path) =>
        page.RequestMessage!.RequestUri!.AbsolutePath == path;

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex Forgery();

    [GeneratedRegex("<code>([A-Z2-7 ]+)</code>")]
    private static partial Regex Key();
}
