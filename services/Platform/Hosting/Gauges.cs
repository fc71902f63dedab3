using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Billing.Platform;

/// <summary>A figure that has to be measured by a query, such as the age of the outbox.</summary>
public interface IGauge
{
    /// <summary>The instrument's name, such as <c>billing.outbox.age</c>.</summary>
    string Name { get; }

    /// <summary>Its unit, as OpenTelemetry writes units.</summary>
    string Unit { get; }

    /// <summary>Measures once.</summary>
    Task<IReadOnlyList<Measurement<double>>> Look(CancellationToken cancellation);
}

/// <summary>Measures all gauges every few seconds and reports the latest values.</summary>
internal sealed class Gauges(
    IEnumerable<IGauge> gauges, IMeterFactory meters, ILogger<Gauges> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10), Within = TimeSpan.FromSeconds(5);

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var meter = meters.Create(Telemetry.Name);
        return Task.WhenAll(gauges.Select(gauge => Watch(gauge, meter, stoppingToken)));
    }

    private async Task Watch(IGauge gauge, Meter meter, CancellationToken stopping)
    {
        IReadOnlyList<Measurement<double>> seen = [];
        meter.CreateObservableGauge(gauge.Name, () => seen, gauge.Unit);
        while (!stopping.IsCancellationRequested)
        {
            if (!await RetryForever.Try(Look, Within, logger, $"Looking at {gauge.Name}", stopping))
                seen = [];
            await Task.Delay(Pause, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        async Task Look(CancellationToken cancellation) => seen = await gauge.Look(cancellation);
    }
}
