using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using Billing.Contracts;

namespace Billing.Platform;

/// <summary>One message ready to be published.</summary>
/// <param name="Id">Derived from the events in it, so that a repetition has the same id.</param>
/// <param name="Body">The message.</param>
/// <param name="Traces">The traces under which its events were recorded; the first is continued, the others are
/// linked.</param>
/// <param name="Mandatory">Whether the broker returns it while no queue is bound, which holds the relay until one
/// is.</param>
public sealed record Publication(Guid Id, object Body, IReadOnlyList<string> Traces, bool Mandatory);

/// <summary>
/// Maps stored events to public messages: which events are public, the message they become, and how many facts share a
/// message. Pure; the only place that sees both private events and public messages.
/// </summary>
public sealed class OutboundMap
{
    /// <summary>The maximum number of facts in one message.</summary>
    public const int ItemsPerMessage = 500;

    /// <summary>The maximum size of a message's JSON, bytes, unless a single fact is larger.</summary>
    public const int BytesPerMessage = 512 * 1024;

    private readonly Dictionary<string, Route> _routes = new(StringComparer.Ordinal);

    /// <summary>Publishes an event as one of many items in a message.</summary>
    /// <param name="item">The public fact; null for an event of the kind that stays private.</param>
    /// <param name="pack">Makes the message around the facts.</param>
    public OutboundMap Pack<TEvent, TItem, TMessage>(
        Func<TEvent, Origin, TItem?> item, Func<IReadOnlyList<TItem>, TMessage> pack)
        where TMessage : class
        where TItem : class
    {
        _routes.Add(StoredAsAttribute.NameOf(typeof(TEvent)), new(
            typeof(TMessage),
            (stored, origin) => item((TEvent)stored.Data, origin),
            items => pack([.. items.Cast<TItem>()]),
            ItemsPerMessage,
            Mandatory: true));
        return this;
    }

    /// <summary>Publishes an event as a message of its own.</summary>
    /// <param name="message">The public message.</param>
    /// <param name="mustBeHeard">False for an announcement that needs no consumer.</param>
    public OutboundMap Single<TEvent, TMessage>(
        Func<TEvent, Origin, TMessage> message, bool mustBeHeard = true)
        where TMessage : class
    {
        _routes.Add(StoredAsAttribute.NameOf(typeof(TEvent)), new(
            typeof(TMessage),
            (stored, origin) => message((TEvent)stored.Data, origin), items => items[0], 1, mustBeHeard));
        return this;
    }

    /// <summary>The message type in which an event is published; null when it is private.</summary>
    public Type? MessageOf(string name) => _routes.GetValueOrDefault(name)?.Message;

    /// <summary>The message types that are published, each once.</summary>
    public IEnumerable<Type> Published => _routes.Values.Select(route => route.Message).Distinct();

    /// <summary>Whether any event is published in this message type.</summary>
    public bool Publishes(Type message) => _routes.Values.Any(route => route.Message == message);

    /// <summary>Whether an event of this stored name is public.</summary>
    public bool IsPublic(string name) => _routes.ContainsKey(name);

    /// <summary>The stored names of the events published in these message types.</summary>
    public IEnumerable<string> NamesIn(IReadOnlySet<Type> messages) =>
        _routes.Where(route => messages.Contains(route.Value.Message)).Select(route => route.Key);

    /// <summary>The messages for events in global order; facts of one kind keep their order.</summary>
    /// <param name="events">The events.</param>
    /// <param name="epochs">Assigns the events to the restores after which they were recorded.</param>
    public IReadOnlyList<Publication> Messages(IEnumerable<StoredEvent> events, Epochs epochs)
    {
        var publications = new List<Publication>();
        foreach (var kind in events.Where(e => IsPublic(e.Type)).GroupBy(e => e.Type, StringComparer.Ordinal))
        {
            var route = _routes[kind.Key];
            var (pack, items, bytes) = (new List<StoredEvent>(), new List<object>(), 0);
            foreach (var stored in kind)
            {
                if (route.Item(stored, OriginOf(stored, epochs)) is not { } item)
                    continue;
                var size = route.Items == 1 ? 0 : SizeOf(item);
                if (pack.Count > 0 && (pack.Count == route.Items || bytes + size > BytesPerMessage))
                {
                    publications.Add(route.Publish(pack, items, epochs));
                    (pack, items, bytes) = ([], [], 0);
                }
                pack.Add(stored);
                items.Add(item);
                bytes += size;
            }
            if (pack.Count > 0)
                publications.Add(route.Publish(pack, items, epochs));
        }
        return publications;
    }

    private static int SizeOf(object item)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using var writer = new Utf8JsonWriter(buffer);
        JsonSerializer.Serialize(writer, item, item.GetType(), Wire.Stored);
        return buffer.WrittenCount;
    }

    private static Origin OriginOf(StoredEvent stored, Epochs epochs) =>
        new(stored.Id, stored.Sequence, stored.Version, stored.At, epochs.Of(stored.Sequence));

    private sealed record Route(
        Type Message, Func<StoredEvent, Origin, object?> Item, Func<List<object>, object> Pack, int Items,
        bool Mandatory)
    {
        public Publication Publish(List<StoredEvent> events, List<object> items, Epochs epochs) => new(
            IdOf(events, epochs.Of(events[^1].Sequence)),
            Pack(items),
            [.. events.Select(e => e.Trace).OfType<string>().Distinct(StringComparer.Ordinal).Take(16)],
            Mandatory);

        /// <summary>
        /// The id of a message: of a single fact that of its event; of a pack one derived from all of its events. A
        /// fact recorded again after a restore keeps its id, but its message does not: an inbox may have the former
        /// one, for a row that no longer exists.
        /// </summary>
        private static Guid IdOf(List<StoredEvent> events, int epoch)
        {
            if (events.Count == 1 && epoch == 0)
                return events[0].Id;
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            Span<byte> id = stackalloc byte[16];
            foreach (var e in events)
            {
                e.Id.TryWriteBytes(id);
                hash.AppendData(id);
            }
            if (epoch > 0)
                hash.AppendData(BitConverter.GetBytes(epoch));
            return new Guid(hash.GetHashAndReset().AsSpan(0, 16));
        }
    }
}
