using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Billing.Platform;

/// <summary>
/// The number of this service's messages in side queues, by queue: those that failed, those that no consumer took, and
/// the dead letters, which are one queue for all services, so each reports the same number.
/// </summary>
internal sealed class MessagesAside(IOptions<BillingOptions> settings, IEnumerable<ReceiveQueue> queues) : IGauge
{
    private const string DeadLetters = "dead-letters";

    public string Name => "billing.messages.aside";

    public string Unit => "{message}";

    public async Task<IReadOnlyList<Measurement<double>>> Look(CancellationToken cancellation)
    {
        var factory = new ConnectionFactory { Uri = settings.Value.Broker, ClientProvidedName = "billing-gauges" };
        await using var connection = await factory.CreateConnectionAsync(cancellation);
        var seen = new List<Measurement<double>>();
        foreach (var queue in queues.SelectMany(queue => new[] { queue.Name + "_error", queue.Name + "_skipped" })
            .Append(DeadLetters))
        {
            if (await Count(connection, queue, cancellation) is { } count)
                seen.Add(new(count, new KeyValuePair<string, object?>("queue", queue)));
        }
        return seen;
    }

    /// <summary>Null for a queue that does not exist yet; asking for it closes the channel.</summary>
    private static async Task<uint?> Count(IConnection connection, string queue, CancellationToken cancellation)
    {
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellation);
        try
        {
            return await channel.MessageCountAsync(queue, cancellation);
        }
        catch (OperationInterruptedException)
        {
            return null;
        }
    }
}

/// <summary>A queue that this service consumes.</summary>
/// <param name="Name">Its name.</param>
internal sealed record ReceiveQueue(string Name);
