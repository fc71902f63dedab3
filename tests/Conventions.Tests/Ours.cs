using System.Reflection;
using Billing.Platform;

namespace Billing.Conventions.Tests;

/// <summary>What the compiled services consist of.</summary>
internal static class Ours
{
    private const BindingFlags Statics =
        BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private const BindingFlags Members = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    public static readonly Assembly Contracts = typeof(Contracts.Money).Assembly;

    /// <summary>The services with their libraries; Platform and contracts left out.</summary>
    public static IReadOnlyList<Assembly> Services { get; } =
        [.. Directory.GetFiles(AppContext.BaseDirectory, "Billing.*.dll")
            .Select(Path.GetFileNameWithoutExtension)
            .Where(name => name is not ("Billing.Platform" or "Billing.Contracts"))
            .Order(StringComparer.Ordinal)
            .Select(name => Assembly.Load(name!))];

    public static IEnumerable<Type> Types => Services.SelectMany(assembly => assembly.GetTypes()).Where(IsWritten);

    public static IEnumerable<Type> Commands =>
        Types.Where(type => !type.IsInterface && type.GetInterfaces().Any(i => Is(i, typeof(ICommand<,>))));

    /// <summary>All stream types with the base type of their events and the registered names.</summary>
    public static IReadOnlyList<Stream> Streams { get; } = [.. Types
        .SelectMany(type => type.GetFields(Statics))
        .Where(field => Is(field.FieldType, typeof(StreamType<,>)))
        .Select(StreamIn)];

    public static bool Is(Type type, Type generic) => type.IsGenericType && type.GetGenericTypeDefinition() == generic;

    public static bool IsSealedRecord(Type type) =>
        (type.IsSealed && type.GetMethod("<Clone>$") is not null)
        || (type.IsValueType && type.GetMethod("PrintMembers", Members) is not null);

    private static bool IsWritten(Type type) => !type.Name.Contains('<', StringComparison.Ordinal);

    private static Stream StreamIn(FieldInfo field)
    {
        var streams = field.GetValue(null)!;
        var names = streams.GetType().GetProperty("Events", Members)!.GetValue(streams)!;
        return new(
            field.DeclaringType!,
            (string)streams.GetType().GetProperty("Category", Members)!.GetValue(streams)!,
            field.FieldType.GenericTypeArguments[1],
            (IReadOnlyDictionary<string, Type>)names.GetType().GetProperty("All", Members)!.GetValue(names)!);
    }

    /// <summary>One family of streams.</summary>
    /// <param name="Owner">The type that declares it.</param>
    /// <param name="Category">Its prefix.</param>
    /// <param name="Events">The base type of its events.</param>
    /// <param name="Names">Its events by stored name.</param>
    internal sealed record Stream(
        Type Owner, string Category, Type Events, IReadOnlyDictionary<string, Type> Names);
}
