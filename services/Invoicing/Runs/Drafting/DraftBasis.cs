using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Billing.Contracts;
using Billing.Platform;
using Billing.Rating;

namespace Billing.Invoicing;

/// <summary>
/// The facts a draft was rated from, as one short hash for each kind of fact. Equal hashes mean that drafting now would
/// make the same invoice. Facts that no bill rests on, such as the name of a customer, are in none of them; all
/// serialized members of <see cref="BillingBasis"/> are in the first. Of the meters the readings are included, and
/// whether all were read.
/// </summary>
internal static class DraftBasis
{
    private const int BytesPerPart = 8;
    private static readonly string[] Parts =
        ["the supply", "the meters or their readings", "what came earlier in the year"];
    private static readonly JsonSerializerOptions Plain = new(Wire.Stored) { Converters = { new PlainDecimal() } };

    /// <summary>The hashes: supply, readings, and the year before where the plan needs it.</summary>
    /// <param name="basis">The basis of the account.</param>
    /// <param name="plan">The pinned versions of its plan, or null when there are none.</param>
    /// <param name="period">The billing period.</param>
    /// <param name="last">The last reading of a meter that the period's own readings do not settle, or null.</param>
    public static byte[] Of(
        BillingBasis basis, PlanSchedule? plan, BillingPeriod period, Func<MeterNo, LastReading?> last)
    {
        var hashes = new byte[Parts.Length * BytesPerPart];
        Hash(0, basis);
        Hash(1, new
        {
            Closings = basis.Readings.FindAll(reading => reading.From is not null),
            Missing = basis.Meters.Count == 0 ? null : MetersRead.Missing(basis, period, last)?.Code,
            Twice = MetersRead.Twice(basis)?.Code,
        });
        if (plan is { NeedsYearToDate: true })
            Hash(2, new { basis.YearToDateKwh, basis.YearToDateCharges });
        return hashes;

        void Hash<T>(int part, T facts) => SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(facts, Plain))
            .AsSpan(0, BytesPerPart).CopyTo(hashes.AsSpan(part * BytesPerPart));
    }

    /// <summary>The kinds of fact that differ between a draft and now, in words; empty when none do.</summary>
    public static string Changed(byte[] drafted, byte[] now) => string.Join(" and ", Parts.Where((_, part) =>
        !drafted.AsSpan(part * BytesPerPart, BytesPerPart)
            .SequenceEqual(now.AsSpan(part * BytesPerPart, BytesPerPart))));

    /// <summary>Writes numbers without trailing zeros, because 98.50 m² equals 98.5 m².</summary>
    private sealed class PlainDecimal : JsonConverter<decimal>
    {
        public override decimal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.GetDecimal();

        public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options) =>
            writer.WriteRawValue(value.ToString("G29", CultureInfo.InvariantCulture));
    }
}
