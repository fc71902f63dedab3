using JasperFx.Events;
using JasperFx.Events.Projections;
using Marten;
using Marten.Events.Aggregation;
using Marten.Events.Projections;
using Npgsql;

namespace Billing.Platform;

/// <summary>
/// A stream's state as Marten knows it: the result of <c>AggregateStreamAsync</c>, <c>FetchLatest</c> and
/// <c>FetchForWriting</c> of <c>Aggregate&lt;TState&gt;</c>. It is folded by the stream type's own function.
/// </summary>
/// <typeparam name="TState">The state.</typeparam>
/// <param name="Id">The stream's id.</param>
/// <param name="State">The state folded from its events.</param>
/// <param name="Version">The number of its events.</param>
public sealed record Aggregate<TState>(string Id, TState State, long Version);

/// <summary>Lets Marten fold a family of streams by the stream type's own function.</summary>
internal sealed class LiveAggregate<TState, TEvent> : SingleStreamProjection<Aggregate<TState>, string>
    where TEvent : class
{
    private readonly StreamType<TState, TEvent> _type;

    public LiveAggregate(StreamType<TState, TEvent> type)
    {
        _type = type;
        Name = $"{type.Category}-{typeof(TState).Name}";
    }

    public override Aggregate<TState> Evolve(Aggregate<TState>? snapshot, string id, IEvent e) =>
        new(id, _type.Evolve(snapshot is null ? _type.Initial : snapshot.State, (TEvent)e.Data), e.Version);
}

/// <summary>
/// Writes the rows that follow from events in Marten's own appends, so that a slice written as Marten's documentation
/// shows also keeps its read models. Appends through <see cref="EventStore"/> write their rows themselves and do not
/// come here.
/// </summary>
internal sealed class InlineRows<TState, TEvent>(StreamType<TState, TEvent> type) : IProjection
    where TEvent : class
{
    public async Task ApplyAsync(
        IDocumentOperations operations, IReadOnlyList<IEvent> events, CancellationToken cancellation)
    {
        var rows = new Rows();
        foreach (var stream in events
            .Where(e => e.StreamKey!.StartsWith(type.Category + "-", StringComparison.Ordinal) && e.Data is TEvent)
            .GroupBy(e => e.StreamKey!, StringComparer.Ordinal))
        {
            var before = stream.First().Version - 1;
            if (before < 0)
                throw new InvalidOperationException(
                    $"{stream.Key} has rows that need its version: append to it by FetchForWriting.");
            var state = before == 0
                ? type.Initial
                : (await operations.Events.AggregateStreamAsync<Aggregate<TState>>(
                    stream.Key, version: before, token: cancellation))!.State;
            foreach (var e in stream)
            {
                e.Id = type.IdOf(state, (TEvent)e.Data);
                state = type.Follow(rows, new(stream.Key, e.Version, e.Id, e.Timestamp, (TEvent)e.Data), state);
            }
        }
        if (!rows.IsEmpty)
            operations.QueueOperation(rows.Operation());
    }
}

/// <summary>Support for slices written as Marten's documentation shows.</summary>
public static class PlainSlices
{
    /// <summary>
    /// The refusal that a fault of <c>SaveChangesAsync</c> stands for: a concurrent append, or a natural key of the
    /// family's rows that is already used. Null for any other fault.
    /// </summary>
    public static Rejection? RefusalOf(this StreamType type, Exception fault)
    {
        ArgumentNullException.ThrowIfNull(type);
        return fault switch
        {
            JasperFx.ConcurrencyException or Marten.Exceptions.ExistingStreamIdCollisionException =>
                Rejection.Contended,
            { InnerException: PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected } } =>
                Rejection.Contended,
            { InnerException: PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } taken } =>
                type.Tables.FirstOrDefault(table => table.Name == taken.TableName)?.Taken ?? Rejection.Contended,
            _ => null,
        };
    }
}
