using System.Reflection;
using System.Text.Json;
using Billing.Platform;

namespace Billing.Contracts.Tests;

/// <summary>A kind of event as it lies in a service's database.</summary>
/// <param name="Service">The service's name, as its folder in the tree.</param>
/// <param name="Name">The stored name.</param>
/// <param name="Type">The record.</param>
public sealed record StoredEventKind(string Service, string Name, Type Type)
{
    /// <summary>Where the golden copy lies.</summary>
    public string File => Path.Combine(StoredEvents.Golden, Service, $"{Name}.json");
}

/// <summary>Every kind of stored event, found in the stream types of all services.</summary>
internal static class StoredEvents
{
    private const BindingFlags Statics =
        BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private const BindingFlags Members = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    public static readonly string Golden = Tests.Golden.Folder("tests", "Contracts.Tests", "stored-events");

    public static IReadOnlyList<StoredEventKind> All { get; } = [.. Assemblies()
        .SelectMany(assembly => assembly.GetTypes())
        .SelectMany(type => type.GetFields(Statics))
        .Where(field => IsOne(field.FieldType, typeof(StreamType<,>)))
        .SelectMany(Kinds)
        .Distinct()
        .OrderBy(kind => kind.Service, StringComparer.Ordinal).ThenBy(kind => kind.Name, StringComparer.Ordinal)];

    /// <summary>Reads what is stored under a name as the service would, and writes it as the service would.</summary>
    public static string RoundTrip(StoredEventKind kind, string json)
    {
        var read = JsonSerializer.Deserialize(json, kind.Type, Wire.Stored)
            ?? throw new InvalidDataException($"{kind.Name} is null.");
        return JsonSerializer.Serialize(read, kind.Type, Wire.Stored);
    }

    private static IEnumerable<Assembly> Assemblies() =>
        Directory.GetFiles(AppContext.BaseDirectory, "Billing.*.dll")
            .Select(Path.GetFileNameWithoutExtension)
            .Where(name => name is not ("Billing.Testing" or "Billing.Contracts" or "Billing.Platform"))
            .Select(name => Assembly.Load(name!));

    private static IEnumerable<StoredEventKind> Kinds(FieldInfo field)
    {
        var streams = field.GetValue(null)!;
        var names = streams.GetType().GetProperty("Events", Members)!.GetValue(streams)!;
        var all = (IReadOnlyDictionary<string, Type>)names.GetType().GetProperty("All", Members)!.GetValue(names)!;
        var service = field.DeclaringType!.Assembly.GetName().Name!.Split('.')[^1];
        return all.Select(entry => new StoredEventKind(service, entry.Key, entry.Value));
    }

    private static bool IsOne(Type type, Type generic) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == generic;
}
