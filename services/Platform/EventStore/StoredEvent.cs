using JasperFx.Events;

namespace Billing.Platform;

/// <summary>An event as readers of the global order see it.</summary>
/// <param name="Sequence">Its place in the service's global order, from 1, with gaps where transactions rolled
/// back.</param>
/// <param name="Id">Its id.</param>
/// <param name="Stream">Its stream's id.</param>
/// <param name="Version">Its place in the stream, from 1.</param>
/// <param name="Type">Its stored name.</param>
/// <param name="Data">The event.</param>
/// <param name="At">When it was recorded, UTC.</param>
/// <param name="Trace">The W3C trace parent it was recorded under, or null.</param>
public sealed record StoredEvent(
    long Sequence, Guid Id, string Stream, long Version, string Type, object Data, DateTimeOffset At, string? Trace)
{
    /// <summary>An event as Marten read it.</summary>
    internal static StoredEvent Of(IEvent e) => new(
        e.Sequence, e.Id, e.StreamKey!, e.Version, e.EventTypeName, e.Data, e.Timestamp,
        e.Headers?.GetValueOrDefault("trace")?.ToString());
}

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
