namespace Billing.Platform;

/// <summary>
/// The user or process that causes the events of the present async flow; stored as metadata of every event appended.
/// Set at the edges (HTTP request, message, command line).
/// </summary>
/// <param name="By">The user or partner, such as <c>partner:icbc</c>.</param>
/// <param name="From">Where the request came from: a network address, a queue, a tool.</param>
/// <param name="CausationId">The id of the message or request that caused it, or null.</param>
public sealed record Actor(string By, string From, string? CausationId)
{
    /// <summary>The actor of a request that names none.</summary>
    public const string Anonymous = "anonymous";

    private static readonly AsyncLocal<Actor?> Ambient = new();

    /// <summary>The actor of the present async flow.</summary>
    public static Actor Current
    {
        get => Ambient.Value ?? new Actor("system", Environment.MachineName, null);
        set => Ambient.Value = value;
    }
}
