namespace Billing.Platform;

/// <summary>
/// What Marten calls the tables it keeps events in, for whoever must write SQL about all of them: a benchmark that
/// copies them, a test that empties them. Who wants to know what was stored asks <see cref="StoredEvents"/>.
/// </summary>
public static class EventTables
{
    /// <summary>Every event: its place in the global order, its stream, its stored name, its data.</summary>
    public const string Events = "mt_events";

    /// <summary>Every stream and its version; the events refer to it, so that who empties it empties them.</summary>
    public const string Streams = "mt_streams";

    /// <summary>Numbers the events.</summary>
    public const string Sequence = "mt_events_sequence";

    /// <summary>How far each subscription has read.</summary>
    public const string Progress = "mt_event_progression";

    /// <summary>The name of the relay there.</summary>
    public const string Relay = "Relay:All";

    /// <summary>The stream of what fills a gap in the numbers; no event of ours.</summary>
    public const string Tombstones = "mt_tombstone";
}
