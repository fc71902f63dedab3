using MassTransit;
using MassTransit.Middleware;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Polly;
using Polly.Retry;

namespace Billing.Platform;

/// <summary>
/// While its database is away a service consumes no messages. Messages in hand wait a little, since a fail-over is
/// short; then they are returned to their queues and nothing is consumed until the database accepts a write again. So
/// an outage of any length counts as one delivery, and the broker does not close the channel, which it does after half
/// an hour without an acknowledgement.
/// </summary>
public sealed class Outage : IReceiveEndpointObserver
{
    /// <summary>
    /// The retry policy for work on a message: transient faults are retried. A lock is waited for as long as it takes;
    /// a database that is away for about 15 seconds, then the fault is passed on.
    /// </summary>
    public static readonly ResiliencePipeline RetryPolicy = new ResiliencePipelineBuilder()
        .AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = int.MaxValue,
            Delay = TimeSpan.FromMilliseconds(100),
            MaxDelay = TimeSpan.FromSeconds(5),
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            ShouldHandle = attempt => ValueTask.FromResult(
                attempt.Outcome.Exception is NpgsqlException fault && Faults.IsTransient(fault)
                && !(Faults.IsAway(fault) && attempt.AttemptNumber >= TriesWhileAway)),
        })
        .Build();

    private const int TriesWhileAway = 8;
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Cancelled = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(5);

    private readonly NpgsqlDataSource _source;
    private readonly ILogger _logger;
    private readonly CancellationToken _stopping;
    private readonly Dictionary<Uri, IReceiveEndpoint> _endpoints = [];
    private readonly OutageRest _rest = new(TimeProvider.System);
    private Task _over = Task.CompletedTask;

    /// <summary>Watches for outages of one service's database.</summary>
    public Outage(NpgsqlDataSource source, ILogger<Outage> logger, IHostApplicationLifetime lifetime)
    {
        ArgumentNullException.ThrowIfNull(lifetime);
        (_source, _logger, _stopping) = (source, logger, lifetime.ApplicationStopping);
    }

    /// <summary>Watches what an endpoint consumes.</summary>
    internal void Watch(IReceiveEndpointConfigurator endpoint)
    {
        endpoint.ConnectReceiveEndpointObserver(this);
        endpoint.UseFilter(new Notice(this));
        endpoint.ConfigureError(faulted =>
        {
            faulted.UseFilter(new GiveBack());
            faulted.UseFilter(new GenerateFaultFilter());
            faulted.UseFilter(new ErrorTransportFilter());
        });
    }

    Task IReceiveEndpointObserver.Ready(ReceiveEndpointReady ready)
    {
        lock (_endpoints)
            _endpoints[ready.InputAddress] = ready.ReceiveEndpoint;
        return Task.CompletedTask;
    }

    Task IReceiveEndpointObserver.Stopping(ReceiveEndpointStopping stopping) => Task.CompletedTask;

    Task IReceiveEndpointObserver.Completed(ReceiveEndpointCompleted completed) => Task.CompletedTask;

    Task IReceiveEndpointObserver.Faulted(ReceiveEndpointFaulted faulted) => Task.CompletedTask;

    private async Task Handle(ConsumeContext context, IPipe<ConsumeContext> next)
    {
        try
        {
            await next.Send(context);
        }
        catch (NpgsqlException e) when (Faults.IsAway(e) || Faults.IsOverdue(e))
        {
            if (Faults.IsOverdue(e) && await Answers())
                throw;
            Begin(e);
            // Returned earlier, it would be delivered to this process again.
            await Task.Delay(Cancelled);
            throw new DatabaseAwayException(e);
        }
    }

    /// <summary>
    /// Distinguishes a statement that is too slow, whose message is put aside, from a server that does not answer at
    /// all.
    /// </summary>
    private async Task<bool> Answers()
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(_stopping);
        timeout.CancelAfter(ProbeTimeout);
        return await DatabaseReady.TakesWrites(_source, timeout.Token);
    }

    private void Begin(NpgsqlException why)
    {
        lock (_endpoints)
        {
            if (_over.IsCompleted)
                _over = Task.Run(() => Last(why, [.. _endpoints.Values]), CancellationToken.None);
        }
    }

    private async Task Last(NpgsqlException why, IReceiveEndpoint[] endpoints)
    {
        _logger.NoMessagesTaken(why.Message);
        await Task.WhenAll(endpoints.Select(endpoint => Try(() => endpoint.Stop(_stopping), endpoint)));
        await Task.Delay(_rest.Next(), _stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (!_stopping.IsCancellationRequested && !await DatabaseReady.TakesWrites(_source, _stopping))
            await Task.Delay(LookAgain, _stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_stopping.IsCancellationRequested)
            return;
        _rest.End();
        _logger.MessagesTakenAgain();
        await Task.WhenAll(endpoints.Select(endpoint => Try(() => endpoint.Start(_stopping).Ready, endpoint)));
    }

    private async Task Try(Func<Task> work, IReceiveEndpoint endpoint)
    {
        try
        {
            await work();
        }
        catch (Exception e) when (!_stopping.IsCancellationRequested)
        {
            _logger.QueueNotSwitched(e, endpoint.InputAddress);
        }
        catch (OperationCanceledException)
        {
            // The bus stops it.
        }
    }

    private sealed class Notice(Outage outage) : IFilter<ConsumeContext>
    {
        public Task Send(ConsumeContext context, IPipe<ConsumeContext> next) => outage.Handle(context, next);

        public void Probe(ProbeContext context) => context.CreateFilterScope("outage");
    }

    /// <summary>A fault thrown by this filter returns the message to the broker.</summary>
    private sealed class GiveBack : IFilter<ExceptionReceiveContext>
    {
        public Task Send(ExceptionReceiveContext context, IPipe<ExceptionReceiveContext> next) =>
            context.Exception is DatabaseAwayException away ? Task.FromException(away) : next.Send(context);

        public void Probe(ProbeContext context) => context.CreateFilterScope("outage");
    }
}

/// <summary>A message could not be handled because the database is away; the message is not the cause.</summary>
internal sealed class DatabaseAwayException(NpgsqlException why) : Exception(why.Message, why);
