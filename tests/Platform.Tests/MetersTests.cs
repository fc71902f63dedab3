using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Billing.Testing;
using FluentAssertions;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Billing.Platform.Tests;

/// <summary>What an operator's dashboard is fed with.</summary>
public sealed class MetersTests
{
    private static readonly OutboundMap Outbound = new OutboundMap().Pack<MoneyPutIn, PutInFact, PutInFacts>(
        (e, origin) => new(e.Slip, e.Fen, origin), items => new(items));

    [Fact]
    public async Task Appends_conflicts_refusals_delays_outbox_and_messages_put_aside_are_measured()
    {
        using var meters = new Meters();
        await using var sender = await Start("sender", service => service.Relay(Outbound));
        var store = sender.App.Services.GetRequiredService<EventStore>();
        await store.Execute(TestAccount.Stream("a"), new PutIn("s1", 1));
        await store.Execute(TestAccount.Stream("a"), new PutIn("s2", 0));
        await Interrupted(sender, store);

        await Eventually.Holds(
            () => Task.FromResult(meters.Last("billing.outbox.age") > 0), "what nobody takes waits in the outbox");
        await using var receiver = await Start("receiver", service => service.Consume<OnPutIn>(), sender.RabbitMq);
        await receiver.App.Services.GetRequiredService<IBus>().Publish(
            new PutInFacts([new("poison", 1, new(Guid.Empty, 1, 1, DateTimeOffset.UnixEpoch))]));
        await Eventually.Holds(
            () => Task.FromResult(meters.Last("billing.messages.aside receiver.on-put-in_error") == 1),
            "the message that failed is counted");
        await Eventually.Holds(
            () => Task.FromResult(meters.Last("billing.outbox.age") == 0), "the outbox is empty");

        meters.Sum("billing.events.appended single").Should().BeGreaterThanOrEqualTo(3);
        meters.Sum("billing.appends.conflicts").Should().BeGreaterThanOrEqualTo(1);
        meters.Sum("billing.commands.refused not-positive").Should().BeGreaterThanOrEqualTo(1);
        meters.Sum("billing.message.delay OnPutIn").Should().BeGreaterThan(0);
    }

    /// <summary>Somebody else moves the stream on that the service remembers.</summary>
    private static async Task Interrupted(Running sender, EventStore store)
    {
        await using var other = await Process.Start(sender.Postgres);
        await other.PutIn("a", "s3");
        await store.Execute(TestAccount.Stream("a"), new PutIn("s4", 1));
    }

    private static async Task<Running> Start(string name, Action<BillingService> map, Uri? rabbitMq = null)
    {
        var running = await Running.Start(
            args =>
            {
                var service = BillingService.Create(args, name, typeof(MetersTests).Assembly);
                map(service);
                return service.Build();
            },
            rabbitMq, settings: "--OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:9");
        await using var create = running.Source.CreateCommand(
            TestAccount.Schema
            + "; create table if not exists effect (slip text primary key, times integer, trace text)");
        await create.ExecuteNonQueryAsync();
        return running;
    }

    /// <summary>Everything that is measured under our name in this process, by instrument and first tag.</summary>
    private sealed class Meters : IDisposable
    {
        private readonly ConcurrentDictionary<string, (double Sum, double Last)> _seen = new(StringComparer.Ordinal);
        private readonly MeterListener _listener = new();

        public Meters()
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == "Billing")
                    listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => See(instrument, value, tags));
            _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => See(instrument, value, tags));
            _listener.Start();
        }

        public double Last(string name)
        {
            _listener.RecordObservableInstruments();
            return _seen.TryGetValue(name, out var seen) ? seen.Last : double.NaN;
        }

        public double Sum(string name) => _seen.TryGetValue(name, out var seen) ? seen.Sum : 0;

        public void Dispose() => _listener.Dispose();

        private void See(
            Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var name = tags.IsEmpty ? instrument.Name : $"{instrument.Name} {tags[0].Value}";
            _seen.AddOrUpdate(name, (value, value), (_, before) => (before.Sum + value, value));
        }
    }
}
