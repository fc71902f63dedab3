namespace Billing.Platform;

/// <summary>Folds events to states and to the rows that follow.</summary>
internal static class Folding
{
    /// <summary>Applies the newer events of a stream to a known state.</summary>
    public static Known<TState> Fold<TState, TEvent>(
        StreamType<TState, TEvent> type, Known<TState>? known, News news)
        where TEvent : class
    {
        var state = known is { } before && news.From == before.Version ? before
            : news.Snapshot is { } snapshot
                ? new(Snapshots.Read<TState>(snapshot), news.From, news.Last, news.From)
            : new Known<TState>(type.Initial, 0, default, 0);
        foreach (var fact in news.Facts)
            state = state with
            {
                State = type.Evolve(state.State, type.Events.Read(fact.Type, fact.Data)), Version = fact.Version,
                Last = fact.Id,
            };
        return state;
    }

    /// <summary>Applies a decision's new events to a state; each is given its id, and its rows are added.</summary>
    public static TState Project<TState, TEvent>(
        StreamName<TState, TEvent> stream, TState state, long version, IReadOnlyList<TEvent> events,
        Action<Guid, TEvent> add, DateTimeOffset at, Rows rows)
        where TEvent : class
    {
        foreach (var @event in events)
        {
            var id = stream.Type.IdOf(state, @event);
            add(id, @event);
            state = stream.Type.Follow(rows, new(stream.Id, ++version, id, at, @event), state);
        }
        return state;
    }
}
