using System.Collections.Concurrent;
using Microsoft.AspNetCore.OpenApi;

namespace Billing.Platform;

/// <summary>
/// The names of schemas in an OpenAPI document. The framework names them after their types without the namespace, so
/// that two types of one name would silently become one schema.
/// </summary>
internal static class SchemaNames
{
    /// <summary>Refuses a document in which two types have one name.</summary>
    public static void NameSchemasOnce(this OpenApiOptions options)
    {
        var owners = new ConcurrentDictionary<string, Type>(StringComparer.Ordinal);
        options.CreateSchemaReferenceId = type =>
        {
            var name = OpenApiOptions.CreateDefaultSchemaReferenceId(type);
            var described = Nullable.GetUnderlyingType(type.Type) ?? type.Type;
            return name is null || owners.GetOrAdd(name, described) is var owner && owner == described
                ? name
                : throw new NotSupportedException(
                    $"{described} and {owner} would both be the schema {name}: give one of them another name.");
        };
    }
}
