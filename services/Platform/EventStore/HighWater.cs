using JasperFx.Events.Daemon.HighWater;

namespace Billing.Platform;

/// <summary>
/// Tells Marten's daemon how far it may read, and when to look again. It never reports stale data, so that the daemon
/// never skips a number whose event may still be committed: the daemon's own rule is a timeout (docs/adr/0007).
/// </summary>
internal sealed class HighWater(SafePosition positions, EventSignal signal, Obstacles obstacles, Uri database)
    : IHighWaterDetector, IDaemonWakeup
{
    private static readonly TimeSpan LookAnyway = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan WritersFinish = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// The rate from which the reader waits to fill a page: a page per few events would take CPU from the writers.
    /// </summary>
    private const int ManyPerSecond = 1_000;

    private readonly Pace _pace = new(Window, ManyPerSecond);
    private long _last, _seen, _returned;
    private bool _writersAreOpen;

    public Uri DatabaseUri => database;

    public async Task<HighWaterStatistics> Detect(CancellationToken token)
    {
        // Read before looking: commits signalled while looking must trigger another look.
        Interlocked.Exchange(ref _seen, signal.Commits);
        var safe = await Look(token);
        _writersAreOpen = positions.WritersAreOpen;
        var now = TimeProvider.System.GetUtcNow();
        var before = Interlocked.Exchange(ref _last, safe);
        _pace.Add(safe - before);
        return new()
        {
            LastMark = before, CurrentMark = safe, HighestSequence = safe, SafeStartMark = safe,
            Timestamp = now, LastUpdated = now,
        };
    }

    public Task<HighWaterStatistics> DetectInSafeZone(CancellationToken token) => Detect(token);

    /// <summary>
    /// Waits for a commit, or until the writers that were open may have finished. At a high write rate it first waits a
    /// little, so that many events share the next page.
    /// </summary>
    public async Task WaitAsync(TimeSpan timeout, CancellationToken token)
    {
        var next = signal.Next;
        if (signal.Commits == Interlocked.Read(ref _seen))
        {
            var most = _writersAreOpen ? WritersFinish : timeout < LookAnyway ? timeout : LookAnyway;
            await Task.WhenAny(next, Task.Delay(most, token));
        }
        var since = TimeProvider.System.GetElapsedTime(Interlocked.Read(ref _returned));
        if (_pace.IsHigh && since < Gather && !token.IsCancellationRequested)
            await Task.Delay(Gather - since, token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Interlocked.Exchange(ref _returned, TimeProvider.System.GetTimestamp());
    }

    /// <summary>
    /// Looks, and remembers a fault as an obstacle: the daemon retries and reports the cause only in its log.
    /// </summary>
    private async Task<long> Look(CancellationToken token)
    {
        try
        {
            return await positions.Look(token);
        }
        catch (Exception e) when (!token.IsCancellationRequested)
        {
            obstacles.Meet(Obstacles.All, e);
            throw;
        }
    }

    public void Dispose()
    {
    }

    /// <summary>Whether the rate is above a limit per second, measured over the last complete window.</summary>
    private sealed class Pace(TimeSpan window, int manyPerSecond)
    {
        private long _begun, _count;

        public bool IsHigh { get; private set; }

        public void Add(long count)
        {
            _count += count;
            var elapsed = TimeProvider.System.GetElapsedTime(_begun);
            if (elapsed < window)
                return;
            IsHigh = _count > manyPerSecond * elapsed.TotalSeconds;
            (_begun, _count) = (TimeProvider.System.GetTimestamp(), 0);
        }
    }
}
