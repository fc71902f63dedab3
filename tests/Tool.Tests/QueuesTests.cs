using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Billing.Testing;
using FluentAssertions;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using Xunit;

namespace Billing.Tools.Tests;

/// <summary>Queues of earlier versions and of this one, on the real broker.</summary>
public sealed class QueuesTests
{
    private const string Queue = "payments.on-invoices-issued";
    private const int Steps = 7;

    private static readonly string[] Services = ["payments", "invoicing"];

    /// <summary>As this product declared them before.</summary>
    private static readonly Dictionary<string, object?> Old = new()
    {
        ["x-queue-type"] = "quorum", ["x-quorum-initial-group-size"] = 1,
    };

    [Fact]
    public async Task A_queue_of_an_earlier_version_is_declared_anew_wherever_that_was_interrupted_and_loses_nothing()
    {
        var done = await Task.WhenAll(Enumerable.Range(0, Steps + 1).Select(async steps =>
        {
            var host = await Backend.NewVirtualHost();
            await using var broker = await RedriveTests.Broker.To(host);
            await Declare(broker, Queue, Old);
            for (var i = 0; i < 5; i++)
                await Send(broker, Queue, $"before-{i}");
            var taken = await Begin(broker, host, steps);
            await Send(broker, Queue, "meanwhile");

            var told = await New(host).BringUpToDate();
            await Send(broker, Queue, "after");

            told.Contains(Queue).Should().Be(steps < Steps, $"{taken} steps were done before");
            (await broker.Ids(Queue)).Should().BeEquivalentTo(
                [.. Enumerable.Range(0, 5).Select(i => $"before-{i}"), "meanwhile", "after"], $"after {taken} steps");
            (await New(host).Differences()).Should().BeEmpty();
            (await New(host).BringUpToDate()).Should().BeEmpty("all is as it should be");
            using var page = new BrokerPage(host, Backend.Management);
            (await page.Queues(default)).Select(queue => $"{queue.Name} {queue.Arguments}").Should().Equal(
                """dead-letters {"x-queue-type":"quorum"}""", Queue + """ {"x-queue-type":"quorum"}""");
            return taken;
        }));
        done.Should().Equal(Enumerable.Range(0, Steps + 1), "every step was the last one once");
    }

    [Fact]
    public async Task A_queue_of_an_earlier_version_that_somebody_consumes_is_left_alone()
    {
        var host = await Backend.NewVirtualHost();
        await using var broker = await RedriveTests.Broker.To(host);
        await Declare(broker, Queue, Old);
        await Declare(broker, "invoicing.chunks", Old);
        await Send(broker, "invoicing.chunks", "one");
        await broker.Channel.BasicConsumeAsync(Queue, autoAck: false, new AsyncEventingBasicConsumer(broker.Channel));

        (await New(host).Invoking(queues => queues.BringUpToDate()).Should().ThrowAsync<Failure>())
            .WithMessage($"{Queue}*stop the services*");

        (await broker.Ids("invoicing.chunks")).Should().Equal("one");
        (await New(host).Differences()).Should().Equal("invoicing.chunks", Queue);
    }

    [Fact]
    public async Task A_message_in_somebodys_hands_keeps_its_queue()
    {
        var host = await Backend.NewVirtualHost();
        await using var broker = await RedriveTests.Broker.To(host);
        await Declare(broker, Queue, Old);
        await Send(broker, Queue, "held");
        await using (var other = await RedriveTests.Broker.To(host))
        {
            (await other.Channel.BasicGetAsync(Queue, autoAck: false)).Should().NotBeNull();
            await New(host).Invoking(queues => queues.BringUpToDate()).Should().ThrowAsync<Failure>();
        }

        await New(host).BringUpToDate();

        (await broker.Ids(Queue)).Should().Equal("held");
    }

    [Fact]
    public async Task A_service_starts_on_queues_of_an_earlier_version_after_they_were_brought_up_to_date()
    {
        var host = await Backend.NewVirtualHost();
        await using (var broker = await RedriveTests.Broker.To(host))
        {
            foreach (var queue in new[] { Queue, Queue + "_error" })
                await Declare(broker, queue, Old);
        }
        await New(host).BringUpToDate();

        await using var payments = await Running.Start(Payments.Program.Build, host);

        (await New(host).Differences()).Should().BeEmpty("it is ready, and has declared them as they are");
    }

    [Fact]
    public async Task A_message_that_is_never_answered_is_a_dead_letter_that_can_be_seen_and_sent_back()
    {
        var host = await Backend.NewVirtualHost();
        await using var broker = await RedriveTests.Broker.To(host);
        await Declare(broker, Queue, new() { ["x-queue-type"] = "quorum" });
        await New(host).BringUpToDate();
        await Send(broker, Queue, "deadly");
        var deliveries = 0;
        await Eventually.Holds(
            async () =>
            {
                if (await broker.Channel.BasicGetAsync(Queue, autoAck: false) is { } message)
                {
                    deliveries++;
                    await broker.Channel.BasicNackAsync(message.DeliveryTag, multiple: false, requeue: true);
                }
                return await broker.Count(Queues.DeadLetters) == 1;
            },
            "the message is a dead letter");
        deliveries.Should().BeGreaterThanOrEqualTo(Queues.Deliveries);
        var messages = new FailedMessages(host, Backend.Management);

        (await messages.Queues()).Should().Equal((Queues.DeadLetters, 1));
        for (var look = 0; look < 2 * Queues.Deliveries; look++)
        {
            var seen = (await messages.Look(Queues.DeadLetters)).Single();
            (seen.Id, seen.Exception).Should().Be(("deadly", "delivery_limit"));
            seen.Reason.Should().StartWith(Queue);
        }
        await Eventually.Is(false, () => messages.Unread(), "whether one waits for a consumer and not for a person");
        await messages.SendBack(Queues.DeadLetters);

        (await broker.Count(Queues.DeadLetters)).Should().Be(0);
        var back = (await broker.Channel.BasicGetAsync(Queue, autoAck: true))!;
        back.BasicProperties.MessageId.Should().Be("deadly");
        back.BasicProperties.Headers?.Keys.Should().NotContain("x-death");
    }

    [Fact]
    public async Task Nothing_is_lost_by_what_the_broker_is_told_of_our_queues()
    {
        var host = await Backend.NewVirtualHost();
        await using var broker = await RedriveTests.Broker.To(host);
        await Declare(broker, Queue, new() { ["x-queue-type"] = "quorum" });
        await New(host).BringUpToDate();
        using var page = new BrokerPage(host, Backend.Management);

        var told = (await page.Policies(default)).Single(policy => policy.Name == "billing").Definition;
        JsonNode.DeepEquals(told, new JsonObject
        {
            ["delivery-limit"] = 20, ["dead-letter-exchange"] = "", ["dead-letter-routing-key"] = "dead-letters",
            ["dead-letter-strategy"] = "at-least-once", ["overflow"] = "reject-publish",
        }).Should().BeTrue($"it is told {told}");
    }

    /// <summary>The broker applies one policy to a queue and nothing of the others.</summary>
    [Fact]
    public async Task A_policy_that_takes_the_place_of_ours_and_says_less_is_refused()
    {
        var host = await Backend.NewVirtualHost();
        await using var broker = await RedriveTests.Broker.To(host);
        await Declare(broker, Queue, new() { ["x-queue-type"] = "quorum" });
        await New(host).BringUpToDate();
        using var page = new BrokerPage(host, Backend.Management);
        await page.Put("mine", Policy(new() { ["delivery-limit"] = 3 }), default);

        (await New(host).Differences()).Should().ContainSingle().Which.Should().Contain("mine").And
            .Contain("dead-letter-exchange").And.NotContain("delivery-limit");
        (await New(host).Invoking(queues => queues.BringUpToDate()).Should().ThrowAsync<Failure>())
            .Which.Message.Should().Contain("mine");

        await page.Put("mine", Policy(Same()), default);
        (await New(host).Differences()).Should().BeEmpty();

        // All that it says, and one thing otherwise; or something that drops messages.
        foreach (var (key, value) in new (string, JsonNode)[]
            { ("overflow", "drop-head"), ("max-length", 5), ("message-ttl", 1000) })
        {
            var same = Same();
            same[key] = value;
            await page.Put("mine", Policy(same), default);
            (await New(host).Differences()).Should().ContainSingle().Which.Should().Contain(key);
        }
        await page.Put("mine", Policy(Same()), default);

        // Perl's \K is not known here: nobody can say that it takes none of ours.
        var odd = Policy(new() { ["delivery-limit"] = 3 });
        odd["pattern"] = @"^pay\Kments";
        await page.Put("odd", odd, default);
        (await New(host).Differences()).Should().ContainSingle().Which.Should().Contain("odd");

        static JsonObject Same() => new()
        {
            ["delivery-limit"] = 3, ["dead-letter-exchange"] = "",
            ["dead-letter-routing-key"] = Queues.DeadLetters, ["dead-letter-strategy"] = "at-least-once",
            ["overflow"] = "reject-publish",
        };

        static JsonObject Policy(JsonObject definition) => new()
        {
            ["pattern"] = "^payments", ["apply-to"] = "queues", ["priority"] = 5, ["definition"] = definition,
        };
    }

    [Theory]
    [InlineData("^payments", "max-length", 10)]
    [InlineData("^dead-letters$", "delivery-limit", 2)]
    public async Task A_policy_or_one_of_the_operator_that_drops_messages_is_refused_on_a_new_broker_too(
        string pattern, string key, int value)
    {
        foreach (var kind in new[] { "policies", "operator-policies" })
        {
            var host = await Backend.NewVirtualHost();
            var policy = new JsonObject
            {
                ["pattern"] = pattern, ["apply-to"] = "queues", ["priority"] = 5,
                ["definition"] = new JsonObject { [key] = value },
            };
            using var http = new HttpClient();
            http.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String(
                Encoding.UTF8.GetBytes(Uri.UnescapeDataString(Backend.Management.UserInfo))));
            using var put = await http.PutAsJsonAsync(
                new Uri($"http://{Backend.Management.Authority}/api/{kind}/{host.AbsolutePath[1..]}/mine"), policy);
            put.EnsureSuccessStatusCode();

            (await New(host).Invoking(queues => queues.BringUpToDate()).Should().ThrowAsync<Failure>())
                .Which.Message.Should().Contain("mine").And.Contain(key);
        }
    }

    private static Queues New(Uri host) => new(host, Backend.Management, Services);

    private static async Task Declare(RedriveTests.Broker broker, string queue, Dictionary<string, object?> arguments)
    {
        await broker.Channel.ExchangeDeclareAsync(queue, ExchangeType.Fanout, durable: true);
        await broker.Channel.QueueDeclareAsync(
            queue, durable: true, exclusive: false, autoDelete: false, arguments);
        await broker.Channel.QueueBindAsync(queue, queue, "");
    }

    private static async Task Send(RedriveTests.Broker broker, string queue, string id) =>
        await broker.Channel.BasicPublishAsync(
            queue, "", mandatory: true, new BasicProperties { MessageId = id, Persistent = true },
            Encoding.UTF8.GetBytes("{}"));

    /// <summary>As many steps as are asked for, and then no more; answers how many there were.</summary>
    private static async Task<int> Begin(RedriveTests.Broker broker, Uri host, int steps)
    {
        using var page = new BrokerPage(host, Backend.Management);
        var taken = 0;
        if (steps > 0)
        {
            await foreach (var _ in new Redeclaration(page, broker.Channel, queue => queue == Queue
                || queue.StartsWith(Queue + "_", StringComparison.Ordinal)).Steps())
            {
                if (++taken == steps)
                    break;
            }
        }
        return taken;
    }
}
