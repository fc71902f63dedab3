namespace Billing.Contracts.Tests;

/// <summary>Which types of contracts are messages of their own: those that no other one is made of.</summary>
internal static class Message
{
    public static IReadOnlyList<Type> All { get; } = Find();

    private static Type[] Find()
    {
        Type[] published = [.. typeof(Money).Assembly.GetExportedTypes()
            .Where(type => type is { IsClass: true, IsAbstract: false })
            .Where(type => type.Namespace!.StartsWith("Billing.Contracts.", StringComparison.Ordinal)
                && type.Namespace != typeof(Api.Lag).Namespace)];
        var parts = published
            .SelectMany(type => type.GetProperties())
            .SelectMany(property => property.PropertyType.GetGenericArguments().Append(property.PropertyType))
            .ToHashSet();
        return [.. published.Where(type => !parts.Contains(type)).OrderBy(type => type.Name, StringComparer.Ordinal)];
    }
}
