using System.Diagnostics;
using JasperFx.Events.Daemon;
using JasperFx.Events.Projections;
using Marten;
using Marten.Services;
using Marten.Subscriptions;

namespace Billing.Platform;

/// <summary>
/// Follows the service's global order in pages, each page exactly once in effect: what a page writes is written in the
/// transaction that moves the progress, and only by the leader. Marten's daemon runs it (see
/// <see cref="SubscriptionHost"/>).
/// </summary>
public abstract class Subscription : SubscriptionBase
{
    /// <summary>The maximum number of events per page.</summary>
    protected const int PageSize = 2_000;

    private const int ShareForWriters = 3;

    private int _pages;

    /// <summary>Declares a subscription.</summary>
    /// <param name="name">Identifies its row in mt_event_progression, as <c>name:All</c>.</param>
    protected Subscription(string name)
    {
        Name = name;
        Options.BatchSize = PageSize;
        Options.MaximumHopperSize = 2 * PageSize;
    }

    internal Lease? Lease { get; set; }

    /// <summary>Whether a page is being handled now.</summary>
    internal bool IsAtWork => Volatile.Read(ref _pages) > 0;

    /// <inheritdoc/>
    public sealed override Task<IChangeListener> ProcessEventsAsync(
        EventRange page, ISubscriptionController controller, IDocumentOperations operations,
        CancellationToken cancellationToken) => Process(page, operations, cancellationToken);

    /// <summary>Handles one page with its fence; virtual only for a test.</summary>
    internal virtual async Task<IChangeListener> Process(
        EventRange page, IDocumentOperations operations, CancellationToken cancellationToken)
    {
        var lease = Lease ?? throw new InvalidOperationException($"Nobody leads {Name}.");
        var begun = Stopwatch.GetTimestamp();
        using var leading = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lease.Lost);
        Interlocked.Increment(ref _pages);
        try
        {
            if (page.Events.Count > 0)
                await Handle([.. page.Events.Select(StoredEvent.Of)], operations, leading.Token);
        }
        catch (OperationCanceledException e) when (!leading.IsCancellationRequested)
        {
            // The daemon would take a cancellation for its own and wait for ever.
            var after = Stopwatch.GetElapsedTime(begun).TotalSeconds;
            throw new TimeoutException($"{Name} gave a page up after {after:0} s: {e.Message}", e);
        }
        finally
        {
            Interlocked.Decrement(ref _pages);
        }
        leading.Token.ThrowIfCancellationRequested();
        operations.QueueOperation(new Fence(page, lease));
        return page.Events.Count == PageSize ? new Rest(this, begun) : NullChangeListener.Instance;
    }

    /// <summary>
    /// Handles the events of one page; operations queued on <paramref name="page"/> are written with the progress.
    /// </summary>
    protected abstract Task Handle(
        IReadOnlyList<StoredEvent> events, IDocumentOperations page, CancellationToken stopping);

    /// <summary>
    /// Fails the page when the progress has moved meanwhile: Marten updates the progress from where the page began, but
    /// only logs when no row matched.
    /// </summary>
    private sealed class Fence(EventRange page, Lease lease) : Operation([statement =>
    {
        statement.Append("select refuse_stale_reader(");
        statement.AppendParameter(page.ShardName.Identity);
        statement.Append(", ");
        statement.AppendParameter(page.SequenceCeiling);
        statement.Append(", ");
        statement.AppendParameter(lease.Name);
        statement.Append(", ");
        statement.AppendParameter(lease.Epoch);
        statement.Append(")");
    }]);

    /// <summary>
    /// Pauses after a page while thousands of events are written at once, as by a billing run: readers would take CPU
    /// from the writer.
    /// </summary>
    private sealed class Rest(Subscription subscription, long begun) : IChangeListener
    {
        public async Task AfterCommitAsync(IDocumentSession session, IChangeSet commit, CancellationToken token)
        {
            Interlocked.Increment(ref subscription._pages);
            try
            {
                await Task.Delay(Stopwatch.GetElapsedTime(begun) * ShareForWriters, token);
            }
            finally
            {
                Interlocked.Decrement(ref subscription._pages);
            }
        }

        public Task BeforeCommitAsync(IDocumentSession session, IChangeSet commit, CancellationToken token) =>
            Task.CompletedTask;
    }
}
