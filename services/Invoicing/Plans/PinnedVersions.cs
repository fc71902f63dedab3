using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Billing.Invoicing;

/// <summary>
/// The versions of a plan that bill a period, in order: usually one, several when the price changes in it. Each ends
/// the day before the next one begins, so their numbers are enough to draft the same again. One version is stored as a
/// number, several as an array.
/// </summary>
/// <param name="Numbers">The versions, at least one.</param>
[JsonConverter(typeof(PinnedVersionsConverter))]
public sealed record PinnedVersions(ImmutableArray<int> Numbers)
{
    /// <summary>The version in force on the last day of the period.</summary>
    public int Last => Numbers[^1];

    /// <summary>Some versions in order.</summary>
    public static PinnedVersions Of(params ReadOnlySpan<int> numbers) => new([.. numbers]);

    /// <inheritdoc/>
    public bool Equals(PinnedVersions? other) => other is not null && Numbers.SequenceEqual(other.Numbers);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Numbers.Length, Last);

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", Numbers);
}

/// <summary>Writes one version as a number, as before several were possible.</summary>
internal sealed class PinnedVersionsConverter : JsonConverter<PinnedVersions>
{
    public override PinnedVersions Read(
        ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Number)
            return PinnedVersions.Of(reader.GetInt32());
        var numbers = reader.TokenType == JsonTokenType.StartArray
            ? JsonSerializer.Deserialize<int[]>(ref reader, options)!
            : [];
        return numbers.Length > 0
            ? PinnedVersions.Of(numbers)
            : throw new JsonException("Pinned versions are a number, or an array of at least one.");
    }

    public override void Write(Utf8JsonWriter writer, PinnedVersions value, JsonSerializerOptions options)
    {
        if (value.Numbers is [var only])
        {
            writer.WriteNumberValue(only);
            return;
        }
        writer.WriteStartArray();
        foreach (var number in value.Numbers)
            writer.WriteNumberValue(number);
        writer.WriteEndArray();
    }
}
