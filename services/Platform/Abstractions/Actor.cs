namespace Billing.Platform;

/// <summary>
/// Who is behind the events of the present flow: it becomes metadata of every event that is appended. Set at the edges
/// (HTTP request, message, command line).
/// </summary>
/// <param name="By">The user or partner, such as <c>partner:icbc</c>.</param>
/// <param name="From">The place: an address, a queue, a tool.</param>
/// <param name="CausationId">The message or request that led here, or null.</param>
public sealed record Actor(string By, string From, string? CausationId)
{
    /// <summary>Whoever does not say who he is.</summary>
    public const string Anonymous = "anonymous";

    private static readonly AsyncLocal<Actor?> Ambient = new();

    /// <summary>The actor of the present flow.</summary>
    public static Actor Current
    {
        get => Ambient.Value ?? new Actor("system", Environment.MachineName, null);
        set => Ambient.Value = value;
    }
}
