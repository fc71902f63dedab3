using System.Reflection;
using Billing.Platform;

namespace Billing.Tools;

/// <summary>What a service has registered: its families of streams, its outbound and its inbound map.</summary>
/// <param name="Name">The service, by the name of its database.</param>
/// <param name="Streams">Its families of streams, each with its events and its tables.</param>
/// <param name="Outbound">Its outbound map, or null when it publishes nothing.</param>
/// <param name="Inbound">Its inbound map, or null when it consumes nothing.</param>
internal sealed record ServiceModel(
    string Name, IReadOnlyList<StreamType> Streams, OutboundMap? Outbound, InboundMap? Inbound)
{
    /// <summary>The assembly with its declarations and its migrations.</summary>
    public Assembly? Assembly { get; private init; }

    /// <summary>
    /// Assemblies beside this program that are not services: this program itself and those with streams for
    /// measurements and trials.
    /// </summary>
    private static readonly string[] Others =
        [
            typeof(ServiceModel).Assembly.GetName().Name!, typeof(Schema).Assembly.GetName().Name!, "Billing.Lab",
            "Billing.Testing", "Billing.Platform.Tests",
        ];

    /// <summary>All services that have a database: each has migrations of its own.</summary>
    public static IReadOnlyList<ServiceModel> All { get; } =
        [.. Directory.GetFiles(AppContext.BaseDirectory, "Billing.*.dll")
            .Where(file => !Others.Contains(Path.GetFileNameWithoutExtension(file)))
            // By file: beside tests lie assemblies of which this program does not know.
            .Select(System.Runtime.Loader.AssemblyLoadContext.Default.LoadFromAssemblyPath)
            .Where(assembly => assembly.GetManifestResourceNames().Any(
                name => name.StartsWith("migrations/", StringComparison.Ordinal)))
            .Select(Of)
            .OrderBy(model => model.Name, StringComparer.Ordinal)];

    /// <summary>Reads the declarations of an assembly.</summary>
    public static ServiceModel Of(Assembly assembly) => new(
        assembly.GetName().Name!.Split('.')[^1].ToLowerInvariant(), StreamType.In(assembly),
        Declared<OutboundMap>(assembly), Declared<InboundMap>(assembly))
    {
        Assembly = assembly,
    };

    /// <summary>Whether rows of this service follow from messages of the other one.</summary>
    public bool ConsumesFrom(ServiceModel other) => Inbound is { } inbound && other.Outbound is { } outbound
        && inbound.RowConsumers.Select(MessageOf).Any(outbound.Publishes);

    private static Type MessageOf(Type consumer) => consumer is { IsGenericType: true }
        && consumer.GetGenericTypeDefinition() == typeof(Consumer<>)
            ? consumer.GenericTypeArguments[0]
            : MessageOf(consumer.BaseType!);

    private static T? Declared<T>(Assembly assembly)
        where T : class => assembly.GetTypes()
        .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public))
        .Where(field => field.FieldType == typeof(T))
        .Select(field => (T?)field.GetValue(null)).SingleOrDefault();
}
