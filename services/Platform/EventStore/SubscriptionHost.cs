using JasperFx;
using JasperFx.Events.Daemon;
using JasperFx.Events.Projections;
using Marten;
using Marten.Events.Daemon;
using Marten.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Billing.Platform;

/// <summary>
/// Runs a service's subscriptions on Marten's daemon for as long as this process leads. A page, or the whole daemon,
/// that fails is started again; a page that cannot be handled is retried until it can, because nothing is ever skipped.
/// </summary>
public sealed class SubscriptionHost(
    NpgsqlDataSource source, IReadOnlyList<StreamType> streams, EventSignal signal,
    IEnumerable<Subscription> subscriptions, ILoggerFactory loggers) : BackgroundService
{
    private const string Led = "subscriptions";
    private static readonly TimeSpan AfterFault = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The time without progress after which a subscription counts as stalled: longer than a busy machine takes for a
    /// page.
    /// </summary>
    private static readonly TimeSpan Stalls = TimeSpan.FromSeconds(30);

    private readonly ILogger _logger = loggers.CreateLogger<SubscriptionHost>();
    private readonly Subscription[] _subscriptions = [.. subscriptions];
    private readonly long _began = TimeProvider.System.GetTimestamp();
    private volatile bool _leads;
    private readonly Dictionary<Subscription, (long Position, long Since)> _seen = [];

    /// <summary>The names of the subscriptions, as in mt_event_progression.</summary>
    internal IReadOnlyList<string> Names => [.. _subscriptions.Select(subscription => NameOf(subscription).Identity)];

    /// <summary>What keeps them from proceeding, as far as this process knows.</summary>
    internal Obstacles Obstacles { get; } = new(TimeProvider.System, loggers.CreateLogger<SubscriptionHost>());

    /// <summary>Whether this process leads.</summary>
    internal bool Leads => _leads;

    /// <summary>The time since this process began to compete for the lead.</summary>
    internal TimeSpan Age => TimeProvider.System.GetElapsedTime(_began);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_subscriptions.Length == 0)
            return;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var lease = await Lease.Take(source, Led, stoppingToken);
                await Lead(lease);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                Obstacles.Meet(Obstacles.All, e);
                if (e is NpgsqlException fault && Faults.IsReadOnly(fault))
                    Database.Forget(source);
                await Task.Delay(AfterFault, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task Lead(Lease lease)
    {
        foreach (var subscription in _subscriptions)
            subscription.Lease = lease;
        var options = MartenStore.Options(source, streams);
        foreach (var subscription in _subscriptions)
            options.Projections.Subscribe(subscription);
        var positions = new SafePosition(source);
        using var water = new HighWater(positions, signal, Obstacles, new Uri("billing://events"));
        options.Projections.Wakeup = water;
        options.Projections.AsyncMode = DaemonMode.ExternallyManaged;
        options.Projections.StopAndDrainTimeout = Lease.Length;
        using var store = new DocumentStore(options);
        using var daemon = new ProjectionDaemon(store, (MartenDatabase)store.Storage.Database, loggers, water);
        _leads = true;
        try
        {
            while (await lease.Renew())
            {
                foreach (var subscription in _subscriptions)
                    await KeepGoing(daemon, store, subscription, positions, lease.Lost);
                await Task.WhenAny(Task.Delay(Lease.Beat, lease.Lost));
            }
        }
        finally
        {
            _leads = false;
            await daemon.StopAllAsync();
        }
    }

    /// <summary>
    /// Starts a subscription that does not run, and restarts one whose progress was set back to have its events handled
    /// again.
    /// </summary>
    private async Task KeepGoing(
        ProjectionDaemon daemon, DocumentStore store, Subscription subscription, SafePosition positions,
        CancellationToken cancellation)
    {
        var name = NameOf(subscription);
        var stored = await store.Advanced.ProjectionProgressFor(name, token: cancellation);
        if (stored > positions.Given)
            throw new InvalidOperationException(
                $"{name.Identity} is at {stored}, but only {positions.Given} numbers were given out: "
                + "was the database restored? Set mt_event_progression back to where its events end.");
        var agent = daemon.CurrentAgents().FirstOrDefault(agent => agent.Name.Identity == name.Identity);
        if (agent is { Status: AgentStatus.Running })
        {
            var position = agent.Position;
            if (stored >= position && !IsStalled(subscription, stored, daemon.HighWaterMark()))
                return;
            _logger.BeginsAgain(name.Identity, stored);
            await daemon.StopAgentAsync(name);
        }
        else if (agent is not null)
            Obstacles.Meet(name.Identity, daemon.Tracker.CurrentState(name)?.Exception
                ?? new InvalidOperationException(agent.Failure?.Message ?? "it has ended"));
        // Marten inserts a progress row for a subscription that begins at zero.
        await using (var clear = source.CreateCommand(
            "delete from mt_event_progression where name = $1 and last_seq_id = 0"))
        {
            clear.Parameters.Add(new() { Value = name.Identity });
            await clear.ExecuteNonQueryAsync(cancellation);
        }
        await daemon.StartAgentAsync(name.Identity, cancellation);
    }

    private static ShardName NameOf(Subscription subscription) =>
        ShardName.Compose(subscription.Name, version: subscription.Version);

    /// <summary>
    /// Whether there are events to read and none were read for a while: an agent that has lost track would stay idle
    /// for ever.
    /// </summary>
    private bool IsStalled(Subscription subscription, long position, long highWater)
    {
        var known = _seen.TryGetValue(subscription, out var seen);
        if (!known || position >= highWater || subscription.IsAtWork || position != seen.Position)
            _seen[subscription] = (position, TimeProvider.System.GetTimestamp());
        else if (TimeProvider.System.GetElapsedTime(seen.Since) > Stalls)
        {
            _seen.Remove(subscription);
            return true;
        }
        return false;
    }
}
