using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Billing.Contracts;

namespace Billing.Platform;

/// <summary>The two JSON configurations of this system.</summary>
public static class Wire
{
    /// <summary>Events and messages: members added by a newer writer are ignored; missing ones are errors.</summary>
    public static readonly JsonSerializerOptions Stored = Configure(
        new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            Converters = { new StoredPeriod(), new StoredIdentifiers() },
        });

    /// <summary>
    /// Requests: missing, null, unknown and repeated members are errors (style.md rule 18), and so are the values
    /// excluded by <see cref="StrictValues"/>.
    /// </summary>
    public static readonly JsonSerializerOptions Strict = Strictly(
        new JsonSerializerOptions(JsonSerializerDefaults.Web));

    /// <summary>Makes options strict in place, for hosts that own their options.</summary>
    public static JsonSerializerOptions Strictly(JsonSerializerOptions options)
    {
        Configure(options);
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.AllowDuplicateProperties = false;
        StrictValues.AddTo(options);
        // A computed property that is never read, such as Money.Yuan, would be accepted as known and ignored.
        options.TypeInfoResolver = (options.TypeInfoResolver ?? new DefaultJsonTypeInfoResolver()).WithAddedModifier(
            type =>
            {
                for (var i = type.Properties.Count - 1; i >= 0; i--)
                {
                    if (type.Properties[i] is { Get: null, Set: null, AssociatedParameter: null })
                        type.Properties.RemoveAt(i);
                }
                StrictValues.Bound(type);
            });
        return options;
    }

    private static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.RespectRequiredConstructorParameters = true;
        options.RespectNullableAnnotations = true;
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.Never;
        options.Converters.Add(new JsonStringEnumConverter(allowIntegerValues: false));
        return options;
    }

    /// <summary>A stored period is read as it was written, even if the limits were different then.</summary>
    private sealed class StoredPeriod : JsonConverter<BillingPeriod>
    {
        public override BillingPeriod Read(
            ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            BillingPeriod.Wrap(reader.GetString() ?? throw new JsonException("A period is not null."));

        public override void Write(Utf8JsonWriter writer, BillingPeriod value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.Value);
    }

    /// <summary>A stored identifier is read as it was written, even if its form was different then.</summary>
    private sealed class StoredIdentifiers : JsonConverterFactory
    {
        public override bool CanConvert(Type typeToConvert) => Identifier.IsOne(typeToConvert);

        public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
            (JsonConverter)Activator.CreateInstance(typeof(StoredIdentifier<>).MakeGenericType(typeToConvert))!;
    }

    private sealed class StoredIdentifier<T> : IdentifierConverter<T>
        where T : struct, IIdentifier<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            T.Wrap(reader.GetString() ?? throw new JsonException("An identifier is not null."));
    }
}
