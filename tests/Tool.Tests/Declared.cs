using System.Reflection;
using Billing.Platform;
using Billing.Testing;

namespace Billing.Tools.Tests;

/// <summary>A kind of event that a service registers under a stored name.</summary>
internal sealed record DeclaredEvent(string Service, string Category, string Name, Type Type, bool Public);

/// <summary>What the compiled services declare, found in all of them.</summary>
internal static class Declared
{
    private const BindingFlags Statics =
        BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private const BindingFlags Members = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    private static readonly string[] NoServices =
        ["Billing.Contracts", "Billing.Platform", "Billing.Rating", "Billing.Testing", "Billing.Cli", "Billing.Lab"];

    private static readonly IReadOnlyList<(string Service, FieldInfo Field)> Fields =
        [.. Directory.GetFiles(AppContext.BaseDirectory, "Billing.*.dll")
            .Select(file => Path.GetFileNameWithoutExtension(file)).Where(name => !NoServices.Contains(name))
            .SelectMany(name => Assembly.Load(name).GetTypes().SelectMany(type => type.GetFields(Statics))
                .Select(field => (name["Billing.".Length..].ToLowerInvariant(), field)))];

    private static readonly IReadOnlyDictionary<string, OutboundMap> Outbound = Of<OutboundMap>(typeof(OutboundMap))
        .ToDictionary(found => found.Service, found => found.Value);

    public static IReadOnlyList<DeclaredEvent> Events { get; } = [.. Of<object>(typeof(StreamType<,>))
        .SelectMany(found => Names(found.Value).Select(entry => new DeclaredEvent(
            found.Service, Category(found.Value), entry.Key, entry.Value,
            Outbound.TryGetValue(found.Service, out var map) && map.IsPublic(entry.Key))))
        .DistinctBy(declared => (declared.Service, declared.Name))];

    /// <summary>
    /// The tables whose columns are declared, each once, though several may declare some of them; without those that
    /// say in their comment that they are records, which no event brings back.
    /// </summary>
    public static IReadOnlyList<(string Service, string Table)> Tables { get; } = [.. Of<ITable>(typeof(Table<>))
        .Select(found => (found.Service, found.Value.Name)).Distinct()
        .Where(found => !Migrations(found.Service).Contains(
            $"comment on table {found.Name} is 'Record: ", StringComparison.Ordinal))];

    private static string Migrations(string service) => string.Concat(Directory
        .GetFiles(Path.Combine(Backend.Root, "services"), "*.sql", SearchOption.AllDirectories)
        .Where(file => file.Contains($"/{service}/migrations/", StringComparison.OrdinalIgnoreCase))
        .Select(File.ReadAllText));

    private static IEnumerable<(string Service, T Value)> Of<T>(Type kind) => Fields
        .Where(found => (found.Field.FieldType.IsGenericType
            ? found.Field.FieldType.GetGenericTypeDefinition()
            : found.Field.FieldType) == kind)
        .Select(found => (found.Service, (T)found.Field.GetValue(null)!));

    private static string Category(object streams) => (string)Value(streams, "Category")!;

    private static IReadOnlyDictionary<string, Type> Names(object streams) =>
        (IReadOnlyDictionary<string, Type>)Value(Value(streams, "Events")!, "All")!;

    private static object? Value(object of, string property) =>
        of.GetType().GetProperty(property, Members)!.GetValue(of);
}
