using System.Text.Json;
using System.Text.Json.Serialization;

namespace Billing.Platform;

/// <summary>
/// A personal text as ciphertext under the key of one customer (docs/adr/0039). The same text of the same member of the
/// same customer is always the same ciphertext, so two of them are equal exactly when their clear texts are, and states
/// are folded and compared without any key.
/// </summary>
/// <param name="Text">The ciphertext, base64: a version byte, the nonce, the encrypted text and its tag.</param>
[JsonConverter(typeof(SealedJson))]
public readonly record struct Sealed(string Text)
{
    /// <summary>Never the ciphertext: it would only fill a log.</summary>
    public override string ToString() => "(sealed)";
}

internal sealed class SealedJson : JsonConverter<Sealed>
{
    public override Sealed Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new(reader.GetString() ?? throw new JsonException("A sealed text is not null."));

    public override void Write(Utf8JsonWriter writer, Sealed value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Text);
}
