using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Billing.Platform;

/// <summary>
/// Traces, metrics and logs over OTLP; nothing is collected unless OTEL_EXPORTER_OTLP_ENDPOINT is set.
/// </summary>
public static class Telemetry
{
    /// <summary>Spans of our own.</summary>
    public static readonly ActivitySource Source = new("Billing");

    private static readonly Meter Meter = new("Billing");

    /// <summary>Events appended, by way (single or bulk).</summary>
    public static readonly Counter<long> Appended = Meter.CreateCounter<long>("billing.events.appended");

    /// <summary>Commands refused, by code.</summary>
    public static readonly Counter<long> Refused = Meter.CreateCounter<long>("billing.commands.refused");

    /// <summary>Milliseconds from a message's publication to its effect.</summary>
    public static readonly Histogram<double> Delay = Meter.CreateHistogram<double>("billing.message.delay", "ms");

    internal static readonly KeyValuePair<string, object?> Single = new("way", "single"), Bulk = new("way", "bulk");

    internal static void AddTelemetry(this IHostApplicationBuilder builder, string service)
    {
        if (string.IsNullOrEmpty(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
            return;
        var resource = ResourceBuilder.CreateDefault().AddService($"billing-{service}");
        builder.Logging.AddOpenTelemetry(logs =>
        {
            logs.SetResourceBuilder(resource);
            logs.IncludeFormattedMessage = true;
            logs.AddOtlpExporter();
        });
        builder.Services.AddSingleton(_ => OpenTelemetrySdk.Create(sdk =>
        {
            // The exporters find their settings where all others are, not only in the environment.
            sdk.Services.AddSingleton<IConfiguration>(builder.Configuration);
            sdk.WithTracing(traces => traces
                .SetResourceBuilder(resource)
                .AddSource(Source.Name, "Microsoft.AspNetCore", "System.Net.Http", "Npgsql", "MassTransit")
                .AddOtlpExporter());
            sdk.WithMetrics(metrics => metrics
                .SetResourceBuilder(resource)
                .AddMeter(Meter.Name, "Microsoft.AspNetCore.Hosting", "System.Runtime", "Npgsql", "MassTransit")
                .AddOtlpExporter());
        }));
        builder.Services.AddHostedService<TelemetryHost>();
    }

    /// <summary>Keeps the SDK alive from start to stop, so that the last spans are flushed.</summary>
    private sealed class TelemetryHost(OpenTelemetrySdk sdk) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken)
        {
            sdk.Dispose();
            return Task.CompletedTask;
        }
    }
}
