using System.Collections;
using System.Runtime.CompilerServices;

namespace Billing.Platform;

/// <summary>
/// A request to a stream. <see cref="Decide"/> is pure, synchronous and total; deciding twice adds nothing.
/// </summary>
/// <typeparam name="TState">What the stream's events add up to.</typeparam>
/// <typeparam name="TEvent">The stream's events.</typeparam>
public interface ICommand<in TState, TEvent>
{
    /// <summary>What is wrong with the request whatever the state, so that nothing is loaded for it; or null.</summary>
    Rejection? Refuse() => null;

    /// <summary>Answers with events, with none because it is already so, or with a refusal.</summary>
    Decision<TEvent> Decide(TState state);
}

/// <summary>Events, or a refusal. A collection expression is an acceptance.</summary>
/// <typeparam name="TEvent">The stream's events.</typeparam>
[CollectionBuilder(typeof(Decision), nameof(Decision.Of))]
public sealed class Decision<TEvent> : IEnumerable<TEvent>
{
    internal Decision(IReadOnlyList<TEvent> events, Rejection? rejection) =>
        (Events, Rejection) = (events, rejection);

    /// <summary>The events to append; empty when refused or already so.</summary>
    public IReadOnlyList<TEvent> Events { get; }

    /// <summary>The refusal, or null.</summary>
    public Rejection? Rejection { get; }

    /// <inheritdoc/>
    public IEnumerator<TEvent> GetEnumerator() => Events.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>A refusal is a decision.</summary>
    public static implicit operator Decision<TEvent>(Rejection rejection) => new([], rejection);
}

/// <summary>Builds decisions from collection expressions.</summary>
public static class Decision
{
    /// <summary>An acceptance with these events.</summary>
    public static Decision<TEvent> Of<TEvent>(ReadOnlySpan<TEvent> events) => new(events.ToArray(), null);
}
