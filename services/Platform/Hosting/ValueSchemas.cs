using System.Reflection;
using System.Text.Json.Serialization.Metadata;
using Billing.Contracts;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Billing.Platform;

/// <summary>
/// The OpenAPI schemas of values with a converter of their own, which the framework cannot derive: identifiers and
/// periods are strings of a form, days are dates, numbers have the limits of <see cref="StrictValues"/>.
/// </summary>
internal static class ValueSchemas
{
    public static void DescribeValues(this OpenApiOptions options) =>
        options.AddSchemaTransformer((schema, context, _) =>
        {
            var nullable = (schema.Type & JsonSchemaType.Null)
                ?? (Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) is null ? default : JsonSchemaType.Null);
            var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
            if (type == typeof(string))
                schema.Type = JsonSchemaType.String | nullable;
            else if (type == typeof(DateOnly))
                (schema.Type, schema.Format) = (JsonSchemaType.String | nullable, "date");
            else if (type == typeof(decimal))
                (schema.Type, schema.Format) = (JsonSchemaType.Number | nullable, "decimal");
            else if (context.JsonTypeInfo is { Kind: JsonTypeInfoKind.Enumerable, ElementType: { } item }
                && FormOf(item) is { } itemForm)
                schema.Items = new OpenApiSchema { Type = JsonSchemaType.String, Description = itemForm };
            else if (FormOf(type) is { } form)
                (schema.Type, schema.Description) = (JsonSchemaType.String | nullable, form);
            else if (type == typeof(Money) && schema.Properties?["fen"] is OpenApiSchema fen)
                (fen.Type, fen.Format, fen.Description) =
                    (JsonSchemaType.Integer, "int64", "Whole fen; 100 are 1 yuan.");
            return Task.CompletedTask;
        });

    private static string? FormOf(Type type) =>
        Identifier.IsOne(type)
            ? type.GetProperty("Form", BindingFlags.Public | BindingFlags.Static)!.GetValue(null) as string
            : null;
}
