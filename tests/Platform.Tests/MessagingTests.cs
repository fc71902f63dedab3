using Billing.Contracts;
using Billing.Testing;
using FluentAssertions;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace Billing.Platform.Tests;

/// <summary>From an event in one service's stream to its one effect in another, over the real broker.</summary>
public sealed class MessagingTests
{
    private static readonly OutboundMap Outbound = new OutboundMap().Pack<MoneyPutIn, PutInFact, PutInFacts>(
        (e, origin) => new(e.Slip, e.Fen, origin), items => new(items));

    [Fact]
    public async Task Every_event_has_its_effect_once_however_often_it_is_published()
    {
        await using var sender = await Sender();
        await using var receiver = await Receiver(sender.RabbitMq);
        var store = sender.App.Services.GetRequiredService<EventStore>();

        await Task.WhenAll(
            Enumerable.Range(0, 1200).Select(i => store.Execute(TestAccount.Stream($"p{i}"), new PutIn($"s{i}", 1))));
        await Eventually.Is(1200L, () => Count(receiver), "the number of effects");
        await Ask(sender, "update mt_event_progression set last_seq_id = 0 where name = 'Relay:All'");
        await using (var again = await Running.Start(
            args => Build(args, "sender", relay: true), sender.RabbitMq, sender.Postgres))
        {
            await sender.App.StopAsync();
            await Eventually.Is(
                1200L, () => Ask(again, "select last_seq_id from mt_event_progression"), "the relay's position");
        }

        (await Count(receiver)).Should().Be(1200);
        (await Ask(receiver, "select sum(times) from effect")).Should().Be(1200);
    }

    [Fact]
    public async Task A_poison_message_goes_aside_with_its_reason_and_the_others_go_on()
    {
        await using var sender = await Sender();
        await using var receiver = await Receiver(sender.RabbitMq);
        var store = sender.App.Services.GetRequiredService<EventStore>();

        await store.Execute(TestAccount.Stream("bad"), new PutIn("poison", 1));
        await Eventually.Is(
            1L, () => Ask(sender, "select last_seq_id from mt_event_progression"), "the relay's position");
        await store.Execute(TestAccount.Stream("good"), new PutIn("s1", 1));

        await Eventually.Is(1L, () => Count(receiver), "the number of effects");
        var aside = await Broker.Take(sender.RabbitMq, "receiver.on-put-in_error");
        aside.Reason.Should().Contain("poison");
    }

    [Fact]
    public async Task Two_relays_at_once_publish_in_turn_and_lose_nothing()
    {
        await using var sender = await Sender();
        await using var second = await Running.Start(
            args => Build(args, "sender", relay: true), sender.RabbitMq, sender.Postgres);
        await using var receiver = await Receiver(sender.RabbitMq);

        foreach (var (running, mark) in new[] { (sender, "a"), (second, "b") })
        {
            var store = running.App.Services.GetRequiredService<EventStore>();
            await Task.WhenAll(Enumerable.Range(0, 300).Select(
                i => store.Execute(TestAccount.Stream($"{mark}{i}"), new PutIn($"{mark}{i}", 1))));
        }
        await sender.App.StopAsync();
        await second.App.Services.GetRequiredService<EventStore>().Execute(TestAccount.Stream("z"), new PutIn("z", 1));

        await Eventually.Is(601L, () => Count(receiver), "the number of effects");
    }

    [Fact]
    public async Task The_trace_of_a_request_goes_on_through_the_event_the_message_and_the_consumer()
    {
        using var listener = new System.Diagnostics.ActivityListener
        {
            ShouldListenTo = source => source.Name is "Billing" or "MassTransit" or "Test",
            Sample = (ref System.Diagnostics.ActivityCreationOptions<System.Diagnostics.ActivityContext> _) =>
                System.Diagnostics.ActivitySamplingResult.AllDataAndRecorded,
        };
        System.Diagnostics.ActivitySource.AddActivityListener(listener);
        await using var sender = await Sender();
        await using var receiver = await Receiver(sender.RabbitMq);
        using var source = new System.Diagnostics.ActivitySource("Test");
        string trace;
        using (var request = source.StartActivity("request"))
        {
            trace = request!.TraceId.ToString();
            await sender.App.Services.GetRequiredService<EventStore>()
                .Execute(TestAccount.Stream("a"), new PutIn("s1", 1));
        }

        await Eventually.Is(1L, () => Count(receiver), "the number of effects");

        await using var seen = receiver.Source.CreateCommand("select trace from effect");
        (await seen.ExecuteScalarAsync()).Should().Be(trace);
    }

    [Fact]
    public async Task What_is_kept_to_recognise_repetitions_is_forgotten_by_its_age_alone()
    {
        await using var receiver = await Receiver(await Backend.NewVirtualHost());
        await Ask(receiver, """
            insert into inbox (consumer, message_id, items, received_at)
              select 'Aged', gen_random_uuid(), 1, now() - make_interval(days => n % 70)
              from generate_series(1, 14000) n;
            insert into idempotency (caller, key, route, body_hash, started_at)
              values ('old', 'k', '/', '', now() - interval '36 days'),
                ('new', 'k', '/', '', now() - interval '34 days');
            insert into suspect (queue, message_id, tried_at)
              values ('old', gen_random_uuid(), now() - interval '36 days'), ('new', gen_random_uuid(), now());
            select 1::bigint
            """);

        var pruned = await receiver.App.Services.GetServices<IHostedService>().OfType<Pruning>().Single()
            .Prune(default);

        pruned.Should().Be(35 * 200 + 2);
        (await Ask(receiver, "select count(*) from inbox where received_at > now() - interval '36 days'")).Should()
            .Be(35 * 200);
        (await Ask(receiver, """
            select count(*) from (select caller from idempotency union all select queue from suspect) kept
            where caller = 'new'
            """)).Should().Be(2);
    }

    private static async Task<Running> Sender()
    {
        var running = await Running.Start(args => Build(args, "sender", relay: true));
        await Ask(running, TestAccount.Schema + "; select 1::bigint");
        return running;
    }

    private static async Task<Running> Receiver(Uri rabbitMq)
    {
        var postgres = await Backend.NewDatabase();
        await using (var source = NpgsqlDataSource.Create(postgres))
        await using (var create = source.CreateCommand("""
            create table effect (slip text primary key, times integer not null default 1, trace text)
            """))
            await create.ExecuteNonQueryAsync();
        return await Running.Start(args => Build(args, "receiver", relay: false), rabbitMq, postgres);
    }

    private static WebApplication Build(string[] args, string name, bool relay)
    {
        var service = BillingService.Create(args, name, typeof(MessagingTests).Assembly);
        if (relay)
            service.Relay(Outbound);
        else
            service.Consume<OnPutIn>();
        return service.Build();
    }

    private static Task<long> Count(Running running) => Ask(running, "select count(*) from effect");

    private static async Task<long> Ask(Running running, string sql)
    {
        await using var command = running.Source.CreateCommand(sql);
        return await command.ExecuteScalarAsync() as long? ?? 0;
    }
}

public sealed record PutInFact(string Slip, long Fen, Origin Origin);

public sealed record PutInFacts(IReadOnlyList<PutInFact> Items);

public sealed class OnPutIn(NpgsqlDataSource source) : Consumer<PutInFacts>(source)
{
    protected override async Task<int> Apply(
        PutInFacts message, NpgsqlConnection connection, CancellationToken cancellation)
    {
        if (message.Items.Any(item => item.Slip == "poison"))
            throw new InvalidDataException("This one is poison.");
        await using var insert = new NpgsqlCommand("""
            insert into effect as e (slip, trace) select unnest($1::text[]), $2
            on conflict (slip) do nothing
            """, connection)
        {
            Parameters =
            {
                new() { Value = message.Items.Select(item => item.Slip).Order().ToArray() },
                new() { Value = System.Diagnostics.Activity.Current?.TraceId.ToString() ?? "" },
            },
        };
        await insert.ExecuteNonQueryAsync(cancellation);
        return message.Items.Count;
    }
}
