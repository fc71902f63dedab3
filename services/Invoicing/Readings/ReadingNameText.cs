using System.Text.Json;
using System.Text.Json.Serialization;
using Billing.Contracts;

namespace Billing.Invoicing;

/// <summary>
/// The identity of a reading as a JSON property name in snapshots: the day, which has ten characters, followed by the
/// meter number.
/// </summary>
internal sealed class ReadingNameText : JsonConverter<ReadingName>
{
    private const int Day = 10;

    public override ReadingName Read(
        ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetString() is { Length: > Day } text && DateOnly.TryParseExact(text[..Day], "O", out var day)
            ? new(MeterNo.Wrap(text[(Day + 1)..]), day)
            : throw new JsonException("A reading is named by its day and its meter.");

    public override void Write(Utf8JsonWriter writer, ReadingName value, JsonSerializerOptions options) =>
        writer.WriteStringValue(Text(value));

    public override ReadingName ReadAsPropertyName(
        ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Read(ref reader, typeToConvert, options);

    public override void WriteAsPropertyName(
        Utf8JsonWriter writer, ReadingName value, JsonSerializerOptions options) =>
        writer.WritePropertyName(Text(value));

    private static string Text(ReadingName value) => $"{value.ReadOn:O} {value.Meter}";
}
