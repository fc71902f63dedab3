using System.Text.Json;
using Billing.Platform;

namespace Billing.Testing;

/// <summary>
/// Parses answers as strictly as services parse requests: an undeclared member, a missing one, or a number in place of
/// a name fails the test. A test that parses JSON by hand would not notice them.
/// </summary>
public static class StrictAnswers
{
    /// <summary>The parsed answer to a request that succeeded.</summary>
    /// <exception cref="InvalidOperationException">It was refused; the message contains the reason.</exception>
    public static async Task<T> Read<T>(this HttpResponseMessage answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode
            ? Read<T>(text)
            : throw new InvalidOperationException($"{(int)answer.StatusCode}: {text}");
    }

    /// <summary>Parses a text.</summary>
    /// <exception cref="JsonException">It does not have exactly the form.</exception>
    public static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, Wire.Strict)
        ?? throw new JsonException("The answer is null.");
}
