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

    /// <summary>The number of messages in a queue.</summary>
    public static async Task<int> Count(Uri rabbitMq, string queue)
    {
        await using var connection = await new ConnectionFactory { Uri = rabbitMq }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        return (int)await channel.MessageCountAsync(queue);
    }
}
