using System.Text.Json;

namespace Billing.Platform;

/// <summary>
/// The stored, versioned names of a family's events, such as <c>payment-received.v1</c>. They are the storage format: a
/// name never changes its meaning, and a new shape gets a new name.
/// </summary>
/// <typeparam name="TEvent">The closed hierarchy of events.</typeparam>
public sealed class EventNames<TEvent>
    where TEvent : class
{
    private readonly Dictionary<string, Type> _types = [];
    private readonly Dictionary<Type, (string Name, string DotnetType)> _names = [];

    /// <summary>All names with their types.</summary>
    public IReadOnlyDictionary<string, Type> All => _types;

    /// <summary>Registers an event type under its stored name.</summary>
    public EventNames<TEvent> Add<T>(string name)
        where T : TEvent
    {
        _types.Add(name, typeof(T));
        _names.Add(typeof(T), (name, $"{typeof(T).FullName}, {typeof(T).Assembly.GetName().Name}"));
        return this;
    }

    /// <summary>The stored name of an event.</summary>
    public string NameOf(TEvent @event) => Entry(@event.GetType()).Name;

    internal string DotnetTypeOf(TEvent @event) => Entry(@event.GetType()).DotnetType;

    internal static byte[] Write(TEvent @event) =>
        JsonSerializer.SerializeToUtf8Bytes(@event, @event.GetType(), Wire.Stored);

    /// <summary>Whether a stored event belongs to this family.</summary>
    public bool Knows(string name) => _types.ContainsKey(name);

    /// <summary>Reads a stored event.</summary>
    /// <exception cref="InvalidDataException">The name is unknown or the data does not fit it.</exception>
    public TEvent Read(string name, ReadOnlySpan<byte> data)
    {
        if (!_types.TryGetValue(name, out var type))
            throw new InvalidDataException($"No event of {typeof(TEvent).Name} is stored as '{name}'.");
        return (TEvent?)JsonSerializer.Deserialize(data, type, Wire.Stored)
            ?? throw new InvalidDataException($"A stored '{name}' is null.");
    }

    private (string Name, string DotnetType) Entry(Type type) =>
        _names.TryGetValue(type, out var entry)
            ? entry
            : throw new InvalidOperationException(
                $"{type.Name} has no stored name; add it to the stream's EventNames.");
}
