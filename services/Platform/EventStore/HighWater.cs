using JasperFx.Events.Daemon.HighWater;

namespace Billing.Platform;

/// <summary>
/// Tells Marten's daemon how far it may read, and when to look. It never says that anything is stale, so that the
/// daemon never skips what may still be committed: its own guess is a matter of time (docs/adr/0007).
/// </summary>
internal sealed class HighWater(SafePosition positions, EventSignal signal, Obstacles obstacles, Uri database)
    : IHighWaterDetector, IDaemonWakeup
{
    private static readonly TimeSpan LookAnyway = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan WritersFinish = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(50);

    /// <summary>From so many on a page of its own for each of them would take the machine from the writers.</summary>
    private const int ManyPerSecond = 1_000;

    private readonly Pace _pace = new(Window, ManyPerSecond);
    private long _last, _seen, _returned;
    private bool _writersAreOpen;

    public Uri DatabaseUri => database;

    public async Task<HighWaterStatistics> Detect(CancellationToken token)
    {
        // First what was signalled: what comes while we look is looked for again.
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
    /// Until something is committed, or the moment in which the writers that were open may have finished. While much is
    /// written, who looks waits a little first, so that many events share the next page.
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

    /// <summary>The daemon tries again, and says why only in its log.</summary>
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

    /// <summary>Whether more comes than so much a second, by the last window that ended.</summary>
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
