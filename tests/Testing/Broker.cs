using System.Text;
using RabbitMQ.Client;

namespace Billing.Testing;

/// <summary>Looks at the broker itself.</summary>
public static class Broker
{
    /// <summary>Waits for a message in a queue and takes it.</summary>
    public static async Task<(string Body, string Reason)> Take(Uri rabbitMq, string queue)
    {
        var factory = new ConnectionFactory { Uri = rabbitMq };
        await using var connection = await factory.CreateConnectionAsync();
        BasicGetResult? message = null;
        await Eventually.Holds(
            async () =>
            {
                await using var channel = await connection.CreateChannelAsync();
                try
                {
                    message = await channel.BasicGetAsync(queue, autoAck: true);
                }
                catch (RabbitMQ.Client.Exceptions.OperationInterruptedException)
                {
                    // The queue does not exist yet.
                }
                return message is not null;
            },
            $"{queue} holds a message");
        var reason = message!.BasicProperties.Headers?["MT-Fault-Message"] as byte[] ?? [];
        return (Encoding.UTF8.GetString(message.Body.Span), Encoding.UTF8.GetString(reason));
    }
}
