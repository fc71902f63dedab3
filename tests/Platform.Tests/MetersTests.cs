using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Billing.Contracts;
using Billing.Testing;
using FluentAssertions;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Billing.Platform.Tests;

/// <summary>
/// What an operator's dashboard is fed with. Instruments belong to the process: nobody else measures meanwhile.
/// </summary>
[Collection(nameof(MetersTests)), CollectionDefinition(nameof(MetersTests), DisableParallelization = true)]
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

        await Eventually.Is(3L, () => Effects(receiver), "the number of facts that had an effect");

        meters.Sum("billing.events.appended single").Should().Be(3, "s1, s3 and s4; s2 was refused");
        meters.Sum("billing.appends.conflicts").Should().Be(1);
        meters.Sum("billing.commands.refused not-positive").Should().Be(1);
        meters.Times("billing.message.delay OnPutIn").Should().BeInRange(1, 3, "as many as messages had an effect");
    }

    [Fact]
    public async Task A_refusal_over_http_is_counted_once_as_a_command_and_once_as_a_request()
    {
        using var meters = new Meters();
        await using var service = await Running.Start(args =>
        {
            var app = BillingService.Create(args, "refusing", typeof(MetersTests).Assembly).Build();
            app.MapPut("/slips/{slip}", async (string slip, long fen, EventStore store) =>
                (await store.Execute(TestAccount.Stream("a"), new PutIn(slip, fen))).Rejection?.ToProblem())
                .Refuses(typeof(PutIn)).RequireRight(Right.ReadFigures);
            return app;
        });

        await service.Http.PutAsync(new Uri("/slips/s1?fen=0", UriKind.Relative), null);
        await service.Http.PutAsync(new Uri("/slips/s1?fen=none", UriKind.Relative), null);

        meters.Sum("billing.commands.refused not-positive").Should().Be(1);
        meters.Sum("billing.requests.refused not-positive").Should().Be(1);
        meters.Sum("billing.requests.refused bad-request").Should().Be(1);
        meters.Sum("billing.commands.refused bad-request").Should().Be(0, "no decision was asked");
    }

    [Fact]
    public async Task What_is_rolled_back_is_not_counted()
    {
        using var meters = new Meters();
        await using var process = await Process.Start();

        await process.Store.Invoking(store => store.Bulk<int>(["purse-a"], session =>
        {
            session.Append(TestAccount.Stream("a"), TestAccount.Type.Initial, [new MoneyPutIn("s1", 1)]);
            throw new InvalidOperationException("No.");
        })).Should().ThrowAsync<InvalidOperationException>();
        meters.Sum("billing.events.appended bulk").Should().Be(0);

        await process.Store.Bulk(["purse-a"], session => Task.FromResult(
            session.Append(TestAccount.Stream("a"), TestAccount.Type.Initial, [new MoneyPutIn("s1", 1)])));
        meters.Sum("billing.events.appended bulk").Should().Be(1);
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
        // Messages come as soon as it listens: where they leave their effect is there before.
        var postgres = await Backend.NewDatabase(typeof(MetersTests).Assembly);
        await using (var source = NpgsqlDataSource.Create(postgres))
        {
            await using var create = source.CreateCommand(
                TestAccount.Schema
                + "; create table if not exists effect (slip text primary key, times integer, trace text)");
            await create.ExecuteNonQueryAsync();
        }
        return await Running.Start(
            args =>
            {
                var service = BillingService.Create(args, name, typeof(MetersTests).Assembly);
                map(service);
                return service.Build();
            },
            rabbitMq, postgres, "--OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:9");
    }

    private static async Task<long> Effects(Running receiver)
    {
        await using var count = receiver.Source.CreateCommand("select count(*) from effect");
        return (long)(await count.ExecuteScalarAsync())!;
    }

    /// <summary>Everything that is measured under our name in this process, by instrument and first tag.</summary>
    private sealed class Meters : IDisposable
    {
        private readonly ConcurrentDictionary<string, (double Sum, double Last, int Times)> _seen =
            new(StringComparer.Ordinal);
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

        public int Times(string name) => _seen.TryGetValue(name, out var seen) ? seen.Times : 0;

        public void Dispose() => _listener.Dispose();

        private void See(
            Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var name = tags.IsEmpty ? instrument.Name : $"{instrument.Name} {tags[0].Value}";
            _seen.AddOrUpdate(
                name, (value, value, 1), (_, before) => (before.Sum + value, value, before.Times + 1));
        }
    }
}
