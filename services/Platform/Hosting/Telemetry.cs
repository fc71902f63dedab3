using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Billing.Platform;

/// <summary>
/// Traces, metrics and logs over OTLP; nothing is collected unless OTEL_EXPORTER_OTLP_ENDPOINT is set.
/// </summary>
public static class Telemetry
{
    /// <summary>Our own spans and instruments.</summary>
    internal const string Name = "Billing";

    /// <summary>Spans of our own.</summary>
    public static readonly ActivitySource Source = new(Name);

    private static readonly Meter Meter = new(Name);

    /// <summary>Events appended, by way (single or bulk).</summary>
    public static readonly Counter<long> Appended = Meter.CreateCounter<long>("billing.events.appended", "{event}");

    /// <summary>Appends that found their stream moved on by somebody else, and were decided again.</summary>
    public static readonly Counter<long> Conflicts = Meter.CreateCounter<long>("billing.appends.conflicts", "{append}");

    /// <summary>Commands refused, by code.</summary>
    public static readonly Counter<long> Refused = Meter.CreateCounter<long>("billing.commands.refused", "{command}");

    /// <summary>How far a consumer is behind: milliseconds from a message's publication to its effect.</summary>
    public static readonly Histogram<double> Delay = Meter.CreateHistogram<double>("billing.message.delay", "ms");

    internal static readonly KeyValuePair<string, object?> Single = new("way", "single"), Bulk = new("way", "bulk");

    internal static void AddTelemetry(this IHostApplicationBuilder builder, string service)
    {
        if (string.IsNullOrEmpty(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
            return;
        builder.Services.AddHostedService<Gauges>();
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService($"billing-{service}"))
            .WithTracing(traces => traces.AddSource(Name, "MassTransit")
                .AddAspNetCoreInstrumentation().AddHttpClientInstrumentation().AddNpgsql())
            .WithMetrics(metrics => metrics.AddMeter(Name, "MassTransit", "System.Runtime")
                .AddAspNetCoreInstrumentation().AddHttpClientInstrumentation().AddNpgsqlInstrumentation())
            .WithLogging(null, logs => logs.IncludeFormattedMessage = true)
            .UseOtlpExporter();
    }
}
