using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Billing.Platform;

/// <summary>Our own spans and instruments; whether anybody collects them is for the host to say.</summary>
public static class Telemetry
{
    /// <summary>What they are found by.</summary>
    internal const string Name = "Billing";

    /// <summary>Spans of our own.</summary>
    public static readonly ActivitySource Source = new(Name);

    private static readonly Meter Meter = new(Name);

    /// <summary>Events appended, by way (single or bulk).</summary>
    public static readonly Counter<long> Appended = Meter.CreateCounter<long>("billing.events.appended", "{event}");

    /// <summary>Appends that found their stream moved on by somebody else, and were decided again.</summary>
    public static readonly Counter<long> Conflicts = Meter.CreateCounter<long>("billing.appends.conflicts", "{append}");

    /// <summary>Commands that a decision refused, by code, whoever sent them: a client or a message.</summary>
    public static readonly Counter<long> Refused = Meter.CreateCounter<long>("billing.commands.refused", "{command}");

    /// <summary>Requests that were answered by a problem, by code.</summary>
    public static readonly Counter<long> Problems = Meter.CreateCounter<long>("billing.requests.refused", "{request}");

    /// <summary>How far a consumer is behind: milliseconds from a message's publication to its effect.</summary>
    public static readonly Histogram<double> Delay = Meter.CreateHistogram<double>("billing.message.delay", "ms");

    internal static readonly KeyValuePair<string, object?> Single = new("way", "single"), Bulk = new("way", "bulk");
}
