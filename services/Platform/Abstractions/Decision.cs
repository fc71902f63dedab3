using System.Collections;
using System.Runtime.CompilerServices;

namespace Billing.Platform;

/// <summary>
/// A request to a stream. <see cref="Decide"/> is pure, synchronous and total; deciding a second time after its events
/// were appended adds none.
/// </summary>
/// <typeparam name="TState">The state folded from the stream's events.</typeparam>
/// <typeparam name="TEvent">The stream's events.</typeparam>
public interface ICommand<in TState, TEvent>
{
    /// <summary>
    /// The refusal of a request that is wrong in every state, decided before anything is loaded; or null.
    /// </summary>
    Rejection? Refuse() => null;

    /// <summary>Returns the events to append, none when the state is already as requested, or a refusal.</summary>
    Decision<TEvent> Decide(TState state);
}

/// <summary>Events, or a refusal. A collection expression of events is an acceptance.</summary>
/// <typeparam name="TEvent">The stream's events.</typeparam>
[CollectionBuilder(typeof(Decision), nameof(Decision.Of))]
public sealed class Decision<TEvent> : IEnumerable<TEvent>
{
    internal Decision(IReadOnlyList<TEvent> events, Rejection? rejection) =>
        (Events, Rejection) = (events, rejection);

    /// <summary>The events to append; empty when refused or when nothing has to change.</summary>
    public IReadOnlyList<TEvent> Events { get; }

    /// <summary>The refusal, or null.</summary>
    public Rejection? Rejection { get; }

    /// <inheritdoc/>
    public IEnumerator<TEvent> GetEnumerator() => Events.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Converts a refusal to a decision without events.</summary>
    public static implicit operator Decision<TEvent>(Rejection rejection) => new([], rejection);
}

/// <summary>Builds decisions from collection expressions.</summary>
public static class Decision
{
    /// <summary>An acceptance with these events.</summary>
    public static Decision<TEvent> Of<TEvent>(ReadOnlySpan<TEvent> events) => new(events.ToArray(), null);
}
