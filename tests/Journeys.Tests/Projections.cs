using System.Reflection;
using Billing.Platform;

namespace Billing.Journeys.Tests;

/// <summary>
/// Every table whose rows follow from events, found where the services declare them: with their streams, and with the
/// consumers of others' messages. That no table is declared nowhere is seen in ReadModelsTests.
/// </summary>
internal static class Projections
{
    private static readonly string[] NoServices = ["Billing.Platform", "Billing.Contracts", "Billing.Testing"];

    public static IReadOnlyList<(string Service, string Table)> All { get; } =
        [.. Directory.GetFiles(AppContext.BaseDirectory, "Billing.*.dll").Select(Path.GetFileNameWithoutExtension)
            .Where(name => !NoServices.Contains(name)).Select(name => Assembly.Load(name!))
            .SelectMany(service => TablesOf(service).Select(table => (service.GetName().Name!.Split('.')[^1], table)))];

    private static IEnumerable<string> TablesOf(Assembly service) => StreamType.In(service)
        .SelectMany(streams => streams.Tables.Select(table => table.Name)).Concat(Inbound(service)
            .SelectMany(inbound => inbound.Tables));

    private static IEnumerable<InboundMap> Inbound(Assembly service) => service.GetTypes()
        .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
        .Where(field => field.FieldType == typeof(InboundMap))
        .Select(field => (InboundMap)field.GetValue(null)!);
}
