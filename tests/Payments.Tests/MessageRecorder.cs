using System.Collections.Concurrent;
using Billing.Contracts;
using Billing.Contracts.Payments;
using MassTransit;

namespace Billing.Payments.Tests;

/// <summary>Another service that listens to everything this one publishes.</summary>
internal sealed class MessageRecorder : IAsyncDisposable
{
    private readonly ConcurrentBag<IMoneyMovement> _heard = [];
    private readonly ConcurrentDictionary<Guid, object> _requests = [];
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
            endpoint.Handler<ReversalsRequested>(context => Hear(context.Message.Items, fact => fact.Origin));
            endpoint.Handler<ReversalsRejected>(context => Hear(context.Message.Items, fact => fact.Origin));
            endpoint.Handler<RefundsProposed>(context => Hear(context.Message.Items, fact => fact.Origin));
            endpoint.Handler<RefundsDropped>(context => Hear(context.Message.Items, fact => fact.Origin));
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

    /// <summary>What was heard of an account's requests for reversals, each fact once, in order and in words.</summary>
    public string RequestsOf(string account) => string.Join(", ", _requests.Values.Select(Told)
        .Where(told => told.Account == account).OrderBy(told => told.Version).Select(told => told.Text));

    /// <summary>What was heard of an account's proposed refunds, each fact once, in order and in words.</summary>
    public string RefundsOf(string account) => string.Join(", ", _requests.Values.Select(Refunded)
        .Where(told => told.Account == account).OrderBy(told => told.Version).Select(told => told.Text));

    private static (string Account, long Version, string Text) Refunded(object fact) => fact switch
    {
        RefundProposed e => (e.Account.Value, e.Origin.Version, $"proposed {e.Amount}"),
        RefundDropped e => (e.Account.Value, e.Origin.Version, $"{e.Status} {e.Reason}"),
        _ => ("", 0, ""),
    };

    private static (string Account, long Version, string Text) Told(object fact) => fact switch
    {
        Contracts.Payments.ReversalRequested e => (e.Account.Value, e.Origin.Version, $"{e.Request} {e.Amount}"),
        Contracts.Payments.ReversalRejected e => (e.Account.Value, e.Origin.Version, $"{e.Request} {e.Reason}"),
        _ => ("", 0, ""),
    };

    public async ValueTask DisposeAsync() => await _bus.StopAsync();

    private Task Hear<T>(IEnumerable<T> items, Func<T, Origin> origin)
        where T : class
    {
        foreach (var item in items)
            _requests[origin(item).EventId] = item;
        return Task.CompletedTask;
    }

    private Task Hear(IEnumerable<IMoneyMovement> items)
    {
        foreach (var item in items)
            _heard.Add(item);
        return Task.CompletedTask;
    }
}
