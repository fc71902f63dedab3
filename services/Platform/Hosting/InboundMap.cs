using MassTransit;

namespace Billing.Platform;

/// <summary>
/// Consumers and the tables they fill. The service takes its queues from it, and <c>rebuild</c> the tables that can be
/// rebuilt from other services' events.
/// </summary>
public sealed class InboundMap
{
    private readonly List<Action<BillingService>> _queues = [];
    private readonly List<(Type Consumer, IReadOnlyList<string> Tables)> _rows = [];
    private readonly List<Type> _consumers = [];

    /// <summary>The tables filled by consumers, each once.</summary>
    public IReadOnlyList<string> Tables =>
        [.. _rows.SelectMany(entry => entry.Tables).Distinct(StringComparer.Ordinal)];

    /// <summary>Consumers that write rows.</summary>
    public IReadOnlyList<Type> RowConsumers => [.. _rows.Select(entry => entry.Consumer)];

    /// <summary>The message types that are consumed, each once.</summary>
    public IEnumerable<Type> Consumed => _consumers.SelectMany(consumer => consumer.GetInterfaces())
        .Where(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IConsumer<>))
        .Select(type => type.GenericTypeArguments[0]).Distinct();

    /// <summary>Registers a consumer that writes rows.</summary>
    /// <typeparam name="TConsumer">The consumer; it can be constructed with the database alone.</typeparam>
    /// <param name="tables">Every table that it reads or writes; only registered consumers write them.</param>
    public InboundMap Rows<TConsumer>(params string[] tables)
        where TConsumer : class, IRowConsumer => Rows(typeof(TConsumer), tables);

    /// <summary>The same for a consumer type that is closed over its message at run time.</summary>
    public InboundMap Rows(Type consumer, params string[] tables)
    {
        _queues.Add(service => service.Consume(consumer));
        _consumers.Add(consumer);
        _rows.Add((consumer, tables));
        return this;
    }

    /// <summary>Registers a consumer that appends events to this service's own streams.</summary>
    /// <typeparam name="TConsumer">The consumer.</typeparam>
    public InboundMap Events<TConsumer>()
        where TConsumer : class, IConsumer
    {
        if (typeof(TConsumer).IsAssignableTo(typeof(IRowConsumer)))
            throw new ArgumentException($"{typeof(TConsumer).Name} writes rows; say into which tables.");
        _queues.Add(service => service.Consume<TConsumer>());
        _consumers.Add(typeof(TConsumer));
        return this;
    }

    internal void DeclareQueues(BillingService service) => _queues.ForEach(queue => queue(service));
}
