using System.Runtime.CompilerServices;
using Billing.Platform;
using Marten.Events;
using Marten;
using Npgsql;

namespace Billing.Rebuilding;

/// <summary>A service whose events are published to others.</summary>
/// <param name="Source">Its database.</param>
/// <param name="Streams">Its families of streams.</param>
/// <param name="Outbound">Its outbound map.</param>
public sealed record Publisher(NpgsqlDataSource Source, IReadOnlyList<StreamType> Streams, OutboundMap Outbound);

/// <summary>
/// Rebuilds the tables that follow from messages. The publishers' events are packed into the messages in which they
/// were published and given to the same consumers, which write beside the live tables; then the running consumers wait
/// for a moment, while what was published meanwhile is added and the tables are swapped. Messages still in transit
/// arrive after that with facts that are already known, which every consumer recognises.
/// </summary>
public sealed class MessageRebuild(
    NpgsqlDataSource source, InboundMap inbound, IReadOnlyList<Publisher> publishers)
{
    private const int EventsPerPage = 5_000;

    private readonly string[] _tables = [.. inbound.Tables];
    private readonly ILookup<Type, IRowConsumer> _consumers = inbound.RowConsumers
        .Select(type => (IRowConsumer)Activator.CreateInstance(type, source)!)
        .ToLookup(consumer => consumer.Message);

    /// <summary>Rebuilds the tables and returns the number of facts they follow from.</summary>
    /// <exception cref="PostgresException">A consumer needs a table that its map does not list.</exception>
    public async Task<long> Run(CancellationToken cancellation = default)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        try
        {
            return await Run(connection, cancellation);
        }
        finally
        {
            await TableSwap.End(connection);
        }
    }

    private async Task<long> Run(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await TableSwap.Begin(connection, _tables, cancellation);
        await TableSwap.AddKeysAndIndexes(connection, _tables, cancellation);
        await TableSwap.LookBeside(connection, cancellation);
        var histories = publishers.Select(publisher => new History(publisher, ConsumedFrom(publisher))).ToList();
        try
        {
            var facts = 0L;
            for (var (round, left) = (0L, long.MaxValue); left > EventsPerPage; facts += round)
                left = round = await CatchUp(histories, connection, pageByPage: true, cancellation);

            var (last, reached) = (0L, histories.ConvertAll(history => history.Position));
            await TableSwap.Finish(
                connection, _tables,
                $"lock table {string.Join(", ", _tables.Select(TableSwap.Live))} in share row exclusive mode",
                async () =>
                {
                    foreach (var (history, position) in histories.Zip(reached))
                        history.Position = position;
                    last = await CatchUp(histories, connection, pageByPage: false, cancellation);
                    await ClearInbox(connection, cancellation);
                },
                cancellation);
            return facts + last;
        }
        finally
        {
            histories.ForEach(history => history.Dispose());
        }
    }

    /// <summary>
    /// Replaces the inbox keys by random ones: the row of a message may no longer exist, if its publisher was restored
    /// meanwhile, and the message must have its effect if it comes again. Facts that are rows are recognised by their
    /// own keys. The counts of applied messages stay the same.
    /// </summary>
    private async Task ClearInbox(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var forget = new NpgsqlCommand(
            "update public.inbox set message_id = gen_random_uuid() where consumer = any($1)", connection);
        forget.Parameters.Add(new NpgsqlParameter<string[]>
        {
            TypedValue = [.. inbound.RowConsumers.Select(Inbox.NameOf).Distinct(StringComparer.Ordinal)],
        });
        await forget.ExecuteNonQueryAsync(cancellation);
    }

    private Type[] ConsumedFrom(Publisher publisher)
    {
        var names = publisher.Outbound.NamesIn(_consumers.Select(consumers => consumers.Key).ToHashSet()).ToHashSet();
        return [.. publisher.Streams.SelectMany(streams => streams.EventTypes).Where(entry => names.Contains(entry.Key))
            .Select(entry => entry.Value).Distinct()];
    }

    private async Task<long> CatchUp(
        List<History> histories, NpgsqlConnection connection, bool pageByPage, CancellationToken cancellation)
    {
        var facts = 0L;
        foreach (var history in histories)
        {
            await foreach (var messages in history.Next(cancellation))
            {
                await using var transaction = pageByPage
                    ? await connection.BeginTransactionAsync(cancellation)
                    : null;
                foreach (var message in messages)
                {
                    foreach (var consumer in _consumers[message.Body.GetType()])
                        facts += await consumer.Apply(message.Body, connection, cancellation);
                }
                if (transaction is not null)
                    await transaction.CommitAsync(cancellation);
            }
        }
        return facts;
    }

    /// <summary>The facts in a publisher's events of some types, continued from the last position read.</summary>
    private sealed class History(Publisher publisher, Type[] types) : IDisposable
    {
        private readonly DocumentStore _store = new(MartenStore.Options(publisher.Source, publisher.Streams));
        private readonly SafePosition _safe = new(publisher.Source);
        private Epochs? _epochs;

        /// <summary>The number of the last event that was read.</summary>
        public long Position { get; set; }

        public async IAsyncEnumerable<IReadOnlyList<Publication>> Next(
            [EnumeratorCancellation] CancellationToken cancellation)
        {
            var end = types.Length == 0 ? 0 : await _safe.LookThrough(cancellation);
            _epochs ??= await Epochs.Load(publisher.Source, cancellation);
            while (Position < end)
            {
                await using var session = _store.QuerySession();
                var page = await session.Events.QueryAllRawEvents()
                    .Where(e => e.Sequence > Position && e.Sequence <= end && e.EventTypesAre(types))
                    .OrderBy(e => e.Sequence).Take(EventsPerPage).ToListAsync(cancellation);
                Position = page.Count < EventsPerPage ? end : page[^1].Sequence;
                yield return publisher.Outbound.Messages(page.Select(StoredEvent.Of), _epochs);
            }
        }

        public void Dispose() => _store.Dispose();
    }
}
