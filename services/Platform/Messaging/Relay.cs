using System.Diagnostics;
using Marten;
using MassTransit;
using Npgsql;

namespace Billing.Platform;

/// <summary>
/// Publishes what is public of the service's own event stream: the stream is the outbox. A page's messages are all
/// confirmed by the broker before the progress moves, so a broker that is slow or away holds the relay back and nothing
/// is lost; a relay that dies in between publishes the page again, and consumers recognise it. A message that no queue
/// is bound for comes back and holds the relay too: it is too early, not in vain.
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
        // A database is not restored under a service that runs.
        var epochs = _epochs ??= await Epochs.Load(source, deadline.Token);
        // The client library may hang without looking at the token (docs/adr/0031).
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
                rabbit.Mandatory = message.MustBeHeard;
        }, cancellation);
    }
}
