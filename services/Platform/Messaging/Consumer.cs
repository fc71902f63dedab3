using MassTransit;
using Npgsql;

namespace Billing.Platform;

/// <summary>
/// Applies public messages to this service's database: one transaction for a whole message of many facts, with its
/// inbox key. A message that was already applied is recognised and skipped; facts that come again in other messages are
/// recognised by their own keys, which is each consumer's duty (the shuffle law). While the database is away the
/// message waits, here or in its queue (<see cref="Outage"/>); a message that cannot be applied goes to the error queue
/// with its reason and does not delay others.
/// </summary>
/// <typeparam name="TMessage">The public message.</typeparam>
public abstract class Consumer<TMessage>(NpgsqlDataSource source) : IConsumer<TMessage>, IRowConsumer
    where TMessage : class
{
    Type IRowConsumer.Message => typeof(TMessage);

    Task<int> IRowConsumer.Apply(object message, NpgsqlConnection connection, CancellationToken cancellation) =>
        Apply((TMessage)message, connection, cancellation);

    /// <summary>Applies the facts inside the transaction of <paramref name="connection"/>.</summary>
    /// <returns>The number of facts in the message.</returns>
    protected abstract Task<int> Apply(TMessage message, NpgsqlConnection connection, CancellationToken cancellation);

    /// <inheritdoc/>
    public Task Consume(ConsumeContext<TMessage> context)
    {
        Inbox.Enter(context, GetType());
        return Outage.RetryPolicy.ExecuteAsync(async cancellation =>
        {
            await using var connection = await source.OpenConnectionAsync(cancellation);
            await Database.Cleanly(source, connection, () => Apply(context, connection, cancellation));
        }, context.CancellationToken).AsTask();
    }

    private async Task Apply(
        ConsumeContext<TMessage> context, NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (!await Inbox.IsNew(connection, GetType(), context, cancellation))
            return;
        var items = await Apply(context.Message, connection, cancellation);
        await Inbox.Keep(connection, GetType(), context, items, cancellation);
        await transaction.CommitAsync(cancellation);
        Inbox.HadEffect(GetType(), context);
    }
}

/// <summary>A consumer that writes rows and nothing else, so that they can be rebuilt from the facts.</summary>
public interface IRowConsumer : IConsumer
{
    /// <summary>The public message.</summary>
    Type Message { get; }

    /// <summary>Applies the facts inside the transaction of <paramref name="connection"/>.</summary>
    Task<int> Apply(object message, NpgsqlConnection connection, CancellationToken cancellation);
}

/// <summary>A consumer whose facts become events on many streams of this service.</summary>
/// <typeparam name="TMessage">The public message.</typeparam>
public abstract class BulkConsumer<TMessage>(EventStore store) : IConsumer<TMessage>
    where TMessage : class
{
    /// <summary>The ids of the streams that the message concerns.</summary>
    protected abstract IEnumerable<string> Streams(TMessage message);

    /// <summary>Decides for all streams; returns the number of facts in the message.</summary>
    protected abstract Task<int> Apply(TMessage message, BulkSession session, CancellationToken cancellation);

    /// <inheritdoc/>
    public Task Consume(ConsumeContext<TMessage> context)
    {
        Inbox.Enter(context, GetType());
        return Outage.RetryPolicy.ExecuteAsync(async cancellation =>
        {
            if (await store.Bulk(
                Streams(context.Message), session => Apply(context, session, cancellation), cancellation))
                Inbox.HadEffect(GetType(), context);
        }, context.CancellationToken).AsTask();
    }

    private async Task<bool> Apply(
        ConsumeContext<TMessage> context, BulkSession session, CancellationToken cancellation)
    {
        if (!await Inbox.IsNew(session.Connection, GetType(), context, cancellation))
            return false;
        var items = await Apply(context.Message, session, cancellation);
        await Inbox.Keep(session.Connection, GetType(), context, items, cancellation);
        return true;
    }
}

/// <summary>Records which messages have been applied.</summary>
internal static class Inbox
{
    /// <summary>
    /// The name that separates a consumer's queue and inbox keys from others'; a generic consumer is named after the
    /// message it is closed over.
    /// </summary>
    public static string NameOf(Type consumer) =>
        consumer.IsGenericType ? $"On{consumer.GenericTypeArguments[0].Name}" : consumer.Name;

    public static void Enter(ConsumeContext context, Type consumer)
    {
        Actor.Current = new($"service:{consumer.Namespace}", NameOf(consumer), context.MessageId?.ToString());
        AuditedOperation.Current = new() { Name = NameOf(consumer) };
    }

    public static async Task<bool> IsNew(
        NpgsqlConnection connection, Type consumer, ConsumeContext context, CancellationToken cancellation)
    {
        await using var look = new NpgsqlCommand(
            "select not exists (select 1 from inbox where consumer = $1 and message_id = $2)", connection)
        {
            Parameters = { new() { Value = NameOf(consumer) }, new() { Value = IdOf(context) } },
        };
        return (bool)(await look.ExecuteScalarAsync(cancellation))!;
    }

    public static async Task Keep(
        NpgsqlConnection connection, Type consumer, ConsumeContext context, int items, CancellationToken cancellation)
    {
        await using var keep = new NpgsqlCommand("""
            insert into inbox (consumer, message_id, items, sent_at) values ($1, $2, $3, $4) on conflict do nothing
            """, connection)
        {
            Parameters =
            {
                new() { Value = NameOf(consumer) }, new() { Value = IdOf(context) }, new() { Value = items },
                new() { Value = context.SentTime is { } sent ? sent : DBNull.Value },
            },
        };
        await keep.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Reports a message as applied, after its transaction has committed.</summary>
    public static void HadEffect(Type consumer, ConsumeContext context)
    {
        if (context.SentTime is { } then)
            Telemetry.Delay.Record(
                (TimeProvider.System.GetUtcNow() - then).TotalMilliseconds,
                new KeyValuePair<string, object?>("consumer", NameOf(consumer)));
    }

    private static Guid IdOf(ConsumeContext context) =>
        context.MessageId ?? throw new InvalidDataException("The message has no id.");
}
