using System.Text.Json;

namespace Billing.ForPartners;

/// <summary>Billing refused a request, and will refuse it again: program against the code.</summary>
public sealed class PartnerRefusalException : Exception
{
    /// <summary>Creates a refusal.</summary>
    public PartnerRefusalException(string code, int status, string message)
        : base($"{code}: {message}") => (Code, Status) = (code, status);

    /// <summary>The stable code, such as <c>payment-key-taken</c>.</summary>
    public string Code { get; }

    /// <summary>The HTTP status.</summary>
    public int Status { get; }

    internal static async Task<PartnerRefusalException> From(
        HttpResponseMessage answer, CancellationToken cancellation)
    {
        var (code, message) = ("unknown", answer.ReasonPhrase ?? "");
        try
        {
            using var problem = JsonDocument.Parse(await answer.Content.ReadAsStreamAsync(cancellation));
            if (problem.RootElement.ValueKind == JsonValueKind.Object)
            {
                code = TextOf(problem.RootElement, "code") ?? code;
                message = TextOf(problem.RootElement, "detail") ?? message;
            }
        }
        catch (JsonException)
        {
            // Something on the way answered, such as a proxy.
        }
        return new(code, (int)answer.StatusCode, message);
    }

    private static string? TextOf(JsonElement problem, string name) =>
        problem.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
