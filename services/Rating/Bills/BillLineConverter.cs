using System.Text.Json;
using System.Text.Json.Serialization;
using Billing.Contracts;

namespace Billing.Rating;

/// <summary>
/// The JSON of a line as stored in invoices. Names are short because a million are written a month: <c>id</c>, <c>q</c>
/// quantity, <c>u</c> unit (<see cref="UnitSymbols"/>), <c>p</c> price in yuan, <c>fen</c> amount, and only where they
/// differ from the default: <c>f</c> factor, <c>n</c> times, <c>of</c>, <c>less</c> in fen, <c>v</c> version. Example:
/// <c>{"id":"energy.tier2","q":160,"u":"kWh","p":0.5383,"fen":8613}</c>. Written by hand because it is on the path of
/// every invoice; unknown and missing members are refused.
/// </summary>
public sealed class BillLineConverter : JsonConverter<BillLine>
{
    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, BillLine value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartObject();
        writer.WriteString("id"u8, value.Id);
        writer.WriteNumber("q"u8, Shortest(value.Quantity));
        writer.WriteString("u"u8, value.Unit.Symbol());
        writer.WriteNumber("p"u8, Shortest(value.Price));
        writer.WriteNumber("fen"u8, value.Amount.Fen);
        if (value.Factor != 1m)
            writer.WriteNumber("f"u8, Shortest(value.Factor));
        if (value.Times != 1)
            writer.WriteNumber("n"u8, value.Times);
        if (value.Of != 1)
            writer.WriteNumber("of"u8, value.Of);
        if (!value.Less.IsZero)
            writer.WriteNumber("less"u8, value.Less.Fen);
        if (value.Version != 0)
            writer.WriteNumber("v"u8, value.Version);
        writer.WriteEndObject();
    }

    /// <inheritdoc/>
    public override BillLine Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("A bill line is an object.");
        (string? id, decimal? quantity, Unit? unit, decimal? price, long? fen) = (null, null, null, null, null);
        (decimal factor, int times, int of, long less, int version) = (1m, 1, 1, 0, 0);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            reader.Read();
            switch (name)
            {
                case "id": id = reader.GetString(); break;
                case "q": quantity = reader.GetDecimal(); break;
                case "u": unit = UnitOf(ref reader); break;
                case "p": price = reader.GetDecimal(); break;
                case "fen": fen = reader.GetInt64(); break;
                case "f": factor = reader.GetDecimal(); break;
                case "n": times = reader.GetInt32(); break;
                case "of": of = reader.GetInt32(); break;
                case "less": less = reader.GetInt64(); break;
                case "v": version = reader.GetInt32(); break;
                default: throw new JsonException($"A bill line has no member '{name}'.");
            }
        }
        return id is not null && quantity is { } q && unit is { } u && price is { } p && fen is { } amount && of >= 1
            ? new(id, q, u, p, new Money(amount), factor, times, of, new Money(less)) { Version = version }
            : throw new JsonException("A bill line needs id, q, u, p and fen, and of at least 1.");
    }

    private static Unit UnitOf(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("kWh"u8) ? Unit.Kwh
        : reader.ValueTextEquals("m2"u8) ? Unit.M2
        : UnitSymbols.Parse(reader.GetString()) ?? throw new JsonException($"'{reader.GetString()}' is not a unit.");

    /// <summary>
    /// Removes trailing zeros: dividing by one written with many zeros makes a decimal choose its shortest form.
    /// </summary>
    private static decimal Shortest(decimal number) =>
        number.Scale == 0 ? number : number / 1.0000000000000000000000000000m;
}
