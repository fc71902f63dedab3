using MassTransit;

namespace Billing.Platform;

/// <summary>
/// What comes into a service: who takes which messages, and which tables follow from them. The service takes its
/// queues from it, and <c>rebuild</c> what it can make again from other services' events.
/// </summary>
public sealed class InboundMap
{
    private readonly List<Action<BillingService>> _queues = [];
    private readonly List<(Type Consumer, IReadOnlyList<string> Tables)> _rows = [];

    /// <summary>The tables that follow from messages, each once.</summary>
    public IReadOnlyList<string> Tables =>
        [.. _rows.SelectMany(entry => entry.Tables).Distinct(StringComparer.Ordinal)];

    /// <summary>Consumers whose facts become rows.</summary>
    public IReadOnlyList<Type> RowConsumers => [.. _rows.Select(entry => entry.Consumer)];

    /// <summary>Takes messages whose facts become rows.</summary>
    /// <typeparam name="TConsumer">The consumer; it can be made with the database alone.</typeparam>
    /// <param name="tables">Every table that it reads or writes; only its consumers write them.</param>
    public InboundMap Rows<TConsumer>(params string[] tables)
        where TConsumer : class, IRowConsumer => Rows(typeof(TConsumer), tables);

    /// <summary>The same for a consumer that is closed over its message at run time.</summary>
    public InboundMap Rows(Type consumer, params string[] tables)
    {
        _queues.Add(service => service.Consume(consumer));
        _rows.Add((consumer, tables));
        return this;
    }

    /// <summary>Takes messages whose facts become events of this service's own streams.</summary>
    /// <typeparam name="TConsumer">The consumer.</typeparam>
    public InboundMap Events<TConsumer>()
        where TConsumer : class, IConsumer
    {
        if (typeof(TConsumer).IsAssignableTo(typeof(IRowConsumer)))
            throw new ArgumentException($"{typeof(TConsumer).Name} writes rows; say into which tables.");
        _queues.Add(service => service.Consume<TConsumer>());
        return this;
    }

    internal void DeclareQueues(BillingService service) => _queues.ForEach(queue => queue(service));
}
