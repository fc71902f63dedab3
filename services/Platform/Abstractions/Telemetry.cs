using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Billing.Platform;

/// <summary>This system's own spans and instruments; the host configures whether they are collected.</summary>
public static class Telemetry
{
    /// <summary>The name of the source and of the meter.</summary>
    internal const string Name = "Billing";

    /// <summary>The source of this system's own spans.</summary>
    public static readonly ActivitySource Source = new(Name);

    private static readonly Meter Meter = new(Name);

    /// <summary>Events appended, by way (single or bulk).</summary>
    public static readonly Counter<long> Appended = Meter.CreateCounter<long>("billing.events.appended", "{event}");

    /// <summary>Appends that conflicted with another writer of the stream and were decided again.</summary>
    public static readonly Counter<long> Conflicts = Meter.CreateCounter<long>("billing.appends.conflicts", "{append}");

    /// <summary>Commands refused by a decision, by code, from clients and from messages.</summary>
    public static readonly Counter<long> Refused = Meter.CreateCounter<long>("billing.commands.refused", "{command}");

    /// <summary>Requests answered with a problem, by code.</summary>
    public static readonly Counter<long> Problems = Meter.CreateCounter<long>("billing.requests.refused", "{request}");

    /// <summary>Refusals that the audit trail has counted together, because too many waited to be written.</summary>
    public static readonly Counter<long> CountedTogether =
        Meter.CreateCounter<long>("billing.audit.refusals.crowded", "{refusal}");

    /// <summary>Digests of another service's audit trail that contradict an earlier one: an alarm.</summary>
    public static readonly Counter<long> DigestsDiffer =
        Meter.CreateCounter<long>("billing.audit.digests.differ", "{digest}");

    /// <summary>Consumer lag: milliseconds from a message's publication to its effect.</summary>
    public static readonly Histogram<double> Delay = Meter.CreateHistogram<double>("billing.message.delay", "ms");

    internal static readonly KeyValuePair<string, object?> Single = new("way", "single"), Bulk = new("way", "bulk");
}
