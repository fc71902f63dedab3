using JasperFx.Events;

namespace Billing.Platform;

/// <summary>An event as readers of the global order see it.</summary>
/// <param name="Sequence">Its number in the service's global order, from 1, with gaps where transactions rolled
/// back.</param>
/// <param name="Id">Its id.</param>
/// <param name="Stream">Its stream's id.</param>
/// <param name="Version">Its position in the stream, from 1.</param>
/// <param name="Type">Its stored name.</param>
/// <param name="Data">The event.</param>
/// <param name="At">When it was recorded, UTC.</param>
/// <param name="Trace">The W3C trace parent under which it was recorded, or null.</param>
public sealed record StoredEvent(
    long Sequence, Guid Id, string Stream, long Version, string Type, object Data, DateTimeOffset At, string? Trace)
{
    /// <summary>Converts an event read by Marten.</summary>
    internal static StoredEvent Of(IEvent e) => new(
        e.Sequence, e.Id, e.StreamKey!, e.Version, e.EventTypeName, e.Data, e.Timestamp,
        e.Headers?.GetValueOrDefault("trace")?.ToString());
}
