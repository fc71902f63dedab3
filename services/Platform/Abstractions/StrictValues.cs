using System.Collections;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Billing.Contracts;

namespace Billing.Platform;

/// <summary>
/// Values that no member of a request may have: text that no database can store, days outside of the
/// <see cref="BusinessCalendar"/>, numbers so large that their sums would overflow. Each is refused where it is parsed,
/// so that the refusal names the member and no code behind the edge has to check again.
/// </summary>
public static class StrictValues
{
    /// <summary>The largest absolute amount of money: a trillion yuan, in fen.</summary>
    public const long MostFen = 100_000_000_000_000;

    /// <summary>The largest absolute value of any other number.</summary>
    public const decimal Most = 1_000_000_000_000m;

    /// <summary>The largest number of decimals.</summary>
    public const int MostDecimals = 12;

    /// <summary>Why a text is refused, or null when it can be stored.</summary>
    public static string? Complaint(string? text) =>
        text is null ? null
        : text.Contains('\0', StringComparison.Ordinal) ? "Text holds no NUL character."
        : HasHalfCharacter(text) ? "Text holds no half of a character (an unpaired surrogate)."
        : null;

    internal static void AddTo(JsonSerializerOptions options)
    {
        options.Converters.Add(new Text());
        options.Converters.Add(new Document());
        options.Converters.Add(new Day());
        options.Converters.Add(new Number());
    }

    /// <summary>Limits the members of <see cref="Money"/>, which has no converter of its own.</summary>
    internal static void Bound(JsonTypeInfo type)
    {
        if (type.Type == typeof(Money))
            type.Properties.Single(property => property.Name == "fen").CustomConverter = new Fen();
        var lists = type.Properties
            .Where(property => property.Get is not null && IsListOfObjects(property.PropertyType)).ToList();
        if (lists.Count == 0)
            return;
        type.OnDeserialized = read =>
        {
            foreach (var list in lists)
            {
                if (list.Get!(read) is IEnumerable items && items.Cast<object?>().Contains(null))
                    throw new JsonException($"List '{list.Name}' holds a null.");
            }
        };
    }

    /// <summary>The serializer refuses null for members, but not for elements of lists.</summary>
    private static bool IsListOfObjects(Type type) =>
        type.IsGenericType && type.IsAssignableTo(typeof(IEnumerable))
        && type.GetGenericArguments() is [{ IsValueType: false }];

    private static bool HasHalfCharacter(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                return true;
            i++;
        }
        return false;
    }

    private static string Sound(ref Utf8JsonReader reader)
    {
        string? text;
        try
        {
            text = reader.GetString();
        }
        catch (InvalidOperationException)
        {
            throw new JsonException("Must be text, of whole Unicode characters.");
        }
        return Complaint(text) is { } complaint ? throw new JsonException(complaint) : text!;
    }

    private sealed class Text : JsonConverter<string>
    {
        public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            Sound(ref reader);

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value);

        public override string ReadAsPropertyName(
            ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Sound(ref reader);

        public override void WriteAsPropertyName(
            Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WritePropertyName(value);
    }

    /// <summary>A document whose members are checked elsewhere, such as a price plan.</summary>
    private sealed class Document : JsonConverter<JsonElement>
    {
        public override JsonElement Read(
            ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var element = JsonElement.ParseValue(ref reader);
            Check(element);
            return element;
        }

        public override void Write(Utf8JsonWriter writer, JsonElement value, JsonSerializerOptions options) =>
            value.WriteTo(writer);

        private static void Check(JsonElement element)
        {
            switch (element.ValueKind)
            {
                case JsonValueKind.String:
                    Refuse(element.GetString);
                    break;
                case JsonValueKind.Array:
                    foreach (var item in element.EnumerateArray())
                        Check(item);
                    break;
                case JsonValueKind.Object:
                    foreach (var member in element.EnumerateObject())
                    {
                        Refuse(() => member.Name);
                        Check(member.Value);
                    }
                    break;
            }
        }

        private static void Refuse(Func<string?> text)
        {
            try
            {
                if (Complaint(text()) is { } complaint)
                    throw new JsonException(complaint);
            }
            catch (InvalidOperationException)
            {
                throw new JsonException("Text must be of whole Unicode characters.");
            }
        }
    }

    private sealed class Day : JsonConverter<DateOnly>
    {
        public override DateOnly Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && BusinessCalendar.TryParse(Sound(ref reader), out var day)
                ? day
                : throw new JsonException($"Must be {BusinessCalendar.Form}.");

        public override void Write(Utf8JsonWriter writer, DateOnly value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
    }

    private sealed class Number : JsonConverter<decimal>
    {
        public override decimal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Number && reader.TryGetDecimal(out var number)
                && Math.Abs(number) <= Most && number.Scale <= MostDecimals
                ? number
                : throw new JsonException(
                    $"Must be a number up to {Most:0} with at most {MostDecimals} decimals.");

        public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options) =>
            writer.WriteNumberValue(value);
    }

    private sealed class Fen : JsonConverter<long>
    {
        public override long Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var fen)
                && fen is >= -MostFen and <= MostFen
                ? fen
                : throw new JsonException($"Must be whole fen, at most {MostFen} either way.");

        public override void Write(Utf8JsonWriter writer, long value, JsonSerializerOptions options) =>
            writer.WriteNumberValue(value);
    }
}
