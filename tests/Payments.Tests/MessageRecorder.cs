using System.Collections.Concurrent;
using Billing.Contracts.Payments;
using MassTransit;

namespace Billing.Payments.Tests;

/// <summary>Another service that listens to everything this one publishes.</summary>
internal sealed class MessageRecorder : IAsyncDisposable
{
    private readonly ConcurrentBag<IMoneyMovement> _heard = [];
    private readonly IBusControl _bus;

    private MessageRecorder(Uri rabbitMq) => _bus = Bus.Factory.CreateUsingRabbitMq(rabbit =>
    {
        rabbit.Host(rabbitMq);
        rabbit.ReceiveEndpoint("recorder", endpoint =>
        {
            endpoint.Handler<PaymentsReceived>(context => Hear(context.Message.Items));
            endpoint.Handler<AdvancesApplied>(context => Hear(context.Message.Items));
            endpoint.Handler<PaymentsReversed>(context => Hear(context.Message.Items));
            endpoint.Handler<AdvancesRefunded>(context => Hear(context.Message.Items));
        });
    });

    public static async Task<MessageRecorder> Listen(PaymentsService payments)
    {
        var recorder = new MessageRecorder(payments.Running.RabbitMq);
        await recorder._bus.StartAsync();
        return recorder;
    }

    /// <summary>What was heard of an account, each fact once.</summary>
    public IReadOnlyList<IMoneyMovement> Of(string account) =>
        [.. _heard.Where(move => move.Account.Value == account).DistinctBy(move => move.Origin.EventId)];

    public async ValueTask DisposeAsync() => await _bus.StopAsync();

    private Task Hear(IEnumerable<IMoneyMovement> items)
    {
        foreach (var item in items)
            _heard.Add(item);
        return Task.CompletedTask;
    }
}
