using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace Billing.WebConsole;

/// <summary>Asks the provider for new tokens, and gives those up that are not needed any more.</summary>
internal sealed partial class TokenClient(IServiceProvider services, ILogger<TokenClient> logger)
{
    // Asked for when they are used: these options need the sessions, which need this.
    private readonly Lazy<IOptionsMonitor<OpenIdConnectOptions>> _provider =
        new(services.GetRequiredService<IOptionsMonitor<OpenIdConnectOptions>>);

    private sealed record Refusal(string? Error);

    /// <summary>Exchanges a refresh token.</summary>
    public async Task<Renewed> Renew(string refreshToken)
    {
        try
        {
            using var answer = await Send(
                settings => settings.TokenEndpoint,
                ("grant_type", "refresh_token"), ("refresh_token", refreshToken));
            if (answer.IsSuccessStatusCode)
                return new(await answer.Content.ReadFromJsonAsync<RenewedTokens>(), Refused: false);
            var refusal = answer.StatusCode == HttpStatusCode.BadRequest
                ? await answer.Content.ReadFromJsonAsync<Refusal>()
                : null;
            if (refusal?.Error == "invalid_grant")
                return new(null, Refused: true);
            NotRenewed($"HTTP {(int)answer.StatusCode} {refusal?.Error}");
        }
        catch (Exception e) when (
            e is HttpRequestException or OperationCanceledException or JsonException or InvalidOperationException)
        {
            NotRenewed(e.Message);
        }
        return new(null, Refused: false);
    }

    /// <summary>Revokes a refresh token, if the provider knows how; it ends by itself otherwise.</summary>
    public async Task Revoke(string refreshToken)
    {
        try
        {
            using var answer = await Send(
                settings => settings.RevocationEndpoint,
                ("token", refreshToken), ("token_type_hint", "refresh_token"));
            if (!answer.IsSuccessStatusCode)
                NotRevoked($"HTTP {(int)answer.StatusCode}");
        }
        catch (Exception e) when (
            e is HttpRequestException or OperationCanceledException or JsonException or InvalidOperationException)
        {
            NotRevoked(e.Message);
        }
    }

    private async Task<HttpResponseMessage> Send(
        Func<OpenIdConnectConfiguration, string?> endpoint, params (string Name, string Value)[] form)
    {
        var options = _provider.Value.Get(OpenIdConnectDefaults.AuthenticationScheme);
        using var deadline = new CancellationTokenSource(options.BackchannelTimeout);
        var settings = await options.ConfigurationManager!.GetConfigurationAsync(deadline.Token);
        if (string.IsNullOrEmpty(endpoint(settings)))
            return new(HttpStatusCode.NotImplemented);
        using var content = new FormUrlEncodedContent(
            [
                .. form.Select(field => KeyValuePair.Create(field.Name, field.Value)),
                KeyValuePair.Create("client_id", options.ClientId!),
                KeyValuePair.Create("client_secret", options.ClientSecret!),
            ]);
        return await options.Backchannel.PostAsync(new Uri(endpoint(settings)!), content, deadline.Token);
    }

    [LoggerMessage(LogLevel.Warning, "Tokens could not be renewed: {Reason}")]
    private partial void NotRenewed(string reason);

    [LoggerMessage(LogLevel.Warning, "A refresh token could not be revoked: {Reason}")]
    private partial void NotRevoked(string reason);
}
