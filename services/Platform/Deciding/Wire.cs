using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Billing.Platform;

/// <summary>The two ways this system writes and reads JSON.</summary>
public static class Wire
{
    /// <summary>Events and messages: tolerant of members that a newer writer added, never of missing ones.</summary>
    public static readonly JsonSerializerOptions Stored = Configure(
        new JsonSerializerOptions(JsonSerializerDefaults.Web));

    /// <summary>Requests: missing, null, unknown and repeated members are errors (style.md rule 18).</summary>
    public static readonly JsonSerializerOptions Strict = Strictly(
        new JsonSerializerOptions(JsonSerializerDefaults.Web));

    /// <summary>Makes options strict in place, for hosts that own their options.</summary>
    public static JsonSerializerOptions Strictly(JsonSerializerOptions options)
    {
        Configure(options);
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.AllowDuplicateProperties = false;
        // What is computed and never read, such as Money.Yuan, would pass as known and be ignored.
        options.TypeInfoResolver = (options.TypeInfoResolver ?? new DefaultJsonTypeInfoResolver()).WithAddedModifier(
            type =>
            {
                for (var i = type.Properties.Count - 1; i >= 0; i--)
                {
                    if (type.Properties[i] is { Get: null, Set: null, AssociatedParameter: null })
                        type.Properties.RemoveAt(i);
                }
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
}
