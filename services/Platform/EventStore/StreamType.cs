using System.Reflection;

namespace Billing.Platform;

/// <summary>
/// A family of streams: its category, the stored names of its events, and the tables that follow from them. Declaring
/// one in a static field of a service registers it: the store, <c>rebuild</c> and the audit find it there.
/// </summary>
public abstract class StreamType
{
    private protected StreamType(string category, IReadOnlyList<ITable> tables)
    {
        if (tables.Contains(null))
            throw new ArgumentException($"A table of {category} is declared below its streams.", nameof(tables));
        (Category, Tables) = (category, tables);
    }

    /// <summary>The stream id's prefix, such as <c>account</c>.</summary>
    public string Category { get; }

    /// <summary>The tables whose rows are written with the events and can be rebuilt from them.</summary>
    public IReadOnlyList<ITable> Tables { get; }

    /// <summary>The events by their stored names.</summary>
    public abstract IReadOnlyDictionary<string, Type> EventTypes { get; }

    /// <summary>All families that an assembly declares.</summary>
    public static IReadOnlyList<StreamType> In(Assembly assembly)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        const BindingFlags Statics =
            BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        return [.. assembly.GetTypes().Where(type => !type.ContainsGenericParameters)
            .SelectMany(type => type.GetFields(Statics))
            .Where(field => typeof(StreamType).IsAssignableFrom(field.FieldType))
            .Select(field => (StreamType)field.GetValue(null)!)];
    }

    /// <summary>Calls a generic operation with the family's state and event types.</summary>
    internal abstract TResult As<TResult>(IStreamTypeUse<TResult> use);
}

/// <summary>An operation on a family of streams that needs its state and event types.</summary>
internal interface IStreamTypeUse<out TResult>
{
    TResult Use<TState, TEvent>(StreamType<TState, TEvent> type)
        where TEvent : class;
}

/// <summary>
/// A family of streams with its initial state, the fold of its events, and the read-model rows that follow from them.
/// One per stream file; the rows are written in the transaction of the events.
/// </summary>
/// <typeparam name="TState">The state folded from the events; immutable.</typeparam>
/// <typeparam name="TEvent">The closed hierarchy of events.</typeparam>
public sealed class StreamType<TState, TEvent> : StreamType
    where TEvent : class
{
    /// <summary>Declares a family of streams.</summary>
    /// <param name="category">The stream id's prefix, such as <c>account</c>.</param>
    /// <param name="initial">The state of a stream without events.</param>
    /// <param name="evolve">Copies the facts of an event into the state; throws on an impossible event.</param>
    /// <param name="project">The rows that follow from one event, or null when there are none.</param>
    /// <param name="tables">Every table that <paramref name="project"/> writes to.</param>
    public StreamType(
        string category,
        TState initial,
        Func<TState, TEvent, TState> evolve,
        Projector<TState, TEvent>? project = null,
        params ITable[] tables)
        : base(category, tables) =>
        (Initial, Evolve, Project) = (initial, evolve, project);

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, Type> EventTypes => Events.All;

    /// <summary>
    /// Whether states of long streams are stored as JSON snapshots, so that not all of their events are folded each
    /// time.
    /// </summary>
    public bool HasSnapshots { get; init; }

    /// <summary>
    /// The natural key of an event, the same wherever and whenever it is recorded, such as the number of a payment;
    /// null for an event that only its position in its stream identifies. Its id is derived from the key, so that
    /// consumers recognise a fact that a restored service records again.
    /// </summary>
    public Func<TState, TEvent, string?>? Identity { get; init; }

    internal TState Initial { get; }

    /// <summary>Identifies the code that folds the state; null when no snapshots are kept.</summary>
    internal string? FoldVersion => HasSnapshots ? _fold ??= Snapshots.FoldOf<TState>() : null;

    internal Func<TState, TEvent, TState> Evolve { get; }

    internal EventNames<TEvent> Events { get; } = new();

    private Projector<TState, TEvent>? Project { get; }

    private string? _fold;

    /// <summary>The stream with a key.</summary>
    public StreamName<TState, TEvent> Named(string key) => new(this, $"{Category}-{key}");

    /// <summary>Folds a history from the initial state.</summary>
    public TState Fold(IEnumerable<TEvent> history) => Fold(Initial, history);

    /// <summary>Folds further events into a state.</summary>
    public TState Fold(TState state, IEnumerable<TEvent> events) => events.Aggregate(state, Evolve);

    /// <summary>The id of an event that is about to be recorded.</summary>
    internal Guid IdOf(TState before, TEvent @event) =>
        Identity?.Invoke(before, @event) is { } name ? Ids.Named(name) : Ids.Next();

    /// <summary>Adds the rows that follow from one event, and returns the state after it.</summary>
    /// <exception cref="InvalidOperationException">A row is for a table that the family does not list.</exception>
    internal TState Follow(Rows rows, Recorded<TEvent> recorded, TState before)
    {
        var after = Evolve(before, recorded.Event);
        rows.Only = Tables;
        Project?.Invoke(rows, recorded, before, after);
        rows.Only = null;
        return after;
    }

    internal override TResult As<TResult>(IStreamTypeUse<TResult> use) => use.Use(this);
}

/// <summary>One stream.</summary>
/// <typeparam name="TState">The state folded from the events.</typeparam>
/// <typeparam name="TEvent">The closed hierarchy of events.</typeparam>
/// <param name="Type">Its family.</param>
/// <param name="Id">Its id in storage, such as <c>account-1000000001</c>.</param>
public sealed record StreamName<TState, TEvent>(StreamType<TState, TEvent> Type, string Id)
    where TEvent : class;

/// <summary>
/// Adds the rows that follow from one event. Pure: the same events give the same rows, so they can be rebuilt.
/// </summary>
/// <param name="rows">The collection the rows are added to.</param>
/// <param name="event">The event and its position.</param>
/// <param name="before">The state before the event.</param>
/// <param name="after">The state after the event.</param>
/// <typeparam name="TState">The stream's state.</typeparam>
/// <typeparam name="TEvent">The stream's events.</typeparam>
public delegate void Projector<in TState, TEvent>(Rows rows, Recorded<TEvent> @event, TState before, TState after);

/// <summary>An event at its position in its stream.</summary>
/// <typeparam name="TEvent">The stream's events.</typeparam>
/// <param name="Stream">The stream's id.</param>
/// <param name="Version">The position in the stream, from 1.</param>
/// <param name="Id">The event's id.</param>
/// <param name="At">When it was recorded, UTC.</param>
/// <param name="Event">The event.</param>
public readonly record struct Recorded<TEvent>(
    string Stream, long Version, Guid Id, DateTimeOffset At, TEvent Event);
