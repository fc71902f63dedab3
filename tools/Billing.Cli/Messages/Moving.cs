using System.Text;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Billing.Tools;

/// <summary>
/// Moves messages from one queue to another. A copy is confirmed by the broker before the original is acknowledged: a
/// crash in between leaves a message twice, which consumers recognise, and never loses one.
/// </summary>
internal static class Moving
{
    /// <summary>No queue has this name, so that the broker returns what is sent there.</summary>
    private const string Nowhere = "nowhere";

    private const int LongestName = 255;

    /// <summary>Headers about a message's past in a queue, which would be wrong in another one.</summary>
    private static readonly string[] Marks =
        ["MT-Fault-", "MT-Reason", "x-death", "x-first-death-", "x-last-death-"];

    private static readonly CreateChannelOptions Confirmed = new(
        publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true);

    public static Task<IChannel> Channel(IConnection connection, CancellationToken cancellation) =>
        connection.CreateChannelAsync(Confirmed, cancellation);

    /// <summary>Moves the messages that a queue holds now; returns how many.</summary>
    /// <param name="channel">A channel with publisher confirms.</param>
    /// <param name="from">The queue.</param>
    /// <param name="to">The target of a message; null when there is none.</param>
    /// <param name="clean">Whether the headers about its past are removed.</param>
    /// <param name="cancellation">Cancels between two messages.</param>
    /// <param name="homeless">Called for a message that no queue takes, which then goes to the end of its own; without
    /// it, such a message ends the move.</param>
    public static async Task<int> Move(
        IChannel channel, string from, Func<BasicGetResult, string?> to, bool clean, CancellationToken cancellation,
        Action<BasicGetResult>? homeless = null)
    {
        var left = await channel.MessageCountAsync(from, cancellation);
        for (var moved = 0; ; moved++)
        {
            if (moved == left || await channel.BasicGetAsync(from, autoAck: false, cancellation) is not { } message)
                return moved;
            try
            {
                await Publish(to(message) is { } queue && IsName(queue) ? queue : Nowhere, clean);
            }
            catch (PublishException e) when (e.IsReturn && homeless is not null)
            {
                await Publish(from, clean: false);
                homeless(message);
            }
            await channel.BasicAckAsync(message.DeliveryTag, multiple: false, cancellation);

            ValueTask Publish(string queue, bool clean)
            {
                var properties = new BasicProperties(message.BasicProperties);
                properties.Headers = properties.Headers?
                    .Where(header => header.Key != "x-delivery-count" && !(clean && IsMark(header.Key)))
                    .ToDictionary();
                return channel.BasicPublishAsync("", queue, mandatory: true, properties, message.Body, cancellation);
            }
        }
    }

    private static bool IsName(string queue) => Encoding.UTF8.GetByteCount(queue) is > 0 and <= LongestName;

    private static bool IsMark(string header) =>
        Marks.Any(mark => header.StartsWith(mark, StringComparison.Ordinal));
}
