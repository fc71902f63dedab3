namespace Billing.Platform;

/// <summary>
/// How long an outage rests before anybody looks whether it is over. A full disk may have room for the small write that
/// is tried and for nothing else: an outage that comes back within five minutes rests twice as long each time, half an
/// hour at most, lest the broker count its deliveries out in minutes.
/// </summary>
internal sealed class OutageRest(TimeProvider clock)
{
    public static readonly TimeSpan First = TimeSpan.FromSeconds(1), Longest = TimeSpan.FromMinutes(30);

    private static readonly TimeSpan ComesBack = TimeSpan.FromMinutes(5);

    private TimeSpan _last = TimeSpan.Zero;
    private long? _ended;

    /// <summary>The rest of an outage that begins now.</summary>
    public TimeSpan Next()
    {
        var calm = _ended is not { } ended || clock.GetElapsedTime(ended) > ComesBack;
        return _last = calm ? First : _last * 2 < Longest ? _last * 2 : Longest;
    }

    /// <summary>The outage is over.</summary>
    public void End() => _ended = clock.GetTimestamp();
}
