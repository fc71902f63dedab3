using System.Text.Json;

namespace Billing.Tools;

/// <summary>What the token endpoint of the issuer answers to a command line.</summary>
/// <param name="issuer">The address of the issuer.</param>
internal sealed class TokenClient(Uri issuer) : IDisposable
{
    /// <summary>The name of the command line at the issuer.</summary>
    private const string CommandLine = "billing-cli";

    private readonly HttpClient _http = new() { BaseAddress = issuer, Timeout = TimeSpan.FromSeconds(30) };

    public void Dispose() => _http.Dispose();

    /// <summary>Asks for a code that a person enters on a page (RFC 8628).</summary>
    public async Task<DeviceCode> Begin(CancellationToken cancellation)
    {
        var (answer, refused) = await Ask("connect/device", cancellation,
            ("client_id", CommandLine), ("scope", "offline_access"));
        return refused is null
            ? answer.Deserialize<DeviceCode>(Snake)!
            : throw new Failure($"Identity does not let a command line sign in: {refused}");
    }

    /// <summary>The session once the person has allowed it; null while they have not.</summary>
    /// <exception cref="Failure">It was denied, or took too long.</exception>
    public async Task<Session?> Poll(DeviceCode code, CancellationToken cancellation)
    {
        var (answer, refused) = await Ask("connect/token", cancellation,
            ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"), ("client_id", CommandLine),
            ("device_code", code.Code));
        return refused switch
        {
            null => SessionOf(answer),
            "authorization_pending" or "slow_down" => null,
            "access_denied" => throw new Failure("It was denied on the page."),
            _ => throw new Failure($"Nobody signed in: {refused}"),
        };
    }

    /// <summary>Renews a session; null when the issuer does not want to any more.</summary>
    public async Task<Session?> Renew(string refreshToken, CancellationToken cancellation)
    {
        var (answer, refused) = await Ask("connect/token", cancellation,
            ("grant_type", "refresh_token"), ("client_id", CommandLine), ("refresh_token", refreshToken));
        return refused is null ? SessionOf(answer) : null;
    }

    /// <summary>Signs a program in; null when its credential is not good any more.</summary>
    public async Task<Session?> Program(string id, string secret, CancellationToken cancellation)
    {
        var (answer, refused) = await Ask("connect/token", cancellation,
            ("grant_type", "client_credentials"), ("client_id", id), ("client_secret", secret));
        return refused is null ? SessionOf(answer) with { ClientId = id, ClientSecret = secret } : null;
    }

    private static readonly JsonSerializerOptions Snake = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    private static Session SessionOf(JsonElement answer) => new(
        answer.GetProperty("access_token").GetString()!,
        TimeProvider.System.GetUtcNow().AddSeconds(answer.GetProperty("expires_in").GetInt32()),
        answer.TryGetProperty("refresh_token", out var refresh) ? refresh.GetString() : null);

    private async Task<(JsonElement Answer, string? Refused)> Ask(
        string path, CancellationToken cancellation, params (string Name, string Value)[] form)
    {
        using var content = new FormUrlEncodedContent(form.Select(one => KeyValuePair.Create(one.Name, one.Value)));
        HttpResponseMessage response;
        try
        {
            response = await _http.PostAsync(new Uri(path, UriKind.Relative), content, cancellation);
        }
        catch (HttpRequestException e)
        {
            throw new Failure($"Identity does not answer at {_http.BaseAddress}: {e.Message}");
        }
        using (response)
        {
            var text = await response.Content.ReadAsStringAsync(cancellation);
            try
            {
                var answer = JsonElement.Parse(text);
                return (answer, response.IsSuccessStatusCode ? null
                    : answer.TryGetProperty("error", out var error) ? error.GetString() : $"{response.StatusCode}");
            }
            catch (JsonException)
            {
                throw new Failure($"Identity answered {(int)response.StatusCode} to {path}.");
            }
        }
    }
}

/// <summary>A code that a person enters on a page of the issuer.</summary>
/// <param name="Code">What the command line asks with.</param>
/// <param name="UserCode">What the person enters.</param>
/// <param name="VerificationUri">The page.</param>
/// <param name="VerificationUriComplete">The page that has the code already.</param>
/// <param name="ExpiresIn">How long it is good, seconds.</param>
/// <param name="Interval">How long to wait between two questions, seconds.</param>
internal sealed record DeviceCode(
    [property: System.Text.Json.Serialization.JsonPropertyName("device_code")] string Code,
    string UserCode, Uri VerificationUri, Uri VerificationUriComplete, int ExpiresIn, int Interval = 5);
