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

    /// <summary>All names with their event types.</summary>
    public IReadOnlyDictionary<string, Type> All => _types;

    /// <summary>Finds the event types of the family: all subtypes in its assembly.</summary>
    /// <exception cref="InvalidOperationException">A type has no name, or two have the same.</exception>
    public EventNames()
    {
        foreach (var type in typeof(TEvent).Assembly.GetTypes()
            .Where(type => !type.IsAbstract && type.IsAssignableTo(typeof(TEvent))))
        {
            var name = StoredAsAttribute.NameOf(type);
            if (!_types.TryAdd(name, type))
                throw new InvalidOperationException(
                    $"{type.Name} and {_types[name].Name} are both stored as '{name}'.");
            _names.Add(type, (name, StoredAsAttribute.DotnetTypeOf(type)));
        }
    }

    /// <summary>The stored name of an event.</summary>
    public string NameOf(TEvent @event) => Entry(@event.GetType()).Name;

    internal (string Name, string DotnetType) Entry(TEvent @event) => Entry(@event.GetType());

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
                $"{type.Name} is no event of this family.");
}
