namespace Billing.Platform;

/// <summary>
/// How long an outage lasts before the database is tried again. A full disk may have room for the small test write and
/// for nothing else: for an outage that recurs within five minutes the time doubles, up to half an hour, so that the
/// broker's delivery limit is not used up in minutes.
/// </summary>
internal sealed class OutageRest(TimeProvider clock)
{
    public static readonly TimeSpan First = TimeSpan.FromSeconds(1), Longest = TimeSpan.FromMinutes(30);

    private static readonly TimeSpan ComesBack = TimeSpan.FromMinutes(5);

    private TimeSpan _last = TimeSpan.Zero;
    private long? _ended;

    /// <summary>The time to wait in an outage that begins now.</summary>
    public TimeSpan Next()
    {
        var calm = _ended is not { } ended || clock.GetElapsedTime(ended) > ComesBack;
        return _last = calm ? First : _last * 2 < Longest ? _last * 2 : Longest;
    }

    /// <summary>Marks the end of the outage.</summary>
    public void End() => _ended = clock.GetTimestamp();
}
