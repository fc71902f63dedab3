using System.Text.Json;
using Billing.Platform;

namespace Billing.Testing;

/// <summary>
/// Reads answers as strictly as services read requests: a member that nobody declared, one that is missing, or a number
/// in the place of a name fails the test. What a test reads by hand it would pass over.
/// </summary>
public static class StrictAnswers
{
    /// <summary>The answer to a request that succeeded.</summary>
    /// <exception cref="InvalidOperationException">It was refused; the message says why.</exception>
    public static async Task<T> Read<T>(this HttpResponseMessage answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode
            ? Read<T>(text)
            : throw new InvalidOperationException($"{(int)answer.StatusCode}: {text}");
    }

    /// <summary>The same for a text.</summary>
    /// <exception cref="JsonException">It is not exactly of the form.</exception>
    public static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, Wire.Strict)
        ?? throw new JsonException("The answer is null.");
}
