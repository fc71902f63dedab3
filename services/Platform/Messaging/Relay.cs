using System.Diagnostics;
using Marten;
using MassTransit;
using Npgsql;

namespace Billing.Platform;

/// <summary>
/// Publishes the public events of the service's own event store: the store is the outbox. All messages of a page are
/// confirmed by the broker before the progress moves, so a slow or unavailable broker holds the relay back and nothing
/// is lost; a relay that dies in between publishes the page again, and consumers recognise the repetition. A message
/// for which no queue is bound is returned and holds the relay, too: its consumer has not declared its queue yet.
/// </summary>
public sealed class Relay(OutboundMap outbound, IBus bus, NpgsqlDataSource source) : Subscription("Relay")
{
    private static readonly TimeSpan ConfirmWithin = TimeSpan.FromSeconds(30);

    private Epochs? _epochs;

    /// <inheritdoc/>
    protected override async Task Handle(
        IReadOnlyList<StoredEvent> events, IDocumentOperations page, CancellationToken stopping)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        deadline.CancelAfter(ConfirmWithin);
        // A database is never restored while its service runs, so the epochs are loaded once.
        var epochs = _epochs ??= await Epochs.Load(source, deadline.Token);
        // The client library may hang without observing the token (docs/adr/0031).
        await Task.WhenAll(outbound.Messages(events, epochs).Select(message => Publish(message, deadline.Token)))
            .WaitAsync(deadline.Token);
    }

    private async Task Publish(Publication message, CancellationToken cancellation)
    {
        var links = message.Traces.Skip(1)
            .Select(trace => ActivityContext.TryParse(trace, null, out var context) ? context : default)
            .Where(context => context != default).Select(context => new ActivityLink(context));
        ActivityContext.TryParse(message.Traces.Count > 0 ? message.Traces[0] : null, null, out var parent);
        using var activity = Telemetry.Source.StartActivity("relay", ActivityKind.Producer, parent, links: links);
        await bus.Publish(message.Body, message.Body.GetType(), context =>
        {
            context.MessageId = message.Id;
            if (context.TryGetPayload<RabbitMqSendContext>(out var rabbit))
                rabbit.Mandatory = message.Mandatory;
        }, cancellation);
    }
}
