namespace Billing.Platform;

/// <summary>
/// The names of Marten's event tables, for code that needs SQL over all of them: a benchmark that copies them, a test
/// that empties them. To query stored events use <see cref="StoredEvents"/>.
/// </summary>
public static class EventTables
{
    /// <summary>All events: number in the global order, stream, stored name, data.</summary>
    public const string Events = "mt_events";

    /// <summary>All streams with their versions; the events reference it, so truncating it cascades to them.</summary>
    public const string Streams = "mt_streams";

    /// <summary>The sequence that numbers the events.</summary>
    public const string Sequence = "mt_events_sequence";

    /// <summary>The progress of each subscription.</summary>
    public const string Progress = "mt_event_progression";

    /// <summary>The name of the relay's row there.</summary>
    public const string Relay = "Relay:All";

    /// <summary>The stream of Marten's fillers for gaps in the numbers; none of this system's events.</summary>
    public const string Tombstones = "mt_tombstone";
}
