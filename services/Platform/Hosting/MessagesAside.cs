using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Billing.Platform;

/// <summary>
/// Messages of this service that were put aside, by queue: those that failed, those that nobody took, and the dead
/// letters, which are one queue for all services: each of them shows the same number.
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

    /// <summary>Null for a queue that nobody has needed yet; asking for it costs the channel.</summary>
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

/// <summary>A queue that this service takes messages from.</summary>
/// <param name="Name">Its name.</param>
internal sealed record ReceiveQueue(string Name);
