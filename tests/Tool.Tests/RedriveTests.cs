using System.Text;
using Billing.Testing;
using FluentAssertions;
using RabbitMQ.Client;
using Xunit;

namespace Billing.Tools.Tests;

/// <summary>On the real broker, with the marks that MassTransit leaves on a message it gave up on.</summary>
public sealed class RedriveTests
{
    private const string Queue = "payments.on-invoices-issued";

    [Fact]
    public async Task Failed_messages_go_back_in_order_without_the_marks_of_their_fault()
    {
        var host = await Prepare(2);
        var sent = await new FailedMessages(host, Backend.Management).SendBack(Queue);

        sent.Should().HaveCount(2);
        sent[0].Should().Be(new FailedMessage(
            "InvoicesIssued", "id-1", "2026-11-05T08:00:00Z", "System.FormatException", "Not a number."));
        await using var broker = await Broker.To(host);
        (await broker.Count(Queue + "_error")).Should().Be(0);
        var first = (await broker.Channel.BasicGetAsync(Queue, autoAck: true))!;
        first.BasicProperties.MessageId.Should().Be("id-1");
        first.BasicProperties.Headers!.Keys.Should().Contain("kept").And
            .NotContain(key => key.StartsWith("MT-", StringComparison.Ordinal));
        Encoding.UTF8.GetString(first.Body.Span).Should().Be(Body);
    }

    [Fact]
    public async Task Looking_leaves_every_message_in_its_order_with_its_marks()
    {
        var host = await Prepare(3);
        var messages = new FailedMessages(host, Backend.Management);
        // Twice as often as a quorum queue would deliver a message that is given back.
        for (var look = 0; look < 40; look++)
            (await messages.Look(Queue)).Select(message => message.Id).Should().Equal("id-1", "id-2", "id-3");
        (await messages.Look(Queue))[0].Reason.Should().Be("Not a number.");
        (await messages.Queues()).Should().Equal((Queue, 3));
    }

    [Fact]
    public async Task A_message_whose_queue_is_gone_stays_where_it_is()
    {
        var host = await Prepare(1);
        await using var broker = await Broker.To(host);
        await broker.Channel.QueueDeleteAsync(Queue);
        var messages = new FailedMessages(host, Backend.Management);
        await messages.Invoking(failed => failed.SendBack(Queue)).Should().ThrowAsync<Exception>();
        await Eventually.Is(1, () => broker.Count(Queue + "_error"), "the number of failed messages");
    }

    [Theory, InlineData("42"), InlineData("\"x\""), InlineData("[1]"), InlineData("{\"messageType\":\"x\"}")]
    [InlineData("{\"messageId\":5}"), InlineData("{\"messageType\":[5]}"), InlineData("not JSON")]
    public async Task A_message_that_is_no_envelope_is_shown_and_keeps_no_other_from_going_back(string body)
    {
        var host = await Prepare(0);
        await using var broker = await Broker.To(host);
        foreach (var (id, text) in new[] { ("odd", body), ("good", Body) })
            await broker.Channel.BasicPublishAsync(
                "", Queue + "_error", mandatory: true, new BasicProperties { Persistent = true, MessageId = id },
                Encoding.UTF8.GetBytes(text));
        var messages = new FailedMessages(host, Backend.Management);

        (await messages.Look(Queue)).Select(message => message.Id).Should().Equal("odd", "good");
        (await messages.SendBack(Queue)).Select(message => message.Id).Should().Equal("odd", "good");
        (await broker.Count(Queue)).Should().Be(2);
    }

    [Fact]
    public async Task A_dead_letter_whose_queue_is_gone_is_named_and_the_others_go_back()
    {
        var host = await Prepare(0);
        await using var broker = await Broker.To(host);
        await broker.Channel.QueueDeclareAsync(
            Queues.DeadLetters, true, false, false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum" });
        foreach (var (queue, id) in new[] { ("payments.on-gone", "gone"), (Queue, "good") })
            await broker.Channel.BasicPublishAsync("", Queues.DeadLetters, mandatory: true, new BasicProperties
            {
                Persistent = true, MessageId = id,
                Headers = new Dictionary<string, object?>
                {
                    ["x-death"] = new List<object?>
                    {
                        new Dictionary<string, object?>
                        {
                            ["queue"] = queue, ["reason"] = "delivery_limit", ["time"] = new AmqpTimestamp(1),
                        },
                    },
                },
            }, Encoding.UTF8.GetBytes(Body));
        var messages = new FailedMessages(host, Backend.Management);

        (await messages.Invoking(dead => dead.SendBack(Queues.DeadLetters)).Should().ThrowAsync<Failure>())
            .Which.Message.Should().Contain("1 sent back; 1 stay").And.Contain("gone");

        (await broker.Count(Queue)).Should().Be(1);
        (await messages.Look(Queues.DeadLetters)).Single().Id.Should().Be("gone");
    }

    [Fact]
    public async Task Only_a_message_that_waits_for_its_consumer_is_unread_and_not_one_that_failed()
    {
        var host = await Prepare(2);
        var messages = new FailedMessages(host, Backend.Management);
        await Eventually.Holds(async () => !await messages.Unread(), "the new queues are counted, and empty");

        await messages.SendBack(Queue);

        await Eventually.Holds(() => messages.Unread(), "a message waits");
    }

    [Fact]
    public async Task What_no_consumer_took_is_shown_under_its_own_name_and_goes_back_to_its_queue()
    {
        var host = await Prepare(1, "_skipped");
        var messages = new FailedMessages(host, Backend.Management);

        (await messages.Queues()).Should().Equal((Queue + "_skipped", 1));
        (await messages.Look(Queue + "_skipped")).Should().ContainSingle().Which.Exception.Should().Be("skipped");
        (await messages.SendBack(Queue + "_skipped")).Should().ContainSingle().Which.Id.Should().Be("id-1");

        await using var broker = await Broker.To(host);
        (await broker.Count(Queue + "_skipped")).Should().Be(0);
        var back = (await broker.Channel.BasicGetAsync(Queue, autoAck: true))!;
        back.BasicProperties.Headers!.Keys.Should().Contain("kept").And
            .NotContain(key => key.StartsWith("MT-", StringComparison.Ordinal));
    }

    private const string Body = """{"messageType":["urn:message:Billing.Contracts.Invoicing:InvoicesIssued"]}""";

    /// <summary>Messages put aside: failed, or skipped.</summary>
    private static async Task<Uri> Prepare(int messages, string aside = "_error")
    {
        var host = await Backend.NewVirtualHost();
        await using var broker = await Broker.To(host);
        var quorum = new Dictionary<string, object?> { ["x-queue-type"] = "quorum" };
        foreach (var queue in new[] { Queue, Queue + aside })
            await broker.Channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, quorum);
        for (var number = 1; number <= messages; number++)
        {
            var properties = new BasicProperties
            {
                MessageId = $"id-{number}",
                Persistent = true,
                Headers = aside == "_error"
                    ? new Dictionary<string, object?>
                    {
                        ["kept"] = "yes",
                        ["MT-Reason"] = "fault",
                        ["MT-Fault-Timestamp"] = "2026-11-05T08:00:00Z",
                        ["MT-Fault-ExceptionType"] = "System.FormatException",
                        ["MT-Fault-Message"] = "Not a number.",
                    }
                    : new() { ["kept"] = "yes", ["MT-Reason"] = "dead-letter" },
            };
            await broker.Channel.BasicPublishAsync(
                "", Queue + aside, true, properties, Encoding.UTF8.GetBytes(Body));
        }
        return host;
    }

    /// <summary>A connection for a test's own look.</summary>
    internal sealed class Broker(IConnection connection, IChannel channel) : IAsyncDisposable
    {
        public IChannel Channel => channel;

        public static async Task<Broker> To(Uri host)
        {
            var connection = await new ConnectionFactory { Uri = host }.CreateConnectionAsync();
            return new(connection, await connection.CreateChannelAsync(new(true, true)));
        }

        public async Task<int> Count(string queue) => (int)await channel.MessageCountAsync(queue);

        /// <summary>Takes all messages of a queue.</summary>
        public async Task<IReadOnlyList<string>> Ids(string queue)
        {
            var ids = new List<string>();
            while (await channel.BasicGetAsync(queue, autoAck: true) is { } message)
                ids.Add(message.BasicProperties.MessageId!);
            return ids;
        }

        public async ValueTask DisposeAsync()
        {
            await channel.DisposeAsync();
            await connection.DisposeAsync();
        }
    }
}
