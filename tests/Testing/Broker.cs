using System.Text;
using RabbitMQ.Client;

namespace Billing.Testing;

/// <summary>Inspects the broker directly.</summary>
public static class Broker
{
    /// <summary>Waits for a message in a queue and takes it.</summary>
    public static async Task<(string Body, string Reason)> Take(Uri rabbitMq, string queue)
    {
        var factory = new ConnectionFactory { Uri = rabbitMq };
        BasicGetResult? message = null;
        await Eventually.Holds(
            async () =>
            {
                // A new connection for each attempt: a queue that is just being created may close the whole connection
                // (541, noproc).
                await using var connection = await factory.CreateConnectionAsync();
                await using var channel = await connection.CreateChannelAsync();
                try
                {
                    message = await channel.BasicGetAsync(queue, autoAck: true);
                }
                catch (RabbitMQ.Client.Exceptions.OperationInterruptedException)
                {
                    // The queue does not exist yet, or not completely.
                }
                return message is not null;
            },
            $"{queue} holds a message");
        var reason = message!.BasicProperties.Headers?["MT-Fault-Message"] as byte[] ?? [];
        return (Encoding.UTF8.GetString(message.Body.Span), Encoding.UTF8.GetString(reason));
    }

    /// <summary>All messages of all queues of a virtual host, with their headers; they stay there.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> Everything(Uri rabbitMq)
    {
        ArgumentNullException.ThrowIfNull(rabbitMq);
        await using var connection = await new ConnectionFactory { Uri = rabbitMq }.CreateConnectionAsync();
        var texts = new Dictionary<string, string>();
        foreach (var queue in await Backend.QueuesOf(rabbitMq))
        {
            // Closed without an acknowledgement, the channel gives back what it has taken.
            await using var channel = await connection.CreateChannelAsync();
            var text = new StringBuilder();
            while (await channel.BasicGetAsync(queue, autoAck: false) is { } message)
            {
                text.AppendLine(Encoding.UTF8.GetString(message.Body.Span));
                foreach (var header in message.BasicProperties.Headers?.Values ?? [])
                    text.AppendLine(header is byte[] bytes ? Encoding.UTF8.GetString(bytes) : $"{header}");
            }
            texts[queue] = text.ToString();
        }
        return texts;
    }

    /// <summary>The number of messages in a queue.</summary>
    public static async Task<int> Count(Uri rabbitMq, string queue)
    {
        await using var connection = await new ConnectionFactory { Uri = rabbitMq }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        return (int)await channel.MessageCountAsync(queue);
    }
}
