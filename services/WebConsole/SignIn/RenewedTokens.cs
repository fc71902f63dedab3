using System.Text.Json.Serialization;

namespace Billing.WebConsole;

/// <summary>Tokens as the provider answers.</summary>
/// <param name="AccessToken">What services are asked with.</param>
/// <param name="RefreshToken">What the next ones are asked for with; null when the former stays good.</param>
/// <param name="ExpiresIn">How long the access token is good, seconds.</param>
internal sealed record RenewedTokens(
    [property: JsonPropertyName("access_token"), JsonRequired] string AccessToken,
    [property: JsonPropertyName("refresh_token")] string? RefreshToken,
    [property: JsonPropertyName("expires_in"), JsonRequired] long ExpiresIn);

/// <summary>What became of asking for new tokens.</summary>
/// <param name="Tokens">The tokens; null when there are none.</param>
/// <param name="Refused">Whether the provider says that the session is over.</param>
internal sealed record Renewed(RenewedTokens? Tokens, bool Refused);
