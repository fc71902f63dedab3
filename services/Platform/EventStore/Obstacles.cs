using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Billing.Platform;

/// <summary>
/// What keeps subscriptions from proceeding. They retry each second, which would fill the log, so a fault is logged
/// when it is new and then once a minute.
/// </summary>
internal sealed class Obstacles(TimeProvider clock, ILogger logger)
{
    /// <summary>Stands for all subscriptions, for a fault that affects all of them.</summary>
    public const string All = "subscriptions";

    private static readonly TimeSpan TellAgain = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, (string Reason, long Met, long Told)> _last = new();

    /// <summary>Records why a subscription, or <see cref="All"/>, does not proceed.</summary>
    public void Meet(string who, Exception fault)
    {
        var now = clock.GetTimestamp();
        var reason = string.Join(": ", Chain(fault).Select(e => e.Message).Distinct()).ReplaceLineEndings(" ");
        var known = _last.TryGetValue(who, out var last) && last.Reason == reason;
        var told = known && clock.GetElapsedTime(last.Told, now) < TellAgain;
        _last[who] = (reason, now, told ? last.Told : now);
        if (!told)
            logger.CannotGoOn(known ? null : fault, who, reason);
    }

    /// <summary>
    /// The latest reason why a subscription does not proceed; null when there was none within the given time.
    /// </summary>
    public string? Latest(string who, TimeSpan within)
    {
        var (_, reason) = new[] { who, All }
            .Select(key => _last.TryGetValue(key, out var last) ? (last.Met, last.Reason) : default)
            .Where(last => last.Reason is not null && clock.GetElapsedTime(last.Met) <= within)
            .DefaultIfEmpty().Max();
        return reason;
    }

    private static IEnumerable<Exception> Chain(Exception fault)
    {
        for (var e = fault; e is not null; e = e.InnerException)
            yield return e;
    }
}
